import { Anchor, Button, Group, Progress, Select, Text } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'

import { usePaged } from '../api/paged'
import type { ActivityOfKind as Activity, PageOf } from '../api/types'
import { finished, imports, rejectedRows, rejections } from '../parts/activity'
import { ButtonLink, TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { CancelWork, nameOfWork, states, stoppable, WorkState } from '../parts/work'

export interface ActivitySearch {
  state?: string
}

const route = getRouteApi('/activities')

/** What can be asked for; nothing ends as timed out here. */
const choices = (['initialized', 'processing', 'completed', 'failed', 'cancelled'] as const).map((value) => ({
  value,
  label: states[value],
}))

/** Bulk work: what runs, what ran, and what came of it. */
export function ActivitiesPage() {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const page = usePaged<PageOf<'activities', Activity>, Activity>(
    '/kith/v1/activities',
    { state, limit: 50 },
    (p) => p.activities,
    { again: (rows) => (rows.some((a) => !finished(a.state)) ? 1_500 : 15_000) },
  )
  return (
    <Page title="Activities" description="Imports, exports and other bulk work, newest first.">
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
        <Waiting label="Loading activities" />
      ) : page.rows.length === 0 && state ? (
        <Empty
          icon={<IconActivity aria-hidden />}
          title="None of that state"
          action={
            <ButtonLink to="/activities" search={{}} variant="default">
              Show all activities
            </ButtonLink>
          }
        />
      ) : page.rows.length === 0 ? (
        <Empty
          icon={<IconActivity aria-hidden />}
          title="No bulk work yet"
          action={<ButtonLink to="/imports">Import contacts</ButtonLink>}
        >
          Imports and changes of many contacts run here, also when they were asked for through the API.
        </Empty>
      ) : (
        <Rows
          label="Activities"
          stale={page.stale}
          rows={page.rows}
          keyOf={(a) => a.activity_id}
          columns={[
            { head: 'What', as: 'title', cell: (a) => <What activity={a} /> },
            { head: 'State', width: '7.5rem', cell: (a) => <State activity={a} /> },
            {
              head: 'Items',
              as: 'number',
              width: '8.5rem',
              cell: items,
            },
            { head: 'Rejected', as: 'number', width: '5.75rem', cell: (a) => <Rejected activity={a} /> },
            { head: 'Begun', width: '13.25rem', cell: (a) => <When at={a.started_at ?? a.created_at} /> },
            {
              head: 'Actions',
              as: 'actions',
              width: '7rem',
              cell: (a) =>
                stoppable(a) ? <CancelWork id={a.activity_id} name={nameOfWork(a)} size="xs" /> : <File activity={a} />,
            },
          ]}
        />
      )}
      <More more={page.more} loading={page.loadingMore} />
    </Page>
  )
}

/** How many items are done: of how many, while there are more. */
function items(a: Activity): string {
  const done = a.status.items_completed_count.toLocaleString()
  const total = a.status.items_total_count.toLocaleString()
  return done === total || a.state === 'initialized' ? total : `${done} of ${total}`
}

function What({ activity: a }: { activity: Activity }) {
  return (
    <>
      <div>
        <TextLink to="/activities/$id" params={{ id: a.activity_id }}>
          {nameOfWork(a)}
        </TextLink>
      </div>
      {a.status.cannot_add_to_list_count > 0 && (
        <Text size="sm" c="dimmed" fw={400}>
          {a.status.cannot_add_to_list_count.toLocaleString()} have unsubscribed and were put on no list.
        </Text>
      )}
      {a.activity_errors[0] && (
        <Text size="sm" c="dimmed" fw={400} lineClamp={2}>
          {a.activity_errors[0]}
        </Text>
      )}
    </>
  )
}

/** The file that an export leaves. */
function File({ activity: a }: { activity: Activity }) {
  if (a.state !== 'completed' || !a._links.results) return null
  return (
    <Button
      component="a"
      href={a._links.results.href}
      download
      size="xs"
      fz="xs"
      variant="default"
      aria-label={`Download, ${nameOfWork(a)}`}
    >
      Download
    </Button>
  )
}

function State({ activity: a }: { activity: Activity }) {
  return (
    <Group gap={6}>
      <WorkState value={a.state} />
      {a.state === 'processing' && (
        <Progress value={a.percent_done} w="100%" maw={120} aria-label={`${nameOfWork(a)}: done`} />
      )}
    </Group>
  )
}

function Rejected({ activity: a }: { activity: Activity }) {
  const count = rejections(a)
  if (count === 0 || !imports(a.kind)) return count.toLocaleString()
  return (
    <Anchor href={rejectedRows(a.activity_id)} download inherit>
      {count.toLocaleString()}
      <span className="heard"> rejected rows of {nameOfWork(a)}</span>
    </Anchor>
  )
}
