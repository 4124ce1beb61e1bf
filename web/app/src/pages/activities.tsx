import { Anchor, Badge, Button, Group, Progress, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconActivity } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { usePaged } from '../api/paged'
import type { ActivityOfKind as Activity, PageOf } from '../api/types'
import { Confirm } from '../parts/confirm'
import { ButtonLink, TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { finished, rejectedRows, rejections } from './activity'

const colors: Record<Activity['state'], string> = {
  initialized: 'gray',
  processing: 'kith',
  completed: 'green',
  failed: 'red',
  cancelled: 'gray',
  timed_out: 'red',
}

const states: Record<Activity['state'], string> = {
  initialized: 'Waiting',
  processing: 'Running',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  timed_out: 'Timed out',
}

/** Bulk work: what runs, what ran, and what came of it. */
export function ActivitiesPage() {
  const queries = useQueryClient()
  const [cancelled, setCancelled] = useState<Activity>()
  const page = usePaged<PageOf<'activities', Activity>, Activity>(
    '/kith/v1/activities',
    { limit: 50 },
    (p) => p.activities,
    { again: (rows) => (rows.some((a) => !finished(a.state)) ? 1_500 : 15_000) },
  )
  return (
    <Page title="Activities" description="Imports, exports and other bulk work, newest first.">
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading activities" />
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
          rows={page.rows}
          keyOf={(a) => a.activity_id}
          columns={[
            { head: 'What', as: 'title', cell: (a) => <What activity={a} /> },
            { head: 'State', width: '9rem', cell: (a) => <State activity={a} /> },
            {
              head: 'Items',
              as: 'number',
              width: '9rem',
              cell: items,
            },
            { head: 'Rejected', as: 'number', width: '6rem', cell: (a) => <Rejected activity={a} /> },
            { head: 'Begun', width: '13.5rem', cell: (a) => <When at={a.started_at ?? a.created_at} /> },
            {
              head: 'Actions',
              as: 'actions',
              width: '9rem',
              cell: (a) =>
                finished(a.state) ? (
                  <File activity={a} />
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => setCancelled(a)}
                    aria-label={`Cancel ${nameOf(a)}`}
                  >
                    Cancel
                  </Button>
                ),
            },
          ]}
        />
      )}
      <More more={page.more} loading={page.loadingMore} />
      <Confirm
        opened={cancelled !== undefined}
        onClose={() => setCancelled(undefined)}
        title="Stop this work?"
        confirm="Stop it"
        run={async () => {
          await api.post(`/kith/v1/activities/${cancelled?.activity_id}/cancel`)
          notifications.show({ message: 'The work stops.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        What is done so far stays done.
      </Confirm>
    </Page>
  )
}

const kinds: Record<Activity['kind'], string> = {
  file_import: 'Import',
  json_import: 'Import through the API',
  contact_export: 'Export of contacts',
  contact_delete: 'Deletion of contacts',
  list_add: 'Contacts added to lists',
  list_remove: 'Contacts removed from lists',
  tag_add: 'Tags added to contacts',
  tag_remove: 'Tags removed from contacts',
  list_delete: 'Deletion of lists',
  tag_delete: 'Deletion of tags',
  field_delete: 'Deletion of custom fields',
}

/** What it is called. */
function nameOf(a: Activity): string {
  return a.source_file_name ? `${kinds[a.kind]} of ${a.source_file_name}` : kinds[a.kind]
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
      {a.source_file_name ? (
        <TextLink to="/imports" search={{ activity: a.activity_id }}>
          {nameOf(a)}
        </TextLink>
      ) : (
        nameOf(a)
      )}
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
      variant="default"
      aria-label={`Download, ${nameOf(a)}`}
    >
      Download
    </Button>
  )
}

function State({ activity: a }: { activity: Activity }) {
  return (
    <Group gap={6}>
      <Badge color={colors[a.state]}>{states[a.state]}</Badge>
      {a.state === 'processing' && (
        <Progress value={a.percent_done ?? 0} w="100%" maw={120} aria-label={`${nameOf(a)}: done`} />
      )}
    </Group>
  )
}

function Rejected({ activity: a }: { activity: Activity }) {
  const count = rejections(a)
  if (count === 0 || !a.kind.endsWith('_import')) return count.toLocaleString()
  return (
    <Anchor href={rejectedRows(a.activity_id)} download inherit>
      {count.toLocaleString()}
      <span className="heard"> rejected rows of {nameOf(a)}</span>
    </Anchor>
  )
}
