import { Badge, Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import type { ActivityOfKind as Activity } from '../api/types'
import { Confirm } from './confirm'

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

/** What a piece of bulk work is called. */
export function nameOfWork(a: Pick<Activity, 'kind' | 'source_file_name'>): string {
  return a.source_file_name ? `${kinds[a.kind]} of ${a.source_file_name}` : kinds[a.kind]
}

const colors: Record<Activity['state'], string> = {
  initialized: 'gray',
  processing: 'kith',
  completed: 'green',
  failed: 'red',
  cancelled: 'gray',
  timed_out: 'red',
}

/** The words for where bulk work stands. */
export const states: Record<Activity['state'], string> = {
  initialized: 'Waiting',
  processing: 'Running',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  timed_out: 'Timed out',
}

/** Where bulk work stands. */
export function WorkState({ value }: { value: Activity['state'] }) {
  return <Badge color={colors[value]}>{states[value]}</Badge>
}

/** Clearing up after what was deleted goes on to its end. */
const clearsUp: Activity['kind'][] = ['list_delete', 'tag_delete', 'field_delete']

/** Whether its owner can stop it. */
export function stoppable(a: Pick<Activity, 'kind' | 'state'>): boolean {
  return (a.state === 'initialized' || a.state === 'processing') && !clearsUp.includes(a.kind)
}

/** A button that stops bulk work, after a question. */
export function CancelWork({ id, name, size }: { id: string; name: string; size?: 'xs' }) {
  const queries = useQueryClient()
  const [asked, setAsked] = useState(false)
  return (
    <>
      <Button size={size} variant="default" onClick={() => setAsked(true)} aria-label={`Cancel ${name}`}>
        Cancel
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title="Stop this work?"
        confirm="Stop it"
        run={async () => {
          await api.post(`/kith/v1/activities/${id}/cancel`)
          notifications.show({ message: 'The work stops.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        What is done so far stays done.
      </Confirm>
    </>
  )
}
