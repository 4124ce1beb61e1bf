import { DataList, Text } from '@mantine/core'
import type { ReactNode } from 'react'

import type { Contact } from '../api/types'
import { Permission } from '../parts/permission'
import { Section } from '../parts/section'
import { When } from '../parts/when'

/** Whether a contact may be mailed, since when, and by whose word. */
export function ContactPermission({ contact: c }: { contact: Contact }) {
  const e = c.email_address
  const sms = c.sms_channel?.sms_channel_consents[0]
  const told = sms?.opt_out_date ?? sms?.opt_in_date
  const since = told && <When at={told} day />
  const rows: [string, ReactNode][] = [
    ['State', <Permission key="state" value={c.deleted_at ? 'deleted' : e?.permission_to_send} />],
    ['Confirmed', e?.confirm_status && e.confirm_status !== 'off' && confirmed[e.confirm_status]],
    ['Opted in', e?.opt_in_date && <Act at={e.opt_in_date} by={e.opt_in_source} />],
    ['Opted out', e?.opt_out_date && <Act at={e.opt_out_date} by={e.opt_out_source} />],
    ['Reason given', e?.opt_out_reason],
    [
      'Short messages',
      sms && (
        <>
          <Permission value={sms.sms_consent_permission} />
          {since && <> since {since}</>}
        </>
      ),
    ],
  ]
  return (
    <Section title="Permission">
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
      <Text size="sm" c="dimmed" mt="sm">
        {meaning(c)}
      </Text>
    </Section>
  )
}

const confirmed: Record<string, string> = {
  pending: 'They were asked and have not answered.',
  confirmed: 'They confirmed their address.',
}

/** What the state means for the account, in a sentence. */
function meaning({ email_address: e, deleted_at: deleted }: Contact): string {
  const left = e?.opt_out_source === 'Contact'
  if (deleted) {
    return left
      ? 'They had left by themselves, which stays so when the contact is restored.'
      : 'A deleted contact is not mailed. The address stays taken.'
  }
  switch (e?.permission_to_send) {
    case 'explicit':
      return 'They said so themselves, or you keep a record of it.'
    case 'implicit':
      return 'You have a relationship with them. They never said so.'
    case 'pending_confirmation':
    case 'temp_hold':
      return 'They are not mailed until they confirm.'
    case 'unsubscribed':
      return left
        ? 'They left by themselves, and only they can come back: by a sign-up form.'
        : 'You unsubscribed them, and can subscribe them again.'
  }
  return e ? 'Nothing is known of what they agreed to. They are not mailed.' : 'There is no address to mail.'
}

function Act({ at, by }: { at: string; by?: string | undefined }) {
  return (
    <>
      <When at={at} />
      {by && ` by ${by === 'Contact' ? 'the contact' : 'the account'}`}
    </>
  )
}
