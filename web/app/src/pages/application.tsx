import { Alert, Button, DataList, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { messageOf } from '../api/problem'
import type { Application, LoggedPage } from '../api/types'
import { Confirm } from '../parts/confirm'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { Failed, Fetched, Waiting } from '../parts/states'
import { ApplicationForm } from './application-form'
import { ApplicationKeys } from './application-keys'
import { flows } from './flows'
import { RequestRows } from './requests'

const route = getRouteApi('/applications/$id')

const back = <TextLink to="/applications">← All applications</TextLink>

/** One application: its keys, where it may return to, and its state. */
export function ApplicationPage() {
  const { id } = route.useParams()
  const app = useQuery({
    queryKey: ['applications', id],
    queryFn: ({ signal }) => api.get<Application>(`/kith/v1/applications/${id}`, undefined, signal),
  })
  return (
    <Fetched query={app} title="Application" back={back}>
      {(a) => <Loaded key={a.client_id} app={a} />}
    </Fetched>
  )
}

function Loaded({ app }: { app: Application }) {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const path = `/kith/v1/applications/${app.client_id}`
  const [asking, setAsking] = useState<'deactivate' | 'delete'>()
  const refresh = () => queries.invalidateQueries({ queryKey: ['applications'] })

  const activate = async () => {
    try {
      await api.post(`${path}/activate`)
      notifications.show({ message: 'The application is active again.', color: 'green' })
      await refresh()
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    }
  }

  return (
    <Page
      title={app.name}
      back={back}
      description={flows.find((f) => f.value === app.flow)?.description}
      actions={
        <>
          {app.active ? (
            <Button variant="default" onClick={() => setAsking('deactivate')}>
              Deactivate
            </Button>
          ) : (
            <Button onClick={() => void activate()}>Activate</Button>
          )}
          <Button variant="default" c="red" onClick={() => setAsking('delete')}>
            Delete
          </Button>
        </>
      }
    >
      {!app.active && (
        <Alert color="yellow" title="This application is deactivated">
          Every call it makes is answered with 403 until it is activated again.
        </Alert>
      )}
      <ApplicationKeys app={app} refresh={refresh} />
      <ApplicationForm app={app} refresh={refresh} />
      <Section title="Addresses to use">
        <DataList labelWidth="6rem">
          {(
            [
              ['Authorize', app.flow === 'device' ? app.endpoints.device_authorize : app.endpoints.authorize],
              ['Token', app.endpoints.token],
              ['API', app.endpoints.api],
            ] as const
          ).map(([label, url]) => (
            <DataList.Item key={label}>
              <DataList.ItemLabel>{label}</DataList.ItemLabel>
              <DataList.ItemValue>
                <Id value={url} label={`${label} address`} />
              </DataList.ItemValue>
            </DataList.Item>
          ))}
        </DataList>
      </Section>
      <LastFailures app={app} />

      <Confirm
        opened={asking === 'deactivate'}
        onClose={() => setAsking(undefined)}
        title="Deactivate this application?"
        confirm="Deactivate it"
        run={async () => {
          await api.post(`${path}/deactivate`)
          await refresh()
        }}
      >
        Every call by every user of it is refused until you activate it again.
      </Confirm>
      <Confirm
        opened={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        title="Delete this application?"
        confirm="Delete it"
        run={async () => {
          await api.delete(path)
          await navigate({ to: '/applications' })
          queries.removeQueries({ queryKey: ['applications', app.client_id] })
          await refresh()
        }}
      >
        The API key of <b>{app.name}</b>, its secret and all tokens stop working at once and do not come back.
      </Confirm>
    </Page>
  )
}

/** The requests of the application that were refused last. */
function LastFailures({ app }: { app: Application }) {
  const failures = useQuery({
    queryKey: ['requests of', app.client_id],
    queryFn: ({ signal }) =>
      api.get<LoggedPage>('/kith/v1/requests', { client_id: app.client_id, status: 'failed', limit: 5 }, signal),
  })
  const rows = failures.data?.requests ?? []
  return (
    <Section title="Last failures">
      {failures.error ? (
        <Failed error={failures.error} retry={() => void failures.refetch()} />
      ) : failures.isPending ? (
        <Waiting label="Loading failures" />
      ) : rows.length === 0 ? (
        <Text c="dimmed">No request of this application was refused lately.</Text>
      ) : (
        <RequestRows rows={rows} label="Last failures" />
      )}
      <Text size="sm" mt="sm">
        <TextLink to="/requests" search={{ application: app.client_id }}>
          All requests of this application
        </TextLink>
      </Text>
    </Section>
  )
}
