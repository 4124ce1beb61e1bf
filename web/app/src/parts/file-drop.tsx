import { Text } from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { useId, useState, type DragEvent } from 'react'

import classes from './file-drop.module.css'
import { sizeOf } from './size'

/** A file to choose, or to drop here. It is the browser's own input, so every way to use that one works. */
export function FileDrop({
  label,
  accept,
  hint,
  file,
  onChange,
}: {
  label: string
  accept: string
  /** What can be chosen. */
  hint: string
  file: File | undefined
  onChange: (file: File | undefined) => void
}) {
  const id = useId()
  const [over, setOver] = useState(false)
  const drag = (event: DragEvent) => {
    event.preventDefault()
    setOver(event.type === 'dragenter' || event.type === 'dragover')
  }
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={(event) => {
        drag(event)
        const dropped = event.dataTransfer.files[0]
        if (dropped) onChange(dropped)
      }}
    >
      <IconFileTypeCsv className={classes.icon} size={28} stroke={1.5} color="var(--accent)" aria-hidden />
      <div className={classes.body}>
        <label htmlFor={id}>{label}</label>
        <Text size="sm" c="dimmed" id={`${id}-hint`}>
          {hint}
        </Text>
        <Text size="sm" id={`${id}-file`} mt={6} c={file ? undefined : 'dimmed'} className="break">
          {file ? `${file.name}, ${sizeOf(file.size)}` : 'Choose one, or drop it here.'}
        </Text>
        <input
          id={id}
          type="file"
          accept={accept}
          aria-describedby={`${id}-file ${id}-hint`}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0]
            if (chosen) onChange(chosen)
          }}
          // The same file, mended, may be chosen again.
          onClick={(event) => (event.currentTarget.value = '')}
        />
      </div>
    </div>
  )
}
