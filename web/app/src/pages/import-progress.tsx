import { Alert, Card, Group, Progress, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { api } from '../api/client'
import type { Activity } from '../api/types'
import { finished, rejections } from '../parts/activity'
import { ButtonLink, TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { RejectedRows } from '../parts/rejected'
import { Failed, Waiting } from '../parts/states'
import { CancelWork } from '../parts/work'

const back = <TextLink to="/activities">← All activities</TextLink>

/** An import while it is done, and what came of it. */
export function ImportProgress({ id }: { id: string }) {
  const queries = useQueryClient()
  const activity = useQuery({
    queryKey: ['activity', id],
    queryFn: ({ signal }) => api.get<Activity>(`/v3/activities/${id}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && finished(query.state.data.state) ? false : 700),
  })
  const a = activity.data
  const done = a !== undefined && finished(a.state)
  useEffect(() => {
    // Contacts and counts are others now; the activity itself is known.
    if (done) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'activity' })
  }, [done, queries])

  return (
    <Page title="Import contacts" back={back} description={a?.source_file_name}>
      {a === undefined ? (
        activity.error ? (
          <Failed error={activity.error} retry={() => void activity.refetch()} />
        ) : (
          <Waiting label="Loading the import" />
        )
      ) : (
        <>
          <Card>
            <Stack>
              {!done && <Running activity={a} />}
              <div role="status">{done && <Outcome activity={a} />}</div>
              {/* Row by row they stand in the table below. */}
              {a.activity_errors.length > 0 && !(done && rejections(a) > 0) && <Found activity={a} />}
              {done && (
                <Group>
                  <ButtonLink to="/contacts" search={{}}>
                    See the contacts
                  </ButtonLink>
                  <ButtonLink to="/imports" search={{}} variant="default">
                    Import another file
                  </ButtonLink>
                </Group>
              )}
            </Stack>
          </Card>
          {done && rejections(a) > 0 && <RejectedRows of={id} />}
        </>
      )}
    </Page>
  )
}

function Running({ activity: a }: { activity: Activity }) {
  const rows = a.status?.items_completed_count ?? 0
  return (
    <>
      <Text>
        {a.state === 'processing' ? `${rows.toLocaleString()} rows so far.` : 'Waiting to begin.'} You may leave this
        page; the work goes on.
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={a.percent_done ?? 0} animated aria-label="Import progress" />
      </Progress.Root>
      <Group justify="flex-end">
        <CancelWork id={a.activity_id} name="the import" />
      </Group>
    </>
  )
}

function Outcome({ activity: a }: { activity: Activity }) {
  if (a.state !== 'completed') {
    const rows = (a.status?.items_completed_count ?? 0).toLocaleString()
    return (
      <>
        <Text fw={600} c="red">
          The import {a.state === 'cancelled' ? 'was cancelled' : 'failed'} after {rows} rows.
        </Text>
        <Text size="sm">
          What was brought in stays. Import the file again to bring in the rest; nobody is added twice.
        </Text>
      </>
    )
  }
  return (
    <Group gap="xs" wrap="nowrap">
      <IconCircleCheck color="var(--good)" aria-hidden />
      <Text fw={600} size="lg">
        {`${(a.status?.person_count ?? 0).toLocaleString()} imported, ${rejections(a).toLocaleString()} rejected`}
      </Text>
    </Group>
  )
}

function Found({ activity: a }: { activity: Activity }) {
  const more = a.activity_errors.length - 10
  return (
    <Alert color={a.state === 'failed' ? 'red' : 'yellow'} title="What was found">
      <Stack gap={2}>
        {a.activity_errors.slice(0, 10).map((text, i) => (
          <Text size="sm" key={i} className="break">
            {text}
          </Text>
        ))}
        {more > 0 && <Text size="sm">And {more.toLocaleString()} more.</Text>}
      </Stack>
    </Alert>
  )
}
