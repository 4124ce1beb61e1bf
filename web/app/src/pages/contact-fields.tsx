import { Button, DataList, Group, MultiSelect, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { fieldsQuery } from '../api/known'
import type { Contact, CustomField, FieldValue } from '../api/types'
import { Dialog } from '../parts/dialog'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'

/** The values of custom fields, in an account that has any. */
export function ContactFields({ contact: c, readOnly }: { contact: Contact; readOnly: boolean }) {
  const known = useQuery(fieldsQuery)
  const [changing, setChanging] = useState(false)
  const fields = known.data?.custom_fields ?? []
  if (fields.length === 0) return null
  const values = c.custom_fields ?? []
  const rows = fields.flatMap((f) => {
    const value = values.find((v) => v.custom_field_id === f.custom_field_id)
    return value ? [{ id: f.custom_field_id, label: f.label, text: shown(f, value) }] : []
  })
  return (
    <Section title="Custom fields">
      <Stack>
        {rows.length === 0 ? (
          <Text c="dimmed">No values.</Text>
        ) : (
          <DataList size="md" gap="xs" labelWidth="8rem">
            {rows.map(({ id, label, text }) => (
              <DataList.Item key={id}>
                <DataList.ItemLabel className="break" style={{ flex: 'none', width: '8rem' }}>
                  {label}
                </DataList.ItemLabel>
                <DataList.ItemValue className="break" style={{ whiteSpace: 'pre-wrap' }}>
                  {text}
                </DataList.ItemValue>
              </DataList.Item>
            ))}
          </DataList>
        )}
        {!readOnly && (
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setChanging(true)}>
              Change custom fields
            </Button>
          </Group>
        )}
      </Stack>
      <Dialog opened={changing} onClose={() => setChanging(false)} title="Custom fields" size="lg">
        <Form contact={c} fields={fields} onClose={() => setChanging(false)} />
      </Dialog>
    </Section>
  )
}

/** A field's value as it is edited: the ids of what is picked, a text, or null where nothing is picked. */
type Edited = string | string[] | null

function Form({ contact: c, fields, onClose }: { contact: Contact; fields: CustomField[]; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm<Record<string, Edited>>({
    initialValues: Object.fromEntries(fields.map((f) => [f.custom_field_id, edited(f, c.custom_fields ?? [])])),
  })
  const written = (values: Record<string, Edited>) =>
    fields.map((f) => asSent(f, values[f.custom_field_id])).filter((v) => v !== undefined)
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      await api.patch(`/v3/contacts/${c.contact_id}`, { custom_fields: written(values) })
      onClose()
      notifications.show({ message: 'The custom fields are saved.', color: 'green' })
      await queries.invalidateQueries()
    },
    // A fault names its field by its place among those that were sent.
    {
      element: (path, values) =>
        written(values)[Number(/^custom_fields\[(\d+)\]/.exec(path)?.[1] ?? -1)]?.custom_field_id,
    },
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        {fields.map((f) => (
          <Input key={f.custom_field_id} field={f} {...form.getInputProps(f.custom_field_id)} />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Input({ field: f, ...props }: { field: CustomField; value?: never; onChange?: never }) {
  const choices = (f.choices ?? []).map((c) => ({ value: String(c.choice_id), label: c.choice_label }))
  switch (f.type) {
    case 'text_area':
      return <Textarea label={f.label} autosize minRows={3} {...props} />
    case 'single_select':
      return <Select label={f.label} clearable data={choices} {...props} />
    case 'multi_select':
      return <MultiSelect label={f.label} searchable clearable data={choices} {...props} />
    case 'boolean':
      return <Select label={f.label} clearable data={truths} {...props} />
    case 'date':
      return <TextInput label={f.label} placeholder="YYYY-MM-DD" {...props} />
    case 'number':
    case 'currency':
      return <TextInput label={f.label} inputMode="decimal" {...props} />
  }
  return <TextInput label={f.label} {...props} />
}

const truths = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]

function edited(f: CustomField, values: FieldValue[]): Edited {
  const value = values.find((v) => v.custom_field_id === f.custom_field_id)
  if (f.type === 'multi_select') return (value?.choice_ids ?? []).map(String)
  if (f.type === 'single_select') return value?.choice_ids?.[0] ?? null
  return value?.value ?? (f.type === 'boolean' ? null : '')
}

/** The value as it is sent; undefined for none. */
function asSent(f: CustomField, value: Edited | undefined) {
  if (!value?.length) return undefined
  const custom_field_id = f.custom_field_id
  if (Array.isArray(value)) return { custom_field_id, choice_ids: value }
  return f.type === 'single_select' ? { custom_field_id, choice_ids: [value] } : { custom_field_id, value }
}

function shown(f: CustomField, value: FieldValue): string {
  if (value.choice_ids) {
    return value.choice_ids
      .map((id) => f.choices?.find((c) => String(c.choice_id) === String(id))?.choice_label ?? String(id))
      .join(', ')
  }
  return f.type === 'boolean' ? (truths.find((t) => t.value === value.value)?.label ?? '') : (value.value ?? '')
}
