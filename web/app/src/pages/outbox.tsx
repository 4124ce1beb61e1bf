import { Alert, Badge, Button, Group, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconMailbox } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay, useMe } from '../api/me'
import { usePaged } from '../api/paged'
import type { MailCounts, MailHead, MailPage } from '../api/types'
import { Breakable } from '../parts/breakable'
import { Confirm } from '../parts/confirm'
import { ButtonLink, TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Search } from '../parts/search'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { templateNames } from './template-names'

export interface OutboxSearch {
  state?: string
  kind?: string
  to?: string
}

const route = getRouteApi('/outbox')

const states: Record<string, { label: string; color: string }> = {
  kept: { label: 'Kept', color: 'gray' },
  queued: { label: 'Queued', color: 'kith' },
  sending: { label: 'Sending', color: 'kith' },
  sent: { label: 'Sent', color: 'green' },
  failed: { label: 'Failed', color: 'red' },
  uncertain: { label: 'Uncertain', color: 'yellow' },
}

/** What became of a mail. */
export function MailState({ value }: { value: string }) {
  const it = states[value] ?? { label: value, color: 'gray' }
  return <Badge color={it.color}>{it.label}</Badge>
}

const kinds = Object.entries(templateNames).map(([value, { label }]) => ({ value, label }))

/** What a mail is for. */
export const kindOf = (kind: string) => templateNames[kind]?.label ?? kind

/** Mails that Kith wrote, newest first. */
export function OutboxPage() {
  const me = useMe()
  const search = route.useSearch()
  const filtered = Boolean(search.state ?? search.kind ?? search.to)
  const navigate = route.useNavigate()
  const page = usePaged<MailPage, MailHead>('/kith/v1/outbox', { ...search, limit: 50 }, (p) => p.mails, {
    again: () => 10_000,
  })
  return (
    <Page
      title="Outbox"
      description={
        me.server.smtp
          ? 'Every mail and what became of it.'
          : 'No mail relay is set: mails are kept here to be read, and go nowhere else.'
      }
    >
      <Filters search={search} narrow={(to) => void navigate({ search: { ...search, ...to }, replace: true })} />
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading mails" />
      ) : page.rows.length === 0 && filtered ? (
        <Empty
          icon={<IconMailbox aria-hidden />}
          title="No such mail"
          action={
            <ButtonLink to="/outbox" search={{}} variant="default">
              Show all mails
            </ButtonLink>
          }
        />
      ) : page.rows.length === 0 ? (
        <Empty icon={<IconMailbox aria-hidden />} title="No mail yet">
          Confirmations, invitations and links for a new password appear here.
        </Empty>
      ) : (
        <Rows
          label="Mails"
          stale={page.stale}
          rows={page.rows}
          keyOf={(mail) => mail.mail_id}
          columns={[
            {
              head: 'Subject',
              as: 'title',
              cell: (mail) => (
                <TextLink to="/outbox/$id" params={{ id: mail.mail_id }}>
                  {mail.subject}
                </TextLink>
              ),
            },
            { head: 'To', width: '30%', cell: (mail) => <Breakable text={mail.to} /> },
            { head: 'State', width: '8rem', cell: (mail) => <MailState value={mail.state} /> },
            { head: 'Written', width: '13rem', cell: (mail) => <When at={mail.created_at} /> },
          ]}
        />
      )}
      <More more={page.more} loading={page.loadingMore} />
    </Page>
  )
}

/** What is looked for, with how many mails there are of each state. */
function Filters({ search, narrow }: { search: OutboxSearch; narrow: (to: OutboxSearch) => void }) {
  const mayChange = useMay('account:update')
  const counts = useQuery({
    queryKey: ['/kith/v1/outbox', 'counts'],
    queryFn: ({ signal }) => api.get<MailCounts>('/kith/v1/outbox/counts', undefined, signal),
    refetchInterval: 10_000,
  })
  const of = (state: string) => counts.data?.[state as keyof MailCounts]
  return (
    <>
      <Group gap="sm">
        <Search
          label="Search recipients"
          placeholder="Address"
          value={search.to ?? ''}
          onChange={(to) => narrow({ to: to || undefined })}
        />
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          w={190}
          data={Object.entries(states).map(([value, { label }]) => {
            const n = of(value)
            return { value, label: n === undefined ? label : `${label} (${n.toLocaleString()})` }
          })}
          value={search.state ?? null}
          onChange={(chosen) => narrow({ state: chosen ?? undefined })}
        />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          clearable
          w={220}
          data={kinds}
          value={search.kind ?? null}
          onChange={(chosen) => narrow({ kind: chosen ?? undefined })}
        />
      </Group>
      {mayChange && <AllAgain state="uncertain" count={of('uncertain') ?? 0} />}
      {mayChange && search.state === 'failed' && <AllAgain state="failed" count={of('failed') ?? 0} />}
    </>
  )
}

/** Sends all mails of a state again, once somebody has read what that means. */
function AllAgain({ state, count }: { state: 'failed' | 'uncertain'; count: number }) {
  const queries = useQueryClient()
  const [asked, setAsked] = useState(false)
  if (count === 0) return null
  const mails = count === 1 ? 'one mail' : `${count.toLocaleString()} mails`
  return (
    <Alert color={state === 'failed' ? 'red' : 'yellow'}>
      <Group justify="space-between">
        {state === 'failed'
          ? `No relay took ${mails}.`
          : `Of ${mails} nobody knows whether it arrived: the relay or the server stopped in the middle.`}
        <Button variant="default" size="xs" onClick={() => setAsked(true)}>
          {state === 'failed' ? 'Send all failed again' : 'Send all uncertain again'}
        </Button>
      </Group>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={`Send ${mails} again?`}
        confirm="Send them"
        run={async () => {
          const { queued } = await api.post<{ queued: number }>('/kith/v1/outbox/send_again', { state })
          notifications.show({ message: `Queued: ${queued.toLocaleString()}.`, color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        {state === 'failed'
          ? 'What made them fail may not be mended: relays think less of a server that goes on writing to addresses that do not exist.'
          : 'Some of them have probably arrived, and whoever got one gets it a second time. Those that did not arrive are lost unless they are sent again. This cannot be taken back.'}
      </Confirm>
    </Alert>
  )
}
