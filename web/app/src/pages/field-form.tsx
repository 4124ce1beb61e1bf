import { ActionIcon, Button, Group, Input, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import type { CustomField, SlottedField } from '../api/types'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'

const types = [
  { value: 'string', label: 'Short text' },
  { value: 'text_area', label: 'Long text' },
  { value: 'number', label: 'Number' },
  { value: 'currency', label: 'Amount of money' },
  { value: 'date', label: 'Date' },
  { value: 'datetime', label: 'Date and time' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'single_select', label: 'One choice of several' },
  { value: 'multi_select', label: 'Several choices' },
]

export function typeOf(field: CustomField): string {
  return types.find((t) => t.value === field.type)?.label ?? field.type
}

/** How choices are shown: boxes to tick have room for twenty. */
function displayOf(type: string, choices: number): string {
  return type === 'multi_select' && choices <= 20 ? 'checkbox' : 'dropdown'
}

interface Values extends Record<string, unknown> {
  label: string
  type: string
  choices: { id?: number; label: string }[]
  slot: string
}

const noPlace = 'none'

/** The fifteen places, and who has them. */
function placesFor(field: CustomField, places: SlottedField[]) {
  const free = Array.from({ length: 15 }, (_, i) => {
    const holder = places.find((f) => f.slot === i + 1 && f.custom_field_id !== field.custom_field_id)
    return { value: String(i + 1), label: holder ? `${i + 1}: ${holder.label}` : String(i + 1), disabled: !!holder }
  })
  return [{ value: noPlace, label: 'None', disabled: false }, ...free]
}

/** Makes a custom field, or changes one; its type is chosen once. */
export function FieldForm({
  field,
  places,
  onClose,
}: {
  field: CustomField | 'new'
  /** The places in v1 and v2, where they are known. */
  places?: SlottedField[] | undefined
  onClose: () => void
}) {
  const queries = useQueryClient()
  const made = field === 'new'
  const had = made ? undefined : places?.find((f) => f.custom_field_id === field.custom_field_id)?.slot
  const form = useForm<Values>({
    initialValues: made
      ? { label: '', type: 'string', choices: [{ label: '' }, { label: '' }], slot: noPlace }
      : {
          label: field.label,
          type: field.type,
          choices: (field.choices ?? []).map((c) => ({ id: c.choice_id, label: c.choice_label })),
          slot: had === undefined ? noPlace : String(had),
        },
  })
  const { type, choices } = form.values
  const picks = type === 'single_select' || type === 'multi_select'
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      const body = {
        label: values.label,
        choices: picks
          ? values.choices.map((c, i) => ({ choice_id: c.id, choice_label: c.label, display_order: i + 1 }))
          : undefined,
      }
      if (made) {
        await api.post('/v3/contact_custom_fields', {
          ...body,
          type,
          version: type === 'date' ? 2 : undefined,
          metadata: picks ? { display_type: displayOf(type, values.choices.length) } : undefined,
        })
      } else {
        await api.put(`/v3/contact_custom_fields/${field.custom_field_id}`, body)
        const slot = values.slot === noPlace ? undefined : Number(values.slot)
        if (slot !== had) {
          await api.put(`/kith/v1/fields/${field.custom_field_id}/slot`, { slot: slot ?? null })
        }
      }
      onClose()
      notifications.show({ message: made ? 'The field is made.' : 'The field is saved.', color: 'green' })
      await queries.invalidateQueries()
    },
    {
      code: {
        'field.label.taken': (failure) => ({ label: failure.message }),
        'field.slot.taken': (failure) => ({ slot: failure.message }),
      },
      element: (path) => {
        const at = /^choices\[(\d+)\]/.exec(path)?.[1]
        return at === undefined ? undefined : `choices.${at}.label`
      },
    },
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Label" autoComplete="off" data-autofocus {...form.getInputProps('label')} />
        {made ? (
          <Select
            label="Type"
            description="It cannot be changed later."
            allowDeselect={false}
            data={types}
            {...form.getInputProps('type')}
          />
        ) : (
          <TextInput label="Type" readOnly variant="filled" value={typeOf(field)} />
        )}
        {!made && type === 'string' && places && (
          <Select
            label="Place in v1 and v2"
            description="Their clients know fifteen fields by number. Another number is another field to them."
            allowDeselect={false}
            data={placesFor(field, places)}
            {...form.getInputProps('slot')}
          />
        )}
        {picks && (
          <Input.Wrapper label="Choices" labelElement="div" error={form.errors.choices}>
            <Stack gap="xs" mt={4}>
              {choices.map((choice, i) => (
                // A choice that is kept has an id; those that are new have no name but their place.
                <Group key={choice.id ?? `new ${i}`} gap="xs" wrap="nowrap" align="flex-start">
                  <TextInput
                    aria-label={`Choice ${i + 1}`}
                    autoComplete="off"
                    style={{ flex: 1 }}
                    {...form.getInputProps(`choices.${i}.label`)}
                  />
                  <ActionIcon
                    variant="default"
                    size="input-sm"
                    aria-label={`Move choice ${i + 1} up`}
                    disabled={i === 0}
                    onClick={() => form.reorderListItem('choices', { from: i, to: i - 1 })}
                  >
                    <IconArrowUp size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    size="input-sm"
                    aria-label={`Remove choice ${i + 1}`}
                    onClick={() => form.removeListItem('choices', i)}
                  >
                    <IconX size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              ))}
              <Group>
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconPlus size={14} aria-hidden />}
                  onClick={() => form.insertListItem('choices', { label: '' })}
                >
                  Add a choice
                </Button>
              </Group>
            </Stack>
          </Input.Wrapper>
        )}
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
