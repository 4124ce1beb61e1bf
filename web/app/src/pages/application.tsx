import { Alert, Button, Card, Group, Radio, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { byField } from '../api/problem'
import type { Application, Flow, RefreshKind } from '../api/types'
import { Confirm } from '../parts/confirm'
import { Id } from '../parts/id'
import { Page } from '../parts/page'
import { Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { flows } from './applications'
import { TextLink } from '../parts/link'

const route = getRouteApi('/applications/$id')

/** One application: its keys, where it may return to, and its state. */
export function ApplicationPage() {
  const { id } = route.useParams()
  const app = useQuery({
    queryKey: ['applications', id],
    queryFn: ({ signal }) => api.get<Application>(`/kith/v1/applications/${id}`, undefined, signal),
  })
  if (app.isPending) return <Waiting label="Loading the application" />
  if (app.error) return <Failed error={app.error} retry={() => void app.refetch()} />
  return <Loaded key={app.data.client_id} app={app.data} />
}

function Loaded({ app }: { app: Application }) {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const path = `/kith/v1/applications/${app.client_id}`
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [secret, setSecret] = useState<string>()
  const [replacing, setReplacing] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const [deactivating, setDeactivating] = useState(false)
  const form = useForm({
    initialValues: {
      name: app.name,
      description: app.description ?? '',
      logo_url: app.logo_url ?? '',
      website: app.website ?? '',
      flow: app.flow as Flow,
      refresh_kind: app.refresh_kind as RefreshKind,
      redirect_uris: app.redirect_uris.join('\n'),
    },
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['applications'] })

  const makeSecret = async (replace: boolean) => {
    const made = await api.post<{ client_secret: string }>(`${path}/secret`, replace ? { replace: true } : {})
    setSecret(made.client_secret)
    await refresh()
  }

  return (
    <Page
      title={app.name}
      description={flows.find((f) => f.value === app.flow)?.description}
      actions={
        <>
          {app.active ? (
            <Button variant="default" onClick={() => setDeactivating(true)}>
              Deactivate
            </Button>
          ) : (
            <Button
              variant="default"
              onClick={async () => {
                try {
                  await api.post(`${path}/activate`)
                  await refresh()
                } catch (failure) {
                  setError(failure)
                }
              }}
            >
              Activate
            </Button>
          )}
          <Button variant="default" c="red" onClick={() => setDeleting(true)}>
            Delete
          </Button>
        </>
      }
    >
      <TextLink to="/applications" size="sm">
        ← All applications
      </TextLink>
      {!app.active && (
        <Alert color="yellow" title="This application is deactivated">
          Every call it makes is answered with 403 until it is activated again.
        </Alert>
      )}

      <Card withBorder component="section" aria-labelledby="keys">
        <Title order={2} size="h4" id="keys" mb="sm">
          Keys
        </Title>
        <Stack>
          <TextInput
            label="API key (client ID)"
            readOnly
            value={app.client_id}
            ff="monospace"
            onFocus={(e) => e.target.select()}
          />
          {app.flow === 'code' && (
            <>
              {secret !== undefined ? (
                <TextInput
                  label="Client secret"
                  description="Copy it now: it is kept only as a hash and is not shown again."
                  readOnly
                  value={secret}
                  ff="monospace"
                  onFocus={(e) => e.target.select()}
                />
              ) : (
                <Text size="sm" c="dimmed">
                  {app.has_secret ? (
                    <>
                      The secret was made <When at={app.secret_created_at} /> and cannot be shown again.
                    </>
                  ) : (
                    'There is no secret yet.'
                  )}
                </Text>
              )}
              <Group>
                <Button
                  variant="light"
                  onClick={async () => {
                    if (app.has_secret) return setReplacing(true)
                    try {
                      await makeSecret(false)
                    } catch (failure) {
                      setError(failure)
                    }
                  }}
                >
                  Generate client secret
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </Card>

      <Card withBorder component="section" aria-labelledby="settings">
        <Title order={2} size="h4" id="settings" mb="sm">
          Settings
        </Title>
        <form
          noValidate
          onSubmit={form.onSubmit(async (values) => {
            setBusy(true)
            setError(undefined)
            form.clearErrors()
            try {
              await api.put(path, {
                ...values,
                redirect_uris: values.redirect_uris
                  .split('\n')
                  .map((uri) => uri.trim())
                  .filter(Boolean),
              })
              await refresh()
              notifications.show({ message: 'The application is saved.', color: 'teal' })
            } catch (failure) {
              setError(failure)
              const problems = byField(failure)
              const uris = Object.entries(problems).filter(([field]) => field.startsWith('redirect_uris'))
              form.setErrors({
                ...problems,
                ...(uris.length > 0 ? { redirect_uris: uris.map(([, text]) => text).join('; ') } : {}),
              })
            } finally {
              setBusy(false)
            }
          })}
        >
          <Stack>
            {error !== undefined && <Failed error={error} />}
            <TextInput label="Application name" {...form.getInputProps('name')} />
            {app.flow !== 'device' && (
              <Textarea
                label="Redirect URIs"
                description="One a line. The URI sent must be the same to the letter; a * may stand for one whole host label, as in https://*.shop.example."
                autosize
                minRows={2}
                ff="monospace"
                {...form.getInputProps('redirect_uris')}
              />
            )}
            <Textarea
              label="Description"
              description="Shown to people who are asked to allow it."
              autosize
              minRows={2}
              {...form.getInputProps('description')}
            />
            <Group grow align="flex-start">
              <TextInput label="Logo URL" type="url" {...form.getInputProps('logo_url')} />
              <TextInput label="Website" type="url" {...form.getInputProps('website')} />
            </Group>
            <Select
              label="What are you building?"
              allowDeselect={false}
              data={flows.map((f) => ({ value: f.value, label: f.label }))}
              {...form.getInputProps('flow')}
            />
            <Radio.Group label="Refresh tokens" {...form.getInputProps('refresh_kind')}>
              <Stack gap="xs" mt="xs">
                <Radio
                  value="rotating"
                  label="Rotating"
                  description="Each use gives a new one. A stolen token is noticed; a lost answer can be asked for again at once."
                />
                <Radio
                  value="long_lived"
                  label="Long lived"
                  description="One value that stays. Simpler for programs that cannot store a new one each time."
                />
              </Stack>
            </Radio.Group>
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>

      <Card withBorder component="section" aria-labelledby="addresses">
        <Title order={2} size="h4" id="addresses" mb="sm">
          Addresses to use
        </Title>
        <Stack gap="xs">
          {(
            [
              ['Authorize', app.flow === 'device' ? app.endpoints.device_authorize : app.endpoints.authorize],
              ['Token', app.endpoints.token],
              ['API', app.endpoints.api],
            ] as const
          ).map(([label, url]) => (
            <Group key={label} gap="xs" wrap="nowrap" align="baseline">
              <Text size="sm" c="dimmed" w={90} style={{ flexShrink: 0 }}>
                {label}
              </Text>
              <Id value={url} label={`${label} address`} />
            </Group>
          ))}
        </Stack>
      </Card>

      <Confirm
        opened={replacing}
        onClose={() => setReplacing(false)}
        title="Make a new secret?"
        confirm="Make a new secret"
        run={() => makeSecret(true)}
      >
        The present secret stops working at once. Tokens that were given out stay valid.
      </Confirm>
      <Confirm
        opened={deactivating}
        onClose={() => setDeactivating(false)}
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
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${app.name}?`}
        confirm="Delete it"
        run={async () => {
          await api.delete(path)
          await navigate({ to: '/applications' })
          await refresh()
        }}
      >
        Its API key, secret and all tokens stop working at once and do not come back.
      </Confirm>
    </Page>
  )
}
