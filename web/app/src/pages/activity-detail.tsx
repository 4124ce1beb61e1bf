import { Alert, Button, Card, DataList, Progress, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'

import { api } from '../api/client'
import type { ActivityOfKind as Activity } from '../api/types'
import { finished, imports, outcome, rejections } from '../parts/activity'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { RejectedRows } from '../parts/rejected'
import { Fetched } from '../parts/states'
import { When } from '../parts/when'
import { CancelWork, nameOfWork, stoppable, WorkState } from '../parts/work'

const route = getRouteApi('/activities/$id')

const back = <TextLink to="/activities">← All activities</TextLink>

/** One piece of bulk work: how far it is, or what came of it. */
export function ActivityPage() {
  const { id } = route.useParams()
  const queries = useQueryClient()
  const activity = useQuery({
    queryKey: ['activity', id, 'of a kind'],
    queryFn: ({ signal }) => api.get<Activity>(`/kith/v1/activities/${id}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && finished(query.state.data.state) ? false : 700),
  })
  const done = activity.data !== undefined && finished(activity.data.state)
  useEffect(() => {
    // Contacts and counts are others now; the activity itself is known.
    if (done) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'activity' })
  }, [done, queries])
  return (
    <Fetched query={activity} title="Activity" back={back}>
      {(a) => <Loaded activity={a} />}
    </Fetched>
  )
}

function Loaded({ activity: a }: { activity: Activity }) {
  const name = nameOfWork(a)
  const file = a.state === 'completed' ? a._links.results?.href : undefined
  return (
    <Page
      title={name}
      back={back}
      actions={
        <>
          {file && (
            <Button component="a" href={file} download leftSection={<IconDownload size={16} aria-hidden />}>
              Download
            </Button>
          )}
          {stoppable(a) && <CancelWork id={a.activity_id} name={name} />}
        </>
      }
    >
      <Card>
        <Stack>
          {finished(a.state) ? null : <Running activity={a} />}
          <Text fw={600} size="lg" role="status">
            {outcome(a)}
          </Text>
          <DataList size="md" gap="xs" labelWidth="8rem">
            <Fact label="State">
              <WorkState value={a.state} />
            </Fact>
            <Fact label="Items">
              {`${a.status.items_completed_count.toLocaleString()} of ${a.status.items_total_count.toLocaleString()}`}
            </Fact>
            {a.status.cannot_add_to_list_count > 0 && (
              <Fact label="On no list">
                {`${a.status.cannot_add_to_list_count.toLocaleString()} who have unsubscribed`}
              </Fact>
            )}
            <Fact label="Asked for">
              <When at={a.created_at} />
            </Fact>
            {a.completed_at && (
              <Fact label="Ended">
                <When at={a.completed_at} />
              </Fact>
            )}
            <Fact label="Activity ID">
              <Id value={a.activity_id} label="activity ID" />
            </Fact>
          </DataList>
        </Stack>
      </Card>
      {/* Row by row they stand in the table below. */}
      {a.activity_errors.length > 0 && !rejects(a) && <Met activity={a} />}
      {rejects(a) && <RejectedRows of={a.activity_id} />}
    </Page>
  )
}

function rejects(a: Activity): boolean {
  return imports(a.kind) && finished(a.state) && rejections(a) > 0
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <DataList.Item>
      <DataList.ItemLabel>{label}</DataList.ItemLabel>
      <DataList.ItemValue className="break">{children}</DataList.ItemValue>
    </DataList.Item>
  )
}

function Running({ activity: a }: { activity: Activity }) {
  return (
    <>
      <Text>
        {a.state === 'processing' ? `${a.percent_done} % done.` : 'Waiting to begin.'} You may leave this page; the work
        goes on.
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={a.percent_done} animated aria-label={`${nameOfWork(a)}: done`} />
      </Progress.Root>
    </>
  )
}

/** The first faults that were met. */
function Met({ activity: a }: { activity: Activity }) {
  return (
    <Alert
      color={a.state === 'failed' ? 'red' : 'yellow'}
      title={a.state === 'failed' ? 'Why it failed' : 'What was met'}
    >
      <Stack gap={2}>
        {a.activity_errors.map((text, i) => (
          <Text size="sm" key={i} className="break">
            {text}
          </Text>
        ))}
      </Stack>
    </Alert>
  )
}
