import { Badge, Select } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'

import { useMe } from '../api/me'
import { usePaged } from '../api/paged'
import type { MailHead, MailPage } from '../api/types'
import { Breakable } from '../parts/breakable'
import { ButtonLink, TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

export interface OutboxSearch {
  state?: string
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

const choices = Object.entries(states).map(([value, { label }]) => ({ value, label }))

/** Mails that Kith wrote, newest first. */
export function OutboxPage() {
  const me = useMe()
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const page = usePaged<MailPage, MailHead>('/kith/v1/outbox', { state, limit: 50 }, (p) => p.mails, {
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
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        maw={220}
        data={choices}
        value={state ?? null}
        onChange={(chosen) => void navigate({ search: { state: chosen ?? undefined } })}
      />
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading mails" />
      ) : page.rows.length === 0 && state ? (
        <Empty
          icon={<IconMailbox aria-hidden />}
          title="None of that state"
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
