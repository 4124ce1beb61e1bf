import { Group, Stack, Text } from '@mantine/core'

import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { Contact, MailHead, MailPage } from '../api/types'
import { TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Section } from '../parts/section'
import { Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { kindOf, MailState } from './outbox'

/** The mails that Kith wrote to a contact, and what became of them. */
export function ContactMails({ contact: c }: { contact: Contact }) {
  if (!useMay('account:read')) return null
  return (
    <Section title="Mails">
      <Mails contact={c.contact_id} />
    </Section>
  )
}

function Mails({ contact }: { contact: string }) {
  const page = usePaged<MailPage, MailHead>('/kith/v1/outbox', { contact, limit: 10 }, (p) => p.mails)
  if (page.error) return <Failed error={page.error} retry={page.retry} />
  if (page.waiting) return <Waiting label="Loading mails" />
  if (page.rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None so far.
      </Text>
    )
  return (
    <Stack gap="sm">
      {page.rows.map((mail) => (
        <Stack gap={2} key={mail.mail_id}>
          <Group gap="xs" justify="space-between">
            <TextLink to="/outbox/$id" params={{ id: mail.mail_id }} className="break">
              {mail.subject}
            </TextLink>
            <MailState value={mail.state} />
          </Group>
          <Text size="sm" c="dimmed" className="break">
            {kindOf(mail.kind)}, <When at={mail.created_at} />
            {mail.error && `: ${mail.error}`}
          </Text>
        </Stack>
      ))}
      <More more={page.more} loading={page.loadingMore} />
    </Stack>
  )
}
