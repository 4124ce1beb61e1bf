import { Badge } from '@mantine/core'

const shown: Record<string, { label: string; color: string }> = {
  explicit: { label: 'Subscribed', color: 'green' },
  implicit: { label: 'Subscribed (implied)', color: 'green' },
  pending_confirmation: { label: 'Unconfirmed', color: 'yellow' },
  temp_hold: { label: 'On hold', color: 'yellow' },
  unsubscribed: { label: 'Unsubscribed', color: 'red' },
  not_set: { label: 'No permission', color: 'gray' },
  deleted: { label: 'Deleted', color: 'gray' },
}

/** What may be sent to a contact, in words. */
export function permissionName(value: string): string {
  return shown[value]?.label ?? value
}

/** The same as a badge. */
export function Permission({ value = 'not_set' }: { value?: string | undefined }) {
  return <Badge color={shown[value]?.color ?? 'gray'}>{permissionName(value)}</Badge>
}
