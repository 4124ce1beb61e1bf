import { Badge } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'

import { useMe } from '../api/me'
import { usePaged } from '../api/paged'
import type { MailHead, MailPage } from '../api/types'
import { Breakable } from '../parts/breakable'
import { TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

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

/** Mails that Kith wrote, newest first. */
export function OutboxPage() {
  const me = useMe()
  const page = usePaged<MailPage, MailHead>('/kith/v1/outbox', { limit: 50 }, (p) => p.mails, { again: () => 10_000 })
  return (
    <Page
      title="Outbox"
      description={
        me.server.smtp
          ? 'Every mail and what became of it.'
          : 'No mail relay is set: mails are kept here to be read, and go nowhere else.'
      }
    >
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading mails" />
      ) : page.rows.length === 0 ? (
        <Empty icon={<IconMailbox aria-hidden />} title="No mail yet">
          Confirmations, invitations and links for a new password appear here.
        </Empty>
      ) : (
        <Rows
          label="Mails"
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
