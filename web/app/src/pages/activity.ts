import type { Activity } from '../api/types'

/** Whether nothing more will come of it. */
export function finished(state: Activity['state']): boolean {
  return state !== 'initialized' && state !== 'processing'
}

/** How many rows were not taken. */
export function rejections(activity: Activity): number {
  return (activity.status?.error_count ?? 0) + (activity.status?.correctable_count ?? 0)
}

/** Where the file of an import's rejected rows is. */
export function rejectedRows(activity: string): string {
  return `/kith/v1/activities/${activity}/rejected_rows.csv`
}
