import { Anchor, Card, List, SimpleGrid, Text, ThemeIcon, Title } from '@mantine/core'
import { IconApi, IconFileImport, IconKey } from '@tabler/icons-react'

import { useMe } from '../api/me'
import { Page } from '../parts/page'
import { TextLink } from '../parts/link'

/** The first page after signing in: the three things people come to do. */
export function WelcomePage() {
  const me = useMe()
  return (
    <Page
      title={`Welcome${me.user.first_name ? `, ${me.user.first_name}` : ''}`}
      description={`You are signed in to ${me.account.organization_name || 'your account'}.`}
    >
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        <Step
          icon={<IconFileImport size={20} aria-hidden />}
          title="Bring your contacts"
          to="/imports"
          action="Import a CSV file"
        >
          Export them from your mail program and import the file. You see what each column becomes before anything is
          kept.
        </Step>
        <Step
          icon={<IconKey size={20} aria-hidden />}
          title="Connect your code"
          to="/applications"
          action="Make an application"
        >
          Existing plugins and SDKs need an API key; a script of your own is happy with an access key.
        </Step>
        <Card withBorder padding="lg">
          <ThemeIcon variant="light" size="lg" mb="sm">
            <IconApi size={20} aria-hidden />
          </ThemeIcon>
          <Title order={2} size="h4" mb={4}>
            Try the API
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            Every operation with its parameters and answers, run against this account.
          </Text>
          <Anchor href="/reference">Open the API reference</Anchor>
        </Card>
      </SimpleGrid>
      {!me.server.smtp && (
        <List size="sm" c="dimmed">
          <List.Item>
            No mail relay is set: what Kith would send is kept in the <TextLink to="/outbox">outbox</TextLink> and goes
            nowhere else.
          </List.Item>
        </List>
      )}
    </Page>
  )
}

function Step({
  icon,
  title,
  children,
  to,
  action,
}: {
  icon: React.ReactNode
  title: string
  children: React.ReactNode
  to: string
  action: string
}) {
  return (
    <Card withBorder padding="lg">
      <ThemeIcon variant="light" size="lg" mb="sm">
        {icon}
      </ThemeIcon>
      <Title order={2} size="h4" mb={4}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {children}
      </Text>
      <TextLink to={to}>{action}</TextLink>
    </Card>
  )
}
