import { ActionIcon, Badge, Group, Select, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'

export interface Label {
  id: string
  name: string
}

/** Things that something belongs to, each with a button that ends it, and a picker for more. */
export function Labels({
  labels,
  none,
  wrap = (_, badge) => badge,
  remove,
  picker,
  more,
  add,
  busy,
  readOnly,
}: {
  labels: Label[]
  /** What is said where there are none. */
  none: string
  /** Puts a badge into a link. */
  wrap?: (label: Label, badge: ReactNode) => ReactNode
  /** What the button of one is called, and what it does. */
  remove: { name: (label: Label) => string; run: (label: Label) => void }
  /** What the picker is called. */
  picker: string
  more: Label[]
  add: (label: Label) => void
  busy: boolean
  readOnly: boolean
}) {
  const [search, setSearch] = useState('')
  return (
    <Stack gap="sm">
      {labels.length === 0 ? (
        <Text c="dimmed">{none}</Text>
      ) : (
        <Group gap="xs">
          {labels.map((label) => (
            <Group key={label.id} gap={2} wrap="nowrap" maw="100%">
              {wrap(
                label,
                <Badge color="kith" size="lg" maw="100%" style={{ cursor: 'inherit' }} title={label.name}>
                  {label.name}
                </Badge>,
              )}
              {!readOnly && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={remove.name(label)}
                  disabled={busy}
                  onClick={() => remove.run(label)}
                >
                  <IconX size={14} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          ))}
        </Group>
      )}
      {!readOnly && more.length > 0 && (
        <Select
          aria-label={picker}
          placeholder={picker}
          searchable
          value={null}
          searchValue={search}
          onSearchChange={setSearch}
          nothingFoundMessage="Nothing is called so"
          data={more.map((l) => ({ value: l.id, label: l.name }))}
          disabled={busy}
          onChange={(id) => {
            const chosen = more.find((l) => l.id === id)
            setSearch('')
            if (chosen) add(chosen)
          }}
        />
      )}
    </Stack>
  )
}
