import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Section } from '../parts/section'
import type { FormValues, ListRow } from '../parts/sign-up-form'
import { listsQuery } from './contacts'

const ways = [
  { value: 'set', label: 'Everybody joins' },
  { value: 'offered', label: 'A box to tick' },
  { value: 'ticked', label: 'A box, ticked' },
]

/** The lists of a form, and whether people may choose. Every list of the account can be found. */
export function FormLists({ form, readOnly }: { form: UseFormReturnType<FormValues>; readOnly: boolean }) {
  const known = useQuery(listsQuery)
  const [search, setSearch] = useState('')
  const chosen = form.values.lists
  const set = (lists: ListRow[]) => form.setFieldValue('lists', lists)
  const more = (known.data?.lists ?? []).filter((l) => !chosen.some((c) => c.id === l.list_id))
  return (
    <Section title="Lists" lead="Whom a sign-up puts where. Lists behind a box are the reader’s to choose.">
      <Stack gap="sm">
        {chosen.map((list) => (
          <Group key={list.id} gap="xs" wrap="nowrap">
            <Text flex={1} miw={0} className="break">
              {list.name}
            </Text>
            <Select
              aria-label={`How ${list.name} is joined`}
              w="11rem"
              allowDeselect={false}
              data={ways}
              value={list.how}
              onChange={(how) => set(chosen.map((l) => (l.id === list.id ? { ...l, how: how as ListRow['how'] } : l)))}
            />
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Leave out ${list.name}`}
                onClick={() => set(chosen.filter((l) => l.id !== list.id))}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!readOnly && (
          <Select
            aria-label="Add a list"
            placeholder="Add a list"
            searchable
            value={null}
            searchValue={search}
            onSearchChange={setSearch}
            nothingFoundMessage="No other list is called so"
            data={more.map((l) => ({ value: l.list_id, label: l.name }))}
            error={form.errors.lists}
            onChange={(id) => {
              const found = more.find((l) => l.list_id === id)
              setSearch('')
              if (found) set([...chosen, { id: found.list_id, name: found.name, how: 'set' }])
            }}
          />
        )}
      </Stack>
    </Section>
  )
}
