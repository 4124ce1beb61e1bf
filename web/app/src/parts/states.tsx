import { Alert, Anchor, Button, Center, Code, Loader, Stack, Text, Title } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

import { ApiError, messageOf } from '../api/problem'

/** A page or a part that is still being loaded. */
export function Waiting({ label = 'Loading' }: { label?: string }) {
  return (
    <Center py="xl" role="status" aria-label={label}>
      <Loader />
    </Center>
  )
}

/** Nothing is here yet: what it is for, and the first step. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="sm" py={48} px="md" ta="center">
      <Title order={3} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={480}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}

/** Something failed: what, where it is explained, and how to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={messageOf(error)} role="alert" my="md">
      <Stack gap="xs" align="flex-start">
        {known?.code && (
          <Anchor href={`/errors/${known.code}`} size="sm">
            What this means and what to do
          </Anchor>
        )}
        {known?.requestId && (
          <Text size="xs" c="dimmed">
            Request <Code>{known.requestId}</Code>
          </Text>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
