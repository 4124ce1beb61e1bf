import { Accordion, Button, Group, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm, type UseFormReturnType } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import type { Contact } from '../api/types'
import { listsQuery } from '../pages/contacts'
import { addressKinds, addressParts, change, months, phoneKinds, placeOf, read, type Details } from './contact-details'
import { Dialog } from './dialog'
import { TextLink } from './link'
import { useSending } from './sending'
import { Failed } from './states'

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
  const before = read(contact)
  const form = useForm<Details>({ initialValues: before })
  const { busy, error, submit } = useSending(
    form,
    async (now) => {
      const body = change(before, now)
      if (contact) await api.patch(`/v3/contacts/${contact.contact_id}`, { ...body, update_source: 'Account' })
      else await api.post('/v3/contacts', { ...body, create_source: 'Account' })
      onClose()
      notifications.show({ message: contact ? 'The contact is saved.' : 'The contact is added.', color: 'green' })
      await queries.invalidateQueries()
    },
    {
      element: (path, now) => placeOf(path, change(before, now)),
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
          data={permissions(before.permission)}
          {...form.getInputProps('permission')}
        />
        {form.values.permission === 'unsubscribed' && before.permission !== 'unsubscribed' && (
          <TextInput label="Reason" autoComplete="off" {...form.getInputProps('reason')} />
        )}
        {!contact && (
          <MultiSelect
            label="Lists"
            searchable
            clearable
            nothingFoundMessage="No such list"
            data={lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
            {...form.getInputProps('lists')}
          />
        )}
        <More form={form} before={before} />
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

/** What is known of few contacts: folded up where there is nothing of it. */
function More({ form, before }: { form: UseFormReturnType<Details>; before: Details }) {
  const groups = [
    {
      id: 'dates',
      name: 'Dates',
      fields: ['birthday_month', 'birthday_day', 'anniversary'],
      inputs: (
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <Select
            label="Month of birth"
            clearable
            data={months()}
            {...form.getInputProps('birthday_month')}
            value={String(form.values.birthday_month ?? '') || null}
          />
          <TextInput label="Day of birth" inputMode="numeric" {...form.getInputProps('birthday_day')} />
          <TextInput label="Anniversary" placeholder="YYYY-MM-DD" {...form.getInputProps('anniversary')} />
        </SimpleGrid>
      ),
    },
    {
      id: 'phones',
      name: 'Phones',
      fields: phoneKinds.map((kind) => `phone_${kind.value}`),
      inputs: (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {phoneKinds.map(({ value, label }) => (
            <TextInput
              key={value}
              label={label}
              type="tel"
              autoComplete="off"
              {...form.getInputProps(`phone_${value}`)}
            />
          ))}
        </SimpleGrid>
      ),
    },
    ...addressKinds.map((kind) => ({
      id: kind.value,
      name: kind.label,
      fields: addressParts.map((part) => `${kind.value}_${part.value}`),
      inputs: (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {addressParts.map((part) => (
            <TextInput
              key={part.value}
              label={part.label}
              autoComplete="off"
              {...form.getInputProps(`${kind.value}_${part.value}`)}
            />
          ))}
        </SimpleGrid>
      ),
    })),
  ]
  // A fault inside must be seen, whatever is folded up.
  const faulty = groups.filter((g) => g.fields.some((name) => form.errors[name])).map((g) => g.id)
  const filled = groups.filter((g) => g.fields.some((name) => before[name])).map((g) => g.id)
  return (
    <Accordion key={faulty.join()} multiple variant="separated" defaultValue={[...filled, ...faulty]}>
      {groups.map((group) => (
        <Accordion.Item key={group.id} value={group.id}>
          <Accordion.Control>{group.name}</Accordion.Control>
          <Accordion.Panel>{group.inputs}</Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
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
