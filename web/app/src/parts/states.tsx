import { Alert, Anchor, Button, Card, Center, Code, EmptyState, Group, Loader, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { ApiError, messageOf } from '../api/problem'
import { Page } from './page'

/** A page or a part that is still being loaded. */
export function Waiting({ label = 'Loading' }: { label?: string }) {
  return (
    <Center py={64} role="status" aria-label={label}>
      <Loader type="dots" />
    </Center>
  )
}

/** Nothing is here yet: what it is for, and the first step. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <Card py={48}>
      <EmptyState icon={icon} withIndicatorBackground title={title} description={children} maw={460} mx="auto">
        {action && <EmptyState.Actions>{action}</EmptyState.Actions>}
      </EmptyState>
    </Card>
  )
}

/** Something failed: what, where it is explained, and how to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const known = error instanceof ApiError ? error : undefined
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={messageOf(error)} role="alert">
      <Group gap="md" align="center">
        {retry && known?.status !== 404 && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {known?.code && (
          <Anchor href={`/errors/${known.code}`} size="sm" target="_blank">
            What this means and what to do
          </Anchor>
        )}
        {known?.requestId && (
          <Text size="sm" c="dimmed" className="break">
            Request <Code>{known.requestId}</Code>
          </Text>
        )}
      </Group>
    </Alert>
  )
}

/** A page about one thing that is asked for first. */
export function Fetched<T>({
  query,
  title,
  back,
  children,
}: {
  query: UseQueryResult<T>
  /** What the thing is called before its own name is known. */
  title: string
  back?: ReactNode
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  return (
    <Page title={title} back={back}>
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Waiting label={`Loading: ${title}`} />
      )}
    </Page>
  )
}
