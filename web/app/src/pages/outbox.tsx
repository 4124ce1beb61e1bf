import { Alert, Badge, Card, Code, Group, Stack, Table, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { api } from '../api/client'
import { useMe } from '../api/me'
import { usePaged } from '../api/paged'
import type { Links, Mail, MailHead } from '../api/types'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { TextLink } from '../parts/link'

const colors: Record<string, string> = {
  kept: 'gray',
  queued: 'blue',
  sending: 'blue',
  sent: 'teal',
  failed: 'red',
  uncertain: 'yellow',
}

/** Mails that Kith wrote, newest first. */
export function OutboxPage() {
  const me = useMe()
  const page = usePaged<{ mails: MailHead[]; _links?: Links }, MailHead>(
    '/kith/v1/outbox',
    { limit: 50 },
    (p) => p.mails,
    {
      refetchInterval: 10_000,
    },
  )
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
        <Empty title="No mail yet">Confirmations, invitations and links for a new password appear here.</Empty>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={600}>
            <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Subject</Table.Th>
                  <Table.Th>To</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Written</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {page.rows.map((mail) => (
                  <Table.Tr key={mail.mail_id}>
                    <Table.Td>
                      <TextLink to="/outbox/$id" params={{ id: mail.mail_id }}>
                        {mail.subject}
                      </TextLink>
                    </Table.Td>
                    <Table.Td className="break">{mail.to}</Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={colors[mail.state] ?? 'gray'} tt="none">
                        {mail.state}
                      </Badge>
                    </Table.Td>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <When at={mail.created_at} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <More more={page.more} loading={page.loadingMore} />
    </Page>
  )
}

const route = getRouteApi('/outbox/$id')

/** One mail as HTML, as text, and with its headers. */
export function MailPage() {
  const { id } = route.useParams()
  const mail = useQuery({
    queryKey: ['mail', id],
    queryFn: ({ signal }) => api.get<Mail>(`/kith/v1/outbox/${id}`, undefined, signal),
  })
  if (mail.isPending) return <Waiting label="Loading the mail" />
  if (mail.error) return <Failed error={mail.error} retry={() => void mail.refetch()} />
  const m = mail.data
  const open = m.html !== undefined || m.text !== undefined
  return (
    <Page title={m.subject}>
      <TextLink to="/outbox" size="sm">
        ← Outbox
      </TextLink>
      <Group gap="lg">
        <Text size="sm" className="break">
          <Text span c="dimmed">
            To{' '}
          </Text>
          {m.to}
        </Text>
        <Text size="sm">
          <When at={m.created_at} />
        </Text>
        <Badge variant="light" color={colors[m.state] ?? 'gray'} tt="none">
          {m.state}
        </Badge>
      </Group>
      {m.error && <Alert color="red">{m.error}</Alert>}
      {!open ? (
        <Alert color="gray">
          This mail lets the person it is written to sign in. Only they can read it; you see that it exists.
        </Alert>
      ) : (
        <Tabs defaultValue={m.html === undefined ? 'text' : 'html'}>
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
                sandbox="allow-popups"
                srcDoc={`<base target="_blank">${m.html}`}
                style={{
                  width: '100%',
                  height: 480,
                  border: '1px solid var(--mantine-color-default-border)',
                  borderRadius: 8,
                  background: '#fff',
                }}
              />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="text" pt="md">
            <Code block style={{ whiteSpace: 'pre-wrap' }} className="break">
              {m.text}
            </Code>
          </Tabs.Panel>
          <Tabs.Panel value="headers" pt="md">
            <Stack gap={4}>
              {m.headers?.map((h, i) => (
                <Text size="sm" key={i} className="break">
                  <b>{h.name}:</b> {h.value}
                </Text>
              ))}
            </Stack>
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  )
}
