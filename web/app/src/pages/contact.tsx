import { Badge, Button, DataList, Group, SimpleGrid, Stack, Text } from '@mantine/core'
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
import { Permission } from '../parts/permission'
import { Section } from '../parts/section'
import { Fetched } from '../parts/states'
import { When } from '../parts/when'
import { listsQuery, nameOfContact } from './contacts'

const route = getRouteApi('/contacts/$id')
const includes = 'custom_fields,list_memberships,taggings,notes,phone_numbers,street_addresses'

const back = <TextLink to="/contacts">← All contacts</TextLink>

/** One contact: what is known, which lists, and what happened to it. */
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
  const [changing, setChanging] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const lists = useQuery(listsQuery)
  const name = nameOfContact(c)
  const called = c.email_address?.address ?? (name || 'Contact')
  const listName = new Map(lists.data?.lists.map((l) => [l.list_id, l.name]))

  return (
    <Page
      title={called}
      back={back}
      description={name && c.email_address ? name : undefined}
      actions={
        mayWrite &&
        !c.deleted_at && (
          <>
            <Button variant="default" onClick={() => setChanging(true)}>
              Change
            </Button>
            <Button variant="default" c="red" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          </>
        )
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Section title="About">
          <Facts contact={c} />
        </Section>
        <Stack>
          <Section title="Lists">
            {c.list_memberships?.length ? (
              <Group gap="xs">
                {c.list_memberships.map((list) => (
                  <TextLink key={list} to="/contacts" search={{ list }} maw="100%" title={listName.get(list)}>
                    <Badge color="kith" size="lg" maw="100%" style={{ cursor: 'pointer' }}>
                      {listName.get(list) ?? list}
                    </Badge>
                  </TextLink>
                ))}
              </Group>
            ) : (
              <Text c="dimmed">On no list.</Text>
            )}
          </Section>
          {!!c.notes?.length && (
            <Section title="Notes">
              <Stack gap="sm">
                {c.notes.map((n) => (
                  <div key={n.note_id}>
                    <Text className="break" style={{ whiteSpace: 'pre-wrap' }}>
                      {n.content}
                    </Text>
                    <Text size="sm" c="dimmed">
                      <When at={n.created_at} />
                    </Text>
                  </div>
                ))}
              </Stack>
            </Section>
          )}
          <Section title="History">
            <History contact={c.contact_id} />
          </Section>
        </Stack>
      </SimpleGrid>
      <ContactForm opened={changing} onClose={() => setChanging(false)} contact={c} />
      <Confirm
        opened={deleting}
        onClose={() => setDeleting(false)}
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
  const e = c.email_address
  const rows: [string, ReactNode][] = [
    ['Permission', <Permission key="permission" value={c.deleted_at ? 'deleted' : e?.permission_to_send} />],
    ['Opted in', e?.opt_in_date && <Act at={e.opt_in_date} by={e.opt_in_source} />],
    ['Opted out', e?.opt_out_date && <Act at={e.opt_out_date} by={e.opt_out_source} />],
    ['Reason given', e?.opt_out_reason],
    ['Job title', c.job_title],
    ['Company', c.company_name],
    ['Birthday', c.birthday_month && c.birthday_day && dayOfYear(c.birthday_month, c.birthday_day)],
    ['Anniversary', c.anniversary],
    ...(c.phone_numbers ?? []).map((p): [string, ReactNode] => [`Phone (${p.kind ?? 'other'})`, p.phone_number]),
    ...(c.street_addresses ?? []).map((a): [string, ReactNode] => [
      `Address (${a.kind})`,
      [a.street, [a.postal_code, a.city].filter(Boolean).join(' '), a.state, a.country].filter(Boolean).join(', '),
    ]),
    ['Added', <When key="added" at={c.created_at} />],
    ['Changed', <When key="changed" at={c.updated_at} />],
    ['Deleted', c.deleted_at && <When at={c.deleted_at} />],
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

function Act({ at, by }: { at: string; by?: string | undefined }) {
  return (
    <>
      <When at={at} />
      {by && ` by ${by === 'Contact' ? 'the contact' : 'the account'}`}
    </>
  )
}
