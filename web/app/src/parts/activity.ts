import type { Activity, ActivityOfKind } from '../api/types'

/** Whether nothing more will come of it. */
export function finished(state: Activity['state']): boolean {
  return state !== 'initialized' && state !== 'processing'
}

/** How many rows were not taken. */
export function rejections(activity: Pick<Activity, 'status'>): number {
  return (activity.status?.error_count ?? 0) + (activity.status?.correctable_count ?? 0)
}

/** Where the file of an import's rejected rows is. */
export function rejectedRows(activity: string): string {
  return `/kith/v1/activities/${activity}/rejected_rows.csv`
}

/** Whether rows come from a file or a body. */
export function imports(kind: ActivityOfKind['kind']): boolean {
  return kind === 'file_import' || kind === 'json_import'
}

/** What came of bulk work, in a line; nothing while it goes on. */
export function outcome(a: Pick<ActivityOfKind, 'kind' | 'state' | 'status'>): string {
  const n = (count: number) => count.toLocaleString()
  const people = (count: number) => `${n(count)} ${count === 1 ? 'contact' : 'contacts'}`
  const done = a.status.items_completed_count
  switch (a.state) {
    case 'initialized':
    case 'processing':
      return ''
    case 'cancelled':
      return `Stopped after ${n(done)} of ${n(a.status.items_total_count)}.`
    case 'failed':
    case 'timed_out':
      return 'The work failed.'
    case 'completed':
  }
  switch (a.kind) {
    case 'file_import':
    case 'json_import':
      return `${n(a.status.person_count)} imported, ${n(rejections(a))} rejected`
    case 'contact_export':
      return `${people(done)} exported`
    case 'contact_delete':
      return `${people(a.status.person_count)} deleted`
    case 'list_add':
      return `${people(a.status.person_count)} on the lists`
    case 'list_remove':
      return `${people(a.status.person_count)} off the lists`
    case 'tag_add':
      return `${people(a.status.person_count)} with the tags`
    case 'tag_remove':
      return `${people(a.status.person_count)} without the tags`
    case 'list_delete':
      return `${people(a.status.person_count)} off the deleted list`
    case 'tag_delete':
      return `${people(a.status.person_count)} without the deleted tag`
    case 'field_delete':
      return `${people(a.status.person_count)} without the deleted field`
  }
}
