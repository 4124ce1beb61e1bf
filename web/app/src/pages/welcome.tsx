import { Alert, Button, Card, SimpleGrid, Text, ThemeIcon, Title } from '@mantine/core'
import { IconApi, IconAppWindow, IconFileImport, IconInfoCircle, IconKey } from '@tabler/icons-react'
import type { ReactNode } from 'react'

import { useMay, useMe } from '../api/me'
import { ButtonLink, TextLink } from '../parts/link'
import { Page } from '../parts/page'
import classes from './welcome.module.css'

/** The first page after signing in: what people come to do. */
export function WelcomePage() {
  const me = useMe()
  const mayImport = useMay('contacts:write')
  return (
    <Page
      title={`Welcome${me.user.first_name ? `, ${me.user.first_name}` : ''}`}
      description={`You are signed in to ${me.account.organization_name || 'your account'}.`}
    >
      {!me.user.confirmed && (
        <Alert icon={<IconInfoCircle aria-hidden />} title="Confirm your address">
          {me.server.smtp ? (
            <>A mail is on its way to {me.user.email}. Press the button in it, so that we know that mail reaches you.</>
          ) : (
            <>
              This server sends no mail yet. The one that asks you to confirm {me.user.email} is kept in the{' '}
              <TextLink to="/outbox" search={{}} underline="always">
                outbox
              </TextLink>
              .
            </>
          )}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {mayImport && (
          <Step
            icon={<IconFileImport size={20} aria-hidden />}
            title="Bring your contacts"
            action={
              <ButtonLink to="/imports" variant="light">
                Import contacts
              </ButtonLink>
            }
          >
            Import a CSV file from your mail program or spreadsheet. You see what becomes of each column first.
          </Step>
        )}
        <Step
          icon={<IconAppWindow size={20} aria-hidden />}
          title="Connect an application"
          action={
            <ButtonLink to="/applications" variant="light">
              Make an application
            </ButtonLink>
          }
        >
          A plugin or program that speaks the API gets its key, its redirect address and its secret here.
        </Step>
        <Step
          icon={<IconKey size={20} aria-hidden />}
          title="Use one header"
          action={
            <ButtonLink to="/access-keys" variant="light">
              Make an access key
            </ButtonLink>
          }
        >
          A script of your own needs no OAuth. An access key in a header will do.
        </Step>
        <Step
          icon={<IconApi size={20} aria-hidden />}
          title="Try the API"
          action={
            <Button component="a" href="/reference" variant="light">
              Open the reference
            </Button>
          }
        >
          Every operation with its parameters and answers, run against this account.
        </Step>
      </SimpleGrid>
    </Page>
  )
}

function Step({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode
  title: string
  children: ReactNode
  action: ReactNode
}) {
  return (
    <Card className={classes.step}>
      <ThemeIcon variant="light" size="lg">
        {icon}
      </ThemeIcon>
      <div className={classes.text}>
        <Title order={2} size="h4" mb={4}>
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {children}
        </Text>
      </div>
      <div>{action}</div>
    </Card>
  )
}
