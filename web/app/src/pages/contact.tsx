import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Timeline, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { Contact, HistoryEntry } from '../api/types'
import type { Links } from '../api/types'
import { Confirm } from '../parts/confirm'
import { ContactForm } from '../parts/contact-form'
import { Id } from '../parts/id'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Permission } from '../parts/permission'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { listsQuery } from './contacts'
import { TextLink } from '../parts/link'

const route = getRouteApi('/contacts/$id')
const includes = 'custom_fields,list_memberships,taggings,notes,phone_numbers,street_addresses'

/** One contact: what is known, which lists, and what happened to it. */
export function ContactPage() {
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const mayWrite = useMay('contacts:write')
  const [changing, setChanging] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const contact = useQuery({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => api.get<Contact>(`/v3/contacts/${id}`, { include: includes }, signal),
  })
  const lists = useQuery(listsQuery)

  if (contact.isPending) return <Waiting label="Loading the contact" />
  if (contact.error) return <Failed error={contact.error} retry={() => void contact.refetch()} />
  const c = contact.data
  const name = [c.first_name, c.last_name].filter(Boolean).join(' ')
  const listName = new Map(lists.data?.lists.map((l) => [l.list_id, l.name]))

  return (
    <Page
      title={c.email_address?.address ?? (name || 'Contact')}
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
      <TextLink to="/contacts" size="sm">
        ← All contacts
      </TextLink>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card withBorder component="section" aria-labelledby="about">
          <Title order={2} size="h4" id="about" mb="sm">
            About
          </Title>
          <Facts
            rows={[
              [
                'Permission',
                <Permission key="p" value={c.deleted_at ? 'deleted' : c.email_address?.permission_to_send} />,
              ],
              [
                'Opted in',
                c.email_address?.opt_in_date && (
                  <Source at={c.email_address.opt_in_date} by={c.email_address.opt_in_source} />
                ),
              ],
              [
                'Opted out',
                c.email_address?.opt_out_date && (
                  <Source at={c.email_address.opt_out_date} by={c.email_address.opt_out_source} />
                ),
              ],
              ['Reason given', c.email_address?.opt_out_reason],
              ['Job title', c.job_title],
              ['Company', c.company_name],
              ['Birthday', c.birthday_month && `${c.birthday_month}/${c.birthday_day}`],
              ['Anniversary', c.anniversary],
              ...(c.phone_numbers ?? []).map((p): [string, ReactNode] => [
                `Phone (${p.kind ?? 'other'})`,
                p.phone_number,
              ]),
              ...(c.street_addresses ?? []).map((a): [string, ReactNode] => [
                `Address (${a.kind})`,
                [a.street, [a.postal_code, a.city].filter(Boolean).join(' '), a.state, a.country]
                  .filter(Boolean)
                  .join(', '),
              ]),
              ['Added', <When key="c" at={c.created_at} />],
              ['Changed', <When key="u" at={c.updated_at} />],
              ['Deleted', c.deleted_at],
              ['Contact ID', <Id key="i" value={c.contact_id} label="contact ID" />],
            ]}
          />
        </Card>
        <Stack>
          <Card withBorder component="section" aria-labelledby="lists">
            <Title order={2} size="h4" id="lists" mb="sm">
              Lists
            </Title>
            {c.list_memberships?.length ? (
              <Group gap="xs">
                {c.list_memberships.map((list) => (
                  <Badge key={list} variant="default" tt="none" fw={500} size="lg">
                    {listName.get(list) ?? list}
                  </Badge>
                ))}
              </Group>
            ) : (
              <Text c="dimmed">On no list.</Text>
            )}
          </Card>
          {!!c.notes?.length && (
            <Card withBorder component="section" aria-labelledby="notes">
              <Title order={2} size="h4" id="notes" mb="sm">
                Notes
              </Title>
              <Stack gap="sm">
                {c.notes.map((n) => (
                  <div key={n.note_id}>
                    <Text style={{ whiteSpace: 'pre-wrap' }}>{n.content}</Text>
                    <Text size="xs" c="dimmed">
                      <When at={n.created_at} />
                    </Text>
                  </div>
                ))}
              </Stack>
            </Card>
          )}
          <History id={id} />
        </Stack>
      </SimpleGrid>
      <ContactForm opened={changing} onClose={() => setChanging(false)} contact={c} />
      <Confirm
        opened={deleting}
        onClose={() => setDeleting(false)}
        title="Delete this contact?"
        confirm="Delete"
        run={async () => {
          await api.delete(`/v3/contacts/${id}`)
          await queries.invalidateQueries()
          await navigate({ to: '/contacts', search: {} })
        }}
      >
        {c.email_address?.address ?? name} leaves all lists and is not mailed any more. What is needed to honour an
        unsubscribe is kept.
      </Confirm>
    </Page>
  )
}

function Source({ at, by }: { at: string; by?: string | undefined }) {
  return (
    <>
      <When at={at} />
      {by && ` by ${by === 'Contact' ? 'the contact' : 'the account'}`}
    </>
  )
}

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <Stack gap="xs" component="dl" m={0}>
      {rows
        .filter(([, value]) => value !== undefined && value !== '' && value !== 0 && value !== null)
        .map(([label, value]) => (
          <Group key={label} gap="xs" align="baseline" wrap="nowrap">
            <Text component="dt" size="sm" c="dimmed" w={130} style={{ flexShrink: 0 }}>
              {label}
            </Text>
            <Text component="dd" m={0} className="break">
              {value}
            </Text>
          </Group>
        ))}
    </Stack>
  )
}

const happened: Record<string, string> = {
  'contact.created': 'Added',
  'contact.updated': 'Changed',
  'contact.deleted': 'Deleted',
  'contact.restored': 'Restored',
  'membership.added': 'Put on lists',
  'membership.removed': 'Taken off lists',
  'tagging.added': 'Tagged',
  'tagging.removed': 'Tags taken off',
  'permission.changed': 'Permission changed',
}

function History({ id }: { id: string }) {
  const page = usePaged<{ history: HistoryEntry[]; _links?: Links }, HistoryEntry>(
    `/kith/v1/contacts/${id}/history`,
    { limit: 25 },
    (p) => p.history,
  )
  return (
    <Card withBorder component="section" aria-labelledby="history">
      <Title order={2} size="h4" id="history" mb="sm">
        History
      </Title>
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading the history" />
      ) : page.rows.length === 0 ? (
        <Empty title="Nothing has happened yet" />
      ) : (
        <Timeline bulletSize={14} lineWidth={2}>
          {page.rows.map((entry, i) => (
            <Timeline.Item key={i} title={happened[entry.kind] ?? entry.kind}>
              <Text size="sm">{describe(entry)}</Text>
              <Text size="xs" c="dimmed">
                <When at={entry.at} />
                {entry.operation && ` · ${entry.operation}`}
                {entry.user && ` · ${entry.user}`}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
      <More more={page.more} loading={page.loadingMore} />
    </Card>
  )
}

/** What the entry's detail says beyond its kind. */
function describe(entry: HistoryEntry): string {
  const detail = entry.detail ?? {}
  const parts: string[] = []
  if (detail.from && detail.to) {
    parts.push(`${detail.from.replaceAll('_', ' ')} → ${detail.to.replaceAll('_', ' ')}`)
  }
  if (detail.lists) parts.push(detail.lists.map((l) => l.name).join(', '))
  if (detail.tags) parts.push(detail.tags.map((t) => t.name).join(', '))
  if (detail.fields) parts.push(detail.fields.map((f) => f.replaceAll('_', ' ')).join(', '))
  if (detail.reason) parts.push(`“${detail.reason}”`)
  if (detail.shown) parts.push(`They read: “${detail.shown}”`)
  return parts.join(' · ')
}
