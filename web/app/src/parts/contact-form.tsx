import { Button, Group, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import type { Contact } from '../api/types'
import { listsQuery } from '../pages/contacts'
import { Dialog } from './dialog'
import { TextLink } from './link'
import { useSending } from './sending'
import { Failed } from './states'

type Values = {
  address: string
  permission: string
  first_name: string
  last_name: string
  job_title: string
  company_name: string
  lists: string[]
}

const fieldOf: Record<string, string> = {
  email_address: 'address',
  'email_address.address': 'address',
  'email_address.permission_to_send': 'permission',
  list_memberships: 'lists',
}

interface Props {
  opened: boolean
  onClose: () => void
  contact?: Contact | undefined
}

/** Adds a contact, or changes one that is given. */
export function ContactForm({ opened, onClose, contact }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={contact ? 'Change contact' : 'New contact'} size="lg">
      <Fields onClose={onClose} contact={contact} />
    </Dialog>
  )
}

function Fields({ onClose, contact }: Omit<Props, 'opened'>) {
  const queries = useQueryClient()
  const lists = useQuery(listsQuery)
  const form = useForm<Values>({
    initialValues: {
      address: contact?.email_address?.address ?? '',
      permission: contact?.email_address?.permission_to_send ?? 'implicit',
      first_name: contact?.first_name ?? '',
      last_name: contact?.last_name ?? '',
      job_title: contact?.job_title ?? '',
      company_name: contact?.company_name ?? '',
      lists: contact?.list_memberships ?? [],
    },
  })
  const { busy, error, submit } = useSending(
    form,
    async (v) => {
      await save(v, contact)
      onClose()
      notifications.show({ message: contact ? 'The contact is saved.' : 'The contact is added.', color: 'green' })
      await queries.invalidateQueries()
    },
    {
      field: (path) => fieldOf[path] ?? path,
      code: { 'contact.address.taken': (failure) => ({ address: <Taken by={failure.detail.contact_id} /> }) },
    },
  )

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Email" type="email" autoComplete="off" data-autofocus {...form.getInputProps('address')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="First name" autoComplete="off" {...form.getInputProps('first_name')} />
          <TextInput label="Last name" autoComplete="off" {...form.getInputProps('last_name')} />
          <TextInput label="Job title" autoComplete="off" {...form.getInputProps('job_title')} />
          <TextInput label="Company" autoComplete="off" {...form.getInputProps('company_name')} />
        </SimpleGrid>
        <Select
          label="Permission"
          description="Explicit: they said so and you have a record of it. Implied: you have a relationship with them."
          allowDeselect={false}
          data={permissions(form.values.permission)}
          {...form.getInputProps('permission')}
        />
        <MultiSelect
          label="Lists"
          searchable
          clearable
          nothingFoundMessage="No such list"
          data={lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
          {...form.getInputProps('lists')}
        />
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

/** Says whose the address is already. */
function Taken({ by }: { by: unknown }) {
  return (
    <>
      A contact has this address already.{' '}
      {typeof by === 'string' && (
        <TextLink to="/contacts/$id" params={{ id: by }} inherit c="inherit" underline="always">
          Open it
        </TextLink>
      )}
    </>
  )
}

async function save(v: Values, contact?: Contact) {
  const shown = {
    email_address: v.address ? { address: v.address, permission_to_send: v.permission } : undefined,
    first_name: v.first_name || undefined,
    last_name: v.last_name || undefined,
    job_title: v.job_title || undefined,
    company_name: v.company_name || undefined,
    list_memberships: v.lists,
  }
  if (!contact) return api.post('/v3/contacts', { ...shown, create_source: 'Account' })
  // A PUT clears the plain fields that it does not name: those that the form does not show go along as they are.
  return api.put(`/v3/contacts/${contact.contact_id}`, {
    ...shown,
    birthday_month: contact.birthday_month,
    birthday_day: contact.birthday_day,
    anniversary: contact.anniversary,
    update_source: 'Account',
  })
}

/** The permissions that can be chosen, and the present one where it is another. */
function permissions(present: string) {
  const choice = [
    { value: 'implicit', label: 'Implied' },
    { value: 'explicit', label: 'Explicit' },
    { value: 'unsubscribed', label: 'Unsubscribed' },
  ]
  if (choice.every((c) => c.value !== present)) choice.push({ value: present, label: present.replaceAll('_', ' ') })
  return choice
}
