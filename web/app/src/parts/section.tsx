import { Card, Text, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

/** A part of a page, framed, under a heading of its own. */
export function Section({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <Card component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb={lead ? 4 : 'sm'}>
        {title}
      </Title>
      {lead && (
        <Text size="sm" c="dimmed" mb="md">
          {lead}
        </Text>
      )}
      {children}
    </Card>
  )
}
