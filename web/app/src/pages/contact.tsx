import { Button, DataList, SimpleGrid, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { Contact } from '../api/types'
import { Confirm } from '../parts/confirm'
import { ContactForm } from '../parts/contact-form'
import { History } from '../parts/history'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { Fetched } from '../parts/states'
import { When } from '../parts/when'
import { ContactFields } from './contact-fields'
import { ContactLists, ContactTags } from './contact-labels'
import { ContactMails } from './contact-mails'
import { ContactNotes } from './contact-notes'
import { ContactPermission } from './contact-permission'
import { RestoreContact } from './contact-restore'
import { ContactSuppressed } from './contact-suppressed'
import { nameOfContact } from './contacts'

const route = getRouteApi('/contacts/$id')
const includes = 'custom_fields,list_memberships,taggings,notes,phone_numbers,street_addresses,sms_channel'

const back = <TextLink to="/contacts">← All contacts</TextLink>

/** One contact: what is known, whether they may be mailed, where they belong, and what happened to them. */
export function ContactPage() {
  const { id } = route.useParams()
  const contact = useQuery({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => api.get<Contact>(`/v3/contacts/${id}`, { include: includes }, signal),
  })
  return (
    <Fetched query={contact} title="Contact" back={back}>
      {(c) => <Loaded key={c.contact_id} contact={c} />}
    </Fetched>
  )
}

function Loaded({ contact: c }: { contact: Contact }) {
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const mayWrite = useMay('contacts:write')
  const [opened, setOpened] = useState<'change' | 'delete' | 'restore'>()
  const close = () => setOpened(undefined)
  const name = nameOfContact(c)
  const called = c.email_address?.address ?? (name || 'Contact')
  const readOnly = !mayWrite || Boolean(c.deleted_at)

  return (
    <Page
      title={called}
      back={back}
      description={name && c.email_address ? name : undefined}
      actions={
        mayWrite &&
        (c.deleted_at ? (
          <Button variant="default" onClick={() => setOpened('restore')}>
            Restore
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={() => setOpened('change')}>
              Change
            </Button>
            <Button variant="default" c="red" onClick={() => setOpened('delete')}>
              Delete
            </Button>
          </>
        ))
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Stack>
          <Section title="About">
            <Facts contact={c} />
          </Section>
          {c.email_address?.address && <ContactSuppressed address={c.email_address.address} />}
          <ContactPermission contact={c} />
          <ContactFields contact={c} readOnly={readOnly} />
          <ContactNotes contact={c} readOnly={readOnly} />
        </Stack>
        <Stack>
          <ContactLists contact={c} readOnly={readOnly} />
          <ContactTags contact={c} readOnly={readOnly} />
          <ContactMails contact={c} />
          <Section title="History">
            <History contact={c.contact_id} />
          </Section>
        </Stack>
      </SimpleGrid>
      <ContactForm opened={opened === 'change'} onClose={close} contact={c} />
      <RestoreContact opened={opened === 'restore'} onClose={close} contact={c} called={called} />
      <Confirm
        opened={opened === 'delete'}
        onClose={close}
        title="Delete this contact?"
        confirm="Delete"
        run={async () => {
          await api.delete(`/v3/contacts/${c.contact_id}`)
          await navigate({ to: '/contacts', search: {} })
          notifications.show({ message: `${called} is deleted.`, color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        {called} leaves all lists and is not mailed any more. What is needed to honour an unsubscribe is kept.
      </Confirm>
    </Page>
  )
}

function Facts({ contact: c }: { contact: Contact }) {
  const rows: [string, ReactNode][] = [
    ['Job title', c.job_title],
    ['Company', c.company_name],
    ['Birthday', c.birthday_month && c.birthday_day && dayOfYear(c.birthday_month, c.birthday_day)],
    ['Anniversary', c.anniversary],
    ...(c.phone_numbers ?? []).map((p): [string, ReactNode] => [`Phone (${p.kind ?? 'other'})`, p.phone_number]),
    ['Short messages', c.sms_channel && `+${c.sms_channel.dial_code.replace('+', '')} ${c.sms_channel.sms_address}`],
    ...(c.street_addresses ?? []).map((a): [string, ReactNode] => [
      `Address (${a.kind})`,
      [a.street, [a.postal_code, a.city].filter(Boolean).join(' '), a.state, a.country].filter(Boolean).join(', '),
    ]),
    ['Added', <When key="added" at={c.created_at} />],
    ['Changed', <When key="changed" at={c.updated_at} />],
    ['Deleted', c.deleted_at && <When at={c.deleted_at} day />],
    ['Contact ID', <Id key="id" value={c.contact_id} label="contact ID" />],
  ]
  return (
    <DataList size="md" gap="xs" labelWidth="8rem">
      {rows
        .filter(([, value]) => Boolean(value))
        .map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue className="break">{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
    </DataList>
  )
}

/** A day that comes every year, in the reader's language. */
function dayOfYear(month: number, day: number): string {
  // A leap year, so that every day of a year is in it.
  return new Date(Date.UTC(2024, month - 1, day)).toLocaleDateString(undefined, {
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  })
}
