import { ActionIcon, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconArrowUp, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { fieldsQuery } from '../api/known'
import { Section } from '../parts/section'
import { asks, newRow, raised, unasked, type FieldRow, type FormValues } from '../parts/sign-up-form'

/** What a form asks for, in its order. */
export function FormQuestions({ form, readOnly }: { form: UseFormReturnType<FormValues>; readOnly: boolean }) {
  const known = useQuery(fieldsQuery)
  const [search, setSearch] = useState('')
  const custom = known.data?.custom_fields ?? []
  const rows = form.values.fields
  const set = (fields: FieldRow[]) => form.setFieldValue('fields', fields)
  const change = (row: FieldRow, to: Partial<FieldRow>) =>
    set(rows.map((r) => (r.key === row.key ? { ...r, ...to } : r)))
  return (
    <Section title="Fields" lead="What the form asks for, from top to bottom. The address is always asked for.">
      <Stack gap="sm">
        {rows.map((row, at) => {
          const name = asks(row, custom)
          return (
            <Group key={row.key} gap="xs" align="flex-end" role="group" aria-label={name}>
              <TextInput
                label={name}
                placeholder={row.kind === 'custom_field' ? name : 'The usual word'}
                autoComplete="off"
                flex="1 1 12rem"
                value={row.label}
                onChange={(event) => change(row, { label: event.currentTarget.value })}
              />
              <Group gap="xs" wrap="nowrap" pb={8}>
                <Checkbox
                  label="Required"
                  aria-label={`${name} is required`}
                  checked={row.required}
                  disabled={row.kind === 'email_address'}
                  onChange={(event) => change(row, { required: event.currentTarget.checked })}
                />
                {!readOnly && (
                  <>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Move ${name} up`}
                      disabled={at === 0}
                      onClick={() => set(raised(rows, at))}
                    >
                      <IconArrowUp size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Leave out ${name}`}
                      disabled={row.kind === 'email_address'}
                      onClick={() => set(rows.filter((r) => r.key !== row.key))}
                    >
                      <IconX size={16} aria-hidden />
                    </ActionIcon>
                  </>
                )}
              </Group>
            </Group>
          )
        })}
        {form.errors.fields && (
          <Text size="sm" c="red" role="alert">
            {form.errors.fields}
          </Text>
        )}
        {!readOnly && (
          <Select
            aria-label="Add a field"
            placeholder="Add a field"
            searchable
            value={null}
            searchValue={search}
            onSearchChange={setSearch}
            nothingFoundMessage="Nothing is called so"
            data={unasked(rows, custom)}
            onChange={(picked) => {
              setSearch('')
              if (picked) set([...rows, newRow(picked)])
            }}
          />
        )}
      </Stack>
    </Section>
  )
}
