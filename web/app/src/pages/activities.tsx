import { Anchor, Badge, Button, Card, Progress, Table, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { usePaged } from '../api/paged'
import type { Activity, Links } from '../api/types'
import { Confirm } from '../parts/confirm'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { finished } from './imports'
import { ButtonLink } from '../parts/link'

const colors: Record<Activity['state'], string> = {
  initialized: 'gray',
  processing: 'blue',
  completed: 'teal',
  failed: 'red',
  cancelled: 'gray',
  timed_out: 'red',
}

/** Bulk work: what runs, what ran, and what came of it. */
export function ActivitiesPage() {
  const queries = useQueryClient()
  const [cancelled, setCancelled] = useState<Activity>()
  const page = usePaged<{ activities: Activity[]; _links?: Links }, Activity>(
    '/v3/activities',
    { limit: 50 },
    (p) => p.activities,
    { refetchInterval: 3_000 },
  )
  return (
    <Page title="Activities" description="Imports and other bulk work, newest first.">
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading activities" />
      ) : page.rows.length === 0 ? (
        <Empty title="No bulk work yet" action={<ButtonLink to="/imports">Import contacts</ButtonLink>}>
          Imports and deletions of lists run here, also when they were asked for through the API.
        </Empty>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={720}>
            <Table verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th ta="right">Items</Table.Th>
                  <Table.Th ta="right">Errors</Table.Th>
                  <Table.Th>Begun</Table.Th>
                  <Table.Th>Ended</Table.Th>
                  <Table.Th>
                    <span className="skip">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {page.rows.map((a) => {
                  const errors = (a.status?.error_count ?? 0) + (a.status?.correctable_count ?? 0)
                  return (
                    <Table.Tr key={a.activity_id}>
                      <Table.Td>
                        <Text className="break">
                          {a.source_file_name ? `Import of ${a.source_file_name}` : 'Bulk change'}
                        </Text>
                        {a.activity_errors[0] && (
                          <Text size="sm" c="dimmed" lineClamp={2}>
                            {a.activity_errors[0]}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td miw={150}>
                        <Badge variant="light" color={colors[a.state]} tt="none">
                          {a.state.replace('_', ' ')}
                        </Badge>
                        {a.state === 'processing' && (
                          <Progress
                            value={a.percent_done ?? 0}
                            mt={6}
                            aria-label={`${a.percent_done ?? 0} percent done`}
                          />
                        )}
                      </Table.Td>
                      <Table.Td ta="right">{a.status?.items_total_count?.toLocaleString()}</Table.Td>
                      <Table.Td ta="right">
                        {errors > 0 ? (
                          <Anchor href={`/kith/v1/activities/${a.activity_id}/rejected_rows.csv`} download>
                            {errors.toLocaleString()}
                          </Anchor>
                        ) : (
                          '0'
                        )}
                      </Table.Td>
                      <Table.Td>
                        <When at={a.started_at ?? a.created_at} />
                      </Table.Td>
                      <Table.Td>
                        <When at={a.completed_at} />
                      </Table.Td>
                      <Table.Td ta="right">
                        {!finished(a.state) && (
                          <Button size="xs" variant="default" onClick={() => setCancelled(a)}>
                            Cancel
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  )
                })}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <More more={page.more} loading={page.loadingMore} />
      <Confirm
        opened={cancelled !== undefined}
        onClose={() => setCancelled(undefined)}
        title="Stop this work?"
        confirm="Stop it"
        run={async () => {
          await api.post(`/kith/v1/activities/${cancelled?.activity_id}/cancel`)
          await queries.invalidateQueries()
        }}
      >
        What is done so far stays done.
      </Confirm>
    </Page>
  )
}
