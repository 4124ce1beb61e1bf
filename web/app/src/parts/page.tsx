import { Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

import { Breakable } from './breakable'

/** The frame of a page: where it hangs, its heading, what it is for, and its main actions. */
export function Page({
  title,
  back,
  description,
  actions,
  children,
}: {
  title: string
  back?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  useDocumentTitle(`${title} – Kith`)
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        {back && <nav aria-label="Back">{back}</nav>}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={2} flex="1 1 260px" miw={0}>
            <Title order={1} size="h2" className="break">
              <Breakable text={title} />
            </Title>
            {description && (
              <Text c="dimmed" className="break">
                {description}
              </Text>
            )}
          </Stack>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </Stack>
      {children}
    </Stack>
  )
}
