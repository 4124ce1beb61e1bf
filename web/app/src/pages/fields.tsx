import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconForms, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { fieldsQuery, slotsQuery } from '../api/known'
import { useMay } from '../api/me'
import type { CustomField } from '../api/types'
import { Actions } from '../parts/actions'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { Id } from '../parts/id'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Empty, Failed, Waiting } from '../parts/states'
import { FieldForm, typeOf } from './field-form'

/** The custom fields of the account. */
export function FieldsPage() {
  const mayWrite = useMay('contacts:write')
  const queries = useQueryClient()
  const [edited, setEdited] = useState<CustomField | 'new'>()
  const [deleted, setDeleted] = useState<CustomField>()
  const all = useQuery(fieldsQuery)
  const places = useQuery(slotsQuery)
  const slotOf = (field: CustomField) =>
    places.data?.fields.find((f) => f.custom_field_id === field.custom_field_id)?.slot
  const rows = [...(all.data?.custom_fields ?? [])].sort((a, b) => a.label.localeCompare(b.label))

  return (
    <Page
      title="Custom fields"
      description="What you want to know of contacts beyond name, address and dates. The heading is the column's name in files; v1 and v2 know fifteen fields of text by their places."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New custom field
          </Button>
        )
      }
    >
      {all.isPending ? (
        <Waiting label="Loading custom fields" />
      ) : !all.data ? (
        <Failed error={all.error} retry={() => void all.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<IconForms aria-hidden />} title="No custom fields yet">
          A shoe size, a membership number, the date of the last visit: whatever a contact may have.
        </Empty>
      ) : (
        <Rows
          label="Custom fields"
          rows={rows}
          keyOf={(field) => field.custom_field_id}
          columns={[
            { head: 'Label', as: 'title', cell: (field) => <Label field={field} /> },
            { head: 'Type', width: '9rem', cell: (field) => typeOf(field) },
            { head: 'v1, v2', width: '5rem', cell: (field) => slotOf(field) ?? '' },
            { head: 'Heading', width: '13rem', cell: (field) => <code className="break">cf:{field.name}</code> },
            { head: 'Field ID', width: '21rem', cell: (f) => <Id value={f.custom_field_id} label="field ID" /> },
            ...(mayWrite
              ? [
                  {
                    head: 'Actions',
                    as: 'actions' as const,
                    width: '4rem',
                    cell: (field: CustomField) => (
                      <Actions
                        label={`Actions for ${field.label}`}
                        actions={[
                          { label: 'Change', icon: <IconPencil size={16} aria-hidden />, run: () => setEdited(field) },
                          {
                            label: 'Delete',
                            icon: <IconTrash size={16} aria-hidden />,
                            danger: true,
                            run: () => setDeleted(field),
                          },
                        ]}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      <Dialog
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === 'new' ? 'New custom field' : 'Change custom field'}
      >
        {edited && <FieldForm field={edited} places={places.data?.fields} onClose={() => setEdited(undefined)} />}
      </Dialog>
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title="Delete this custom field?"
        confirm="Delete custom field"
        run={async () => {
          await api.delete(`/v3/contact_custom_fields/${deleted?.custom_field_id}`)
          notifications.show({ message: 'The custom field is deleted.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        <b>{deleted?.label}</b>: whatever contacts have in it is lost for good.
      </Confirm>
    </Page>
  )
}

function Label({ field }: { field: CustomField }) {
  return (
    <>
      <span className="break">{field.label}</span>
      {field.choices && (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {field.choices.map((c) => c.choice_label).join(' · ')}
        </Text>
      )}
    </>
  )
}
