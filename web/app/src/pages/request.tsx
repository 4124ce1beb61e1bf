import { Alert, Anchor, Button, DataList, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { api } from '../api/client'
import type { LoggedBody, LoggedFault, OpenedRequest } from '../api/types'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { marked } from '../parts/marked'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { sizeOf } from '../parts/size'
import { Fetched } from '../parts/states'
import { When } from '../parts/when'
import classes from './request.module.css'
import { ErrorCode, Status } from './requests'

const route = getRouteApi('/requests/$id')

const back = (
  <TextLink to="/requests" search={{}}>
    ← Requests
  </TextLink>
)

/** One request: what was asked, what was answered, and why. */
export function RequestPage() {
  const { id } = route.useParams()
  const request = useQuery({
    queryKey: ['request', id],
    queryFn: ({ signal }) => api.get<OpenedRequest>(`/kith/v1/requests/${id}`, undefined, signal),
  })
  return (
    <Fetched query={request} title="Request" back={back}>
      {(r) => <Loaded request={r} />}
    </Fetched>
  )
}

/** The documents of the reference, by what was spoken to. */
const documents: Partial<Record<OpenedRequest['api'], string>> = { v3: 'v3', kith: "Kith's own" }

function Loaded({ request: r }: { request: OpenedRequest }) {
  const document = documents[r.api]
  return (
    <Page
      title={`${r.method} ${r.path}`}
      back={back}
      actions={
        document &&
        r.route && (
          <Button
            component="a"
            variant="default"
            href={`/reference?${new URLSearchParams({ api: document, request: r.request_id })}`}
            leftSection={<IconExternalLink size={16} aria-hidden />}
          >
            Open in the reference
          </Button>
        )
      }
    >
      <Group gap="lg">
        <Status request={r} />
        <Text size="sm">
          <When at={r.at} />
        </Text>
        <Text size="sm" c="dimmed">
          {r.took_ms.toLocaleString(undefined, { maximumFractionDigits: 1 })} ms
        </Text>
      </Group>
      {r.error_code && <Cause request={r} />}
      <Section title="Request">
        <Stack gap="md">
          <Facts
            facts={[
              ['Request', <Id value={r.request_id} label="request id" />],
              ['Query', r.query],
              ['Operation', r.route],
              ['Application', r.application_name],
              ['API key', r.client_id && <Id value={r.client_id} label="API key" />],
              ['User', r.username],
              ['Let in by', r.via && (r.via === 'key' ? 'an access key' : 'a token of the application')],
              ['Network address', r.network_address],
              ['Client', r.user_agent],
              [
                'Body',
                r.request_bytes > 0 &&
                  `${sizeOf(r.request_bytes)}${r.body?.media_type ? `, ${r.body.media_type}` : ''}`,
              ],
            ]}
          />
          <Body label="Body of the request" body={r.body} faults={r.faults ?? []} />
          {r.bodies_hidden && (
            <Text size="sm" c="dimmed">
              The bodies are kept, but show contacts, which your role does not let you see.
            </Text>
          )}
        </Stack>
      </Section>
      <Section title="Answer">
        <Stack gap="md">
          <Facts
            facts={[
              ['Status', String(r.status)],
              ['Body', r.answer_bytes > 0 && sizeOf(r.answer_bytes)],
            ]}
          />
          <Body label="Body of the answer" body={r.answer} faults={[]} />
          {!r.error_code && (
            <Text size="sm" c="dimmed">
              Bodies are kept of requests that fail.
            </Text>
          )}
        </Stack>
      </Section>
    </Page>
  )
}

/** Why it was refused, and what to do. */
function Cause({ request: r }: { request: OpenedRequest }) {
  const faults = r.faults?.filter((f) => f.message) ?? []
  return (
    <Alert
      color={r.status >= 500 ? 'red' : 'yellow'}
      icon={<IconAlertCircle aria-hidden />}
      title={faults.length > 0 ? 'The request has faults' : r.cause}
      role="note"
    >
      <Stack gap="xs">
        {faults.length > 0 && (
          <List component="ol" size="sm" className={classes.faults}>
            {faults.map((f, i) => (
              <List.Item key={i} className="break">
                {f.path && <code>{f.path}</code>} {f.message}
                {f.line !== undefined && (
                  <Text span inherit c="dimmed">
                    {' '}
                    (line {f.line}, column {f.column})
                  </Text>
                )}
              </List.Item>
            ))}
          </List>
        )}
        {r.remedy?.map((text) => (
          <Text key={text} size="sm">
            {text}
          </Text>
        ))}
        {r.unproven && (
          <Text size="sm">
            Nothing proves that this came from the application or user it names: it is shown because it claims to.
          </Text>
        )}
        <Group gap="md">
          <ErrorCode code={r.error_code} />
          <Anchor href={r.help} size="sm">
            What this means and what to do
          </Anchor>
        </Group>
      </Stack>
    </Alert>
  )
}

/** What is known, of what there is. */
function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <DataList labelWidth="9rem">
      {facts
        .filter(([, value]) => value !== undefined && value !== '' && value !== false)
        .map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue className="break">{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
    </DataList>
  )
}

/** A body line by line, with its faults marked. */
function Body({ label, body, faults }: { label: string; body: LoggedBody | undefined; faults: LoggedFault[] }) {
  if (!body) return null
  return (
    <div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <pre className={classes.body} tabIndex={0} role="region" aria-label={label}>
        {marked(body.text, faults).map((line, i) => (
          <span key={i} className={classes.line} data-number={i + 1}>
            <code>
              {line.map((piece, j) =>
                piece.fault === undefined ? (
                  piece.text
                ) : (
                  <mark key={j} className={classes.fault} title={faults[piece.fault]?.message ?? 'The fault lies here'}>
                    {piece.text}
                  </mark>
                ),
              )}
            </code>
          </span>
        ))}
      </pre>
      <Text size="sm" c="dimmed" mt={4}>
        {body.cut ? 'This is its beginning. ' : ''}
        {body.text.includes('*') ? 'Asterisks stand for addresses, numbers and secrets.' : ''}
      </Text>
    </div>
  )
}
