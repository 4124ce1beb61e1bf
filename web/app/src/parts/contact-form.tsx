import { Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { byField } from '../api/problem'
import type { Contact } from '../api/types'
import { listsQuery } from '../pages/contacts'
import { Failed } from './states'

interface Values {
  address: string
  permission: string
  first_name: string
  last_name: string
  job_title: string
  company_name: string
  lists: string[]
}

function valuesOf(contact?: Contact): Values {
  return {
    address: contact?.email_address?.address ?? '',
    permission: contact?.email_address?.permission_to_send ?? 'implicit',
    first_name: contact?.first_name ?? '',
    last_name: contact?.last_name ?? '',
    job_title: contact?.job_title ?? '',
    company_name: contact?.company_name ?? '',
    lists: contact?.list_memberships ?? [],
  }
}

const fieldOf: Record<string, keyof Values> = {
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
    <Modal opened={opened} onClose={onClose} title={contact ? 'Change contact' : 'New contact'} size="lg">
      {opened && <ContactFields onClose={onClose} contact={contact} />}
    </Modal>
  )
}

function ContactFields({ onClose, contact }: Omit<Props, 'opened'>) {
  const queries = useQueryClient()
  const lists = useQuery(listsQuery)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const form = useForm<Values>({ initialValues: valuesOf(contact) })

  const save = async (v: Values) => {
    setBusy(true)
    setError(undefined)
    try {
      const shared = {
        first_name: v.first_name || undefined,
        last_name: v.last_name || undefined,
        job_title: v.job_title || undefined,
        company_name: v.company_name || undefined,
        list_memberships: v.lists,
      }
      if (contact) {
        // A PUT clears the plain fields it does not name: send those the form does not show as they were.
        await api.put(`/v3/contacts/${contact.contact_id}`, {
          ...shared,
          email_address: v.address ? { address: v.address, permission_to_send: v.permission } : undefined,
          birthday_month: contact.birthday_month,
          birthday_day: contact.birthday_day,
          anniversary: contact.anniversary,
          update_source: 'Account',
        })
      } else {
        await api.post('/v3/contacts', {
          ...shared,
          email_address: v.address ? { address: v.address, permission_to_send: v.permission } : undefined,
          create_source: 'Account',
        })
      }
      await queries.invalidateQueries()
      notifications.show({ message: contact ? 'The contact is saved.' : 'The contact is added.', color: 'teal' })
      onClose()
    } catch (failure) {
      setError(failure)
      const problems = Object.entries(byField(failure)).map(([path, message]) => [
        fieldOf[path.replace(/\[\d+\]$/, '')] ?? path,
        message,
      ])
      form.setErrors(Object.fromEntries(problems))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Email" type="email" autoComplete="off" data-autofocus {...form.getInputProps('address')} />
        <Group grow align="flex-start">
          <TextInput label="First name" {...form.getInputProps('first_name')} />
          <TextInput label="Last name" {...form.getInputProps('last_name')} />
        </Group>
        <Group grow align="flex-start">
          <TextInput label="Job title" {...form.getInputProps('job_title')} />
          <TextInput label="Company" {...form.getInputProps('company_name')} />
        </Group>
        <Select
          label="Permission"
          description="Explicit: they said so and you have a record of it. Implied: you have a relationship with them."
          allowDeselect={false}
          data={[
            { value: 'implicit', label: 'Implied' },
            { value: 'explicit', label: 'Explicit' },
            { value: 'unsubscribed', label: 'Unsubscribed' },
            ...(contact && !['implicit', 'explicit', 'unsubscribed'].includes(form.values.permission)
              ? [{ value: form.values.permission, label: form.values.permission.replaceAll('_', ' ') }]
              : []),
          ]}
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
