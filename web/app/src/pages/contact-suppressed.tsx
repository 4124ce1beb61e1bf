import { Alert, Text } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { api } from '../api/client'
import type { SuppressionPage } from '../api/types'
import { TextLink } from '../parts/link'
import { bouncedBecause, suppressedBecause } from '../parts/suppressed'
import { When } from '../parts/when'

/** That a contact's address is not mailed, and why; nothing where it is. */
export function ContactSuppressed({ address }: { address: string }) {
  const found = useQuery({
    queryKey: ['/kith/v1/suppressions', 'of', address],
    queryFn: ({ signal }) => api.get<SuppressionPage>('/kith/v1/suppressions', { email_address: address }, signal),
  })
  const is = found.data?.suppressions[0]
  if (!is) return null
  return (
    <Alert color="yellow" icon={<IconMailOff aria-hidden />} title="This address is not mailed" role="status">
      <Text size="sm" className="break">
        {suppressedBecause[is.reason]}
        {is.cause && `: ${bouncedBecause(is.cause)}`}. Since <When at={is.since} />
        {is.until && (
          <>
            , until <When at={is.until} />
          </>
        )}
        .{is.said && ` “${is.said}”`}
      </Text>
      <TextLink to="/settings/bounces" search={{ search: address }}>
        Show it on the list
      </TextLink>
    </Alert>
  )
}
