import { Text, Tooltip } from '@mantine/core'

import { useMe } from '../api/me'

/** A moment, shown in the account's time zone; the tooltip has it in UTC. */
export function When({
  at,
  fallback = '–',
  day = false,
}: {
  at?: string | undefined
  fallback?: string
  /** The day alone; the tooltip has the time. */
  day?: boolean
}) {
  const zone = useMe().account.time_zone_id || undefined
  if (!at)
    return (
      <Text span inherit c="dimmed">
        {fallback}
      </Text>
    )
  const time = new Date(at)
  return (
    <Tooltip label={time.toISOString().replace('.000', '')}>
      <time dateTime={time.toISOString()}>{shown(time, zone, day)}</time>
    </Tooltip>
  )
}

function shown(time: Date, timeZone: string | undefined, day: boolean): string {
  try {
    return new Intl.DateTimeFormat(undefined, {
      dateStyle: 'medium',
      ...(day ? {} : { timeStyle: 'short' }),
      timeZone,
    }).format(time)
  } catch {
    return time.toISOString() // a zone this browser does not know
  }
}
