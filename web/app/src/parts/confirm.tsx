import { Button, Group, Stack, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'

import { Dialog } from './dialog'
import { Failed } from './states'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  children: ReactNode
  confirm: string
  run: () => Promise<unknown>
}

/** Asks before something that cannot be taken back, and shows why it failed. */
export function Confirm({ opened, onClose, title, ...asked }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Question onClose={onClose} {...asked} />
    </Dialog>
  )
}

function Question({ onClose, children, confirm, run }: Omit<Props, 'opened' | 'title'>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  return (
    <Stack>
      <Text component="div" className="break">
        {children}
      </Text>
      {error !== undefined && <Failed error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red"
          loading={busy}
          onClick={async () => {
            setBusy(true)
            setError(undefined)
            try {
              await run()
              onClose()
            } catch (failure) {
              setError(failure)
            } finally {
              setBusy(false)
            }
          }}
        >
          {confirm}
        </Button>
      </Group>
    </Stack>
  )
}
