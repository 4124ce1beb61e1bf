import { Anchor, Badge, Box, Group, Select, Text } from '@mantine/core'
import { IconTimeline } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { api } from '../api/client'
import { usePaged } from '../api/paged'
import type { Application, LoggedPage, LoggedRequest } from '../api/types'
import { Breakable } from '../parts/breakable'
import { ButtonLink, TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Search } from '../parts/search'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

export interface RequestSearch {
  application?: string
  status?: string
  time?: string
  search?: string
}

const route = getRouteApi('/requests')

const statuses = [
  { value: 'failed', label: 'Failed' },
  { value: '2xx', label: 'Succeeded (2xx)' },
  { value: '4xx', label: 'Refused (4xx)' },
  { value: '401', label: 'Not let in (401)' },
  { value: '403', label: 'Not allowed (403)' },
  { value: '404', label: 'Not found (404)' },
  { value: '429', label: 'Too many (429)' },
  { value: '5xx', label: 'The server failed (5xx)' },
]

const hours: Record<string, { label: string; ago: number }> = {
  hour: { label: 'Last hour', ago: 1 },
  day: { label: 'Last 24 hours', ago: 24 },
  week: { label: 'Last 7 days', ago: 7 * 24 },
}

/** When that was, to the minute, so that the same question is asked for a while. */
function since(time: string | undefined): string | undefined {
  const ago = time && hours[time]?.ago
  if (!ago) return undefined
  const minute = 60_000
  return new Date(Math.floor(Date.now() / minute) * minute - ago * 60 * minute).toISOString()
}

/** What was asked of the APIs for this account, the newest first. */
export function RequestsPage() {
  const asked = route.useSearch()
  const navigate = route.useNavigate()
  const page = usePaged<LoggedPage, LoggedRequest>(
    '/kith/v1/requests',
    { client_id: asked.application, status: asked.status, after: since(asked.time), search: asked.search, limit: 50 },
    (p) => p.requests,
    { again: (rows) => (rows.length > 50 ? 60_000 : 5_000) },
  )
  const applications = useQuery({
    queryKey: ['applications'],
    queryFn: ({ signal }) => api.get<{ applications: Application[] }>('/kith/v1/applications', undefined, signal),
  })
  const set = (part: Partial<RequestSearch>) => void navigate({ search: { ...asked, ...part }, replace: true })
  const narrowed = Object.values(asked).some((value) => value)
  return (
    <Page
      title="Requests"
      description="What your applications and scripts asked of the APIs, and why it was refused. What you do on these pages is not among it."
    >
      <Group gap="sm" align="flex-end" role="search" aria-label="Requests">
        <Select
          aria-label="Application"
          placeholder="Any application"
          clearable
          searchable
          w={{ base: '100%', xs: 220 }}
          data={choices(applications.data?.applications ?? [], asked.application)}
          value={asked.application ?? null}
          onChange={(chosen) => set({ application: chosen ?? undefined })}
        />
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={{ base: '100%', xs: 200 }}
          data={statuses}
          value={asked.status ?? null}
          onChange={(chosen) => set({ status: chosen ?? undefined })}
        />
        <Select
          aria-label="Time"
          placeholder="Any time"
          clearable
          w={{ base: '100%', xs: 170 }}
          data={Object.entries(hours).map(([value, { label }]) => ({ value, label }))}
          value={asked.time ?? null}
          onChange={(chosen) => set({ time: chosen ?? undefined })}
        />
        <Box flex="1 1 200px">
          <Search
            label="Search requests"
            placeholder="Path, code or request id"
            value={asked.search ?? ''}
            onChange={(search) => set({ search: search || undefined })}
          />
        </Box>
      </Group>
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading requests" />
      ) : page.rows.length === 0 && page.more ? (
        <Text c="dimmed">None among the newest ones. There are older ones to look through.</Text>
      ) : page.rows.length === 0 && narrowed ? (
        <Empty
          icon={<IconTimeline aria-hidden />}
          title="No such requests"
          action={
            <ButtonLink to="/requests" search={{}} variant="default">
              Show all requests
            </ButtonLink>
          }
        />
      ) : page.rows.length === 0 ? (
        <Empty
          icon={<IconTimeline aria-hidden />}
          title="No requests yet"
          action={
            <ButtonLink to="/access-keys" variant="default">
              Make an access key
            </ButtonLink>
          }
        >
          As soon as an application or a script of yours calls an API, its requests appear here.
        </Empty>
      ) : (
        <RequestRows rows={page.rows} stale={page.stale} />
      )}
      <More more={page.more} loading={page.loadingMore} />
    </Page>
  )
}

/** The user's applications, and the one that is asked for, which may be somebody else's. */
function choices(mine: Application[], asked: string | undefined) {
  const all = mine.map((a) => ({ value: a.client_id, label: a.name }))
  if (asked && !mine.some((a) => a.client_id === asked)) all.push({ value: asked, label: asked })
  return all
}

/** Requests as a table. */
export function RequestRows({
  rows,
  stale,
  label = 'Requests',
}: {
  rows: LoggedRequest[]
  stale?: boolean
  label?: string
}) {
  return (
    <Rows
      label={label}
      stale={stale ?? false}
      rows={rows}
      keyOf={(r) => r.request_id}
      columns={[
        {
          head: 'Request',
          as: 'title',
          cell: (r) => (
            <>
              <div>
                <TextLink to="/requests/$id" params={{ id: r.request_id }}>
                  {r.method} <Breakable text={r.path} />
                </TextLink>
              </div>
              {r.cause && (
                <Text size="sm" c="dimmed" fw={400} lineClamp={2} className="break">
                  {r.cause}
                </Text>
              )}
            </>
          ),
        },
        { head: 'Status', width: '5.5rem', cell: (r) => <Status request={r} /> },
        { head: 'Code', width: '12rem', cell: (r) => <ErrorCode code={r.error_code} /> },
        {
          head: 'From',
          width: '10rem',
          cell: (r) => <Breakable text={r.application_name ?? r.username ?? r.network_address ?? ''} />,
        },
        { head: 'When', width: '11rem', cell: (r) => <When at={r.at} /> },
      ]}
    />
  )
}

/** How a request ended. */
export function Status({ request: r }: { request: LoggedRequest }) {
  const color = r.status >= 500 ? 'red' : r.status >= 400 ? 'yellow' : r.error_code ? 'yellow' : 'green'
  return <Badge color={color}>{r.status}</Badge>
}

/** A code, with the page that explains it. */
export function ErrorCode({ code }: { code?: string | undefined }) {
  if (!code) return null
  return (
    <Anchor href={`/errors/${code}`} inherit>
      <Breakable text={code} />
    </Anchor>
  )
}
