import { Badge } from '@mantine/core'

const shown: Record<string, { label: string; color: string }> = {
  explicit: { label: 'Subscribed', color: 'teal' },
  implicit: { label: 'Subscribed (implied)', color: 'teal' },
  pending_confirmation: { label: 'Waiting for confirmation', color: 'yellow' },
  temp_hold: { label: 'On hold', color: 'yellow' },
  unsubscribed: { label: 'Unsubscribed', color: 'red' },
  not_set: { label: 'No permission', color: 'gray' },
  deleted: { label: 'Deleted', color: 'gray' },
}

/** What may be sent to a contact, in words. */
export function Permission({ value }: { value?: string | undefined }) {
  const it = shown[value ?? 'not_set'] ?? { label: value ?? '', color: 'gray' }
  return (
    <Badge variant="light" color={it.color} tt="none" fw={500}>
      {it.label}
    </Badge>
  )
}
