import { Alert, Button, Code, DataList, Group, Tabs, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import type { Mail, MailAttempt } from '../api/types'
import { Confirm } from '../parts/confirm'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Fetched } from '../parts/states'
import { When } from '../parts/when'
import classes from './mail.module.css'
import { kindOf, MailState } from './outbox'

const route = getRouteApi('/outbox/$id')

const back = (
  <TextLink to="/outbox" search={{}}>
    ← Outbox
  </TextLink>
)

/** One mail as HTML, as text, and with its headers. */
export function MailPage() {
  const { id } = route.useParams()
  const mail = useQuery({
    queryKey: ['mail', id],
    queryFn: ({ signal }) => api.get<Mail>(`/kith/v1/outbox/${id}`, undefined, signal),
    refetchInterval: (query) => (under(query.state.data?.state) ? 2_000 : false),
  })
  return (
    <Fetched query={mail} title="Mail" back={back}>
      {(m) => <Loaded mail={m} />}
    </Fetched>
  )
}

/** Whether it is on its way. */
const under = (state: string | undefined) => state === 'queued' || state === 'sending'

function Loaded({ mail: m }: { mail: Mail }) {
  const open = m.html !== undefined || m.text !== undefined
  return (
    <Page title={m.subject} back={back} actions={<SendAgain mail={m} />}>
      <Group gap="lg">
        <Text size="sm" className="break">
          <Text span inherit c="dimmed">
            To{' '}
          </Text>
          {m.to}
        </Text>
        <Text size="sm">
          <When at={m.created_at} />
        </Text>
        <Text size="sm">{kindOf(m.kind)}</Text>
        <MailState value={m.state} />
      </Group>
      {m.error && <Alert color={m.state === 'uncertain' ? 'yellow' : 'red'}>{m.error}</Alert>}
      {(m.attempts.length > 0 || m.sent_at) && <Delivery mail={m} />}
      {m.links_hidden && (
        <Alert color="gray">
          The links in this mail are the contact’s own. Here they open nothing, so that nobody confirms or unsubscribes
          in their place.
        </Alert>
      )}
      {open ? (
        <Bodies mail={m} />
      ) : (
        <Alert color="gray">
          This mail lets the person it is written to sign in. Only they can read it; you see that it exists.
        </Alert>
      )}
    </Page>
  )
}

const outcomes: Record<string, string> = {
  later: 'Not now',
  refused: 'Refused',
  broken: 'The connection broke',
  unknown: 'No answer',
  sent: 'Taken by the relay',
}

/** What happened to it on its way, the oldest first. */
function Delivery({ mail: m }: { mail: Mail }) {
  const taken: MailAttempt[] = m.sent_at
    ? [{ at: m.sent_at, outcome: 'sent', ...(m.relay ? { relay: m.relay } : {}) }]
    : []
  // What came back for it comes after it was taken.
  const all = [...m.attempts, ...taken].sort((a, b) => a.at.localeCompare(b.at))
  return (
    <Rows
      label="Delivery"
      rows={all.map((attempt, i) => ({ ...attempt, key: String(i) }))}
      keyOf={(row) => row.key}
      columns={[
        { head: 'When', width: '13rem', cell: (row) => <When at={row.at} /> },
        { head: 'What', as: 'title', cell: (row) => outcomes[row.outcome] ?? row.outcome },
        { head: 'Who', width: '24%', cell: (row) => <span className="break">{row.relay}</span> },
        { head: 'What they said', width: '34%', cell: (row) => <span className="break">{row.reply}</span> },
      ]}
    />
  )
}

/** What failed, or may have, goes out again when somebody says so. */
function SendAgain({ mail: m }: { mail: Mail }) {
  const queries = useQueryClient()
  const [asked, setAsked] = useState(false)
  if (m.state !== 'failed' && m.state !== 'uncertain') return null
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        Send again
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title="Send this mail again?"
        confirm="Send it"
        run={async () => {
          await api.post(`/kith/v1/outbox/${m.mail_id}/send_again`)
          notifications.show({ message: 'The mail is queued.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        {m.state === 'uncertain'
          ? `It may have arrived. If so, ${m.to} gets it twice.`
          : `It goes to ${m.to}, as it was written.`}
      </Confirm>
    </>
  )
}

function Bodies({ mail: m }: { mail: Mail }) {
  return (
    <Tabs defaultValue={m.html === undefined ? 'text' : 'html'} keepMounted={false}>
      <Tabs.List>
        {m.html !== undefined && <Tabs.Tab value="html">HTML</Tabs.Tab>}
        <Tabs.Tab value="text">Text</Tabs.Tab>
        <Tabs.Tab value="headers">Headers</Tabs.Tab>
      </Tabs.List>
      {m.html !== undefined && (
        <Tabs.Panel value="html" pt="md">
          {/* No scripts, no forms, no same origin: links open in a new window. */}
          <iframe
            title="The mail as HTML"
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            srcDoc={outward(m.html)}
            className={classes.frame}
          />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="text" pt="md">
        <Code block className={classes.text}>
          {m.text}
        </Code>
      </Tabs.Panel>
      <Tabs.Panel value="headers" pt="md">
        <DataList labelWidth="9rem">
          {m.headers?.map((h, i) => (
            <DataList.Item key={i}>
              <DataList.ItemLabel>{h.name}</DataList.ItemLabel>
              <DataList.ItemValue className="break">{h.value}</DataList.ItemValue>
            </DataList.Item>
          ))}
        </DataList>
      </Tabs.Panel>
    </Tabs>
  )
}

/** The mail's HTML with links that open in a window of their own. */
function outward(html: string): string {
  const mail = new DOMParser().parseFromString(html, 'text/html')
  for (const link of mail.links) {
    link.target = '_blank'
    link.rel = 'noopener'
  }
  return mail.documentElement.outerHTML
}
