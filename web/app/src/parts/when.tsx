import { Text, Tooltip } from '@mantine/core'

import { useMe } from '../api/me'

/** A moment, shown in the account's time zone; the tooltip has it in UTC. */
export function When({ at, fallback = '–' }: { at?: string; fallback?: string }) {
  const zone = useMe().account.time_zone_id || undefined
  if (!at)
    return (
      <Text span c="dimmed">
        {fallback}
      </Text>
    )
  const time = new Date(at)
  let shown: string
  try {
    shown = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(time)
  } catch {
    shown = time.toISOString() // a zone this browser does not know
  }
  return (
    <Tooltip label={time.toISOString()}>
      <time dateTime={time.toISOString()}>{shown}</time>
    </Tooltip>
  )
}
