import { Badge, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAppWindow, IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import type { Application, Flow } from '../api/types'
import { Dialog } from '../parts/dialog'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'
import { flows } from './flows'

/** The applications of the signed-in user. */
export function ApplicationsPage() {
  const [adding, setAdding] = useState(false)
  const list = useQuery({
    queryKey: ['applications'],
    queryFn: ({ signal }) => api.get<{ applications: Application[] }>('/kith/v1/applications', undefined, signal),
  })
  return (
    <Page
      title="Applications"
      description="Programs that act for people who allow it. For a script of your own, an access key is simpler."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          New application
        </Button>
      }
    >
      {list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting label="Loading applications" />
      ) : list.data.applications.length === 0 ? (
        <Empty icon={<IconAppWindow aria-hidden />} title="No applications yet">
          An application has an API key, by which Kith knows it, and redirect URIs, to which people return after they
          allow it.
        </Empty>
      ) : (
        <Rows
          label="Applications"
          rows={list.data.applications}
          keyOf={(app) => app.client_id}
          columns={[
            {
              head: 'Name',
              as: 'title',
              cell: (app) => (
                <TextLink to="/applications/$id" params={{ id: app.client_id }}>
                  {app.name}
                </TextLink>
              ),
            },
            { head: 'API key', width: '21rem', cell: (app) => <Id value={app.client_id} label="API key" /> },
            { head: 'For', width: '22%', cell: (app) => flows.find((f) => f.value === app.flow)?.label },
            {
              head: 'State',
              width: '9rem',
              cell: (app) => (
                <Badge color={app.active ? 'green' : 'gray'}>{app.active ? 'Active' : 'Deactivated'}</Badge>
              ),
            },
          ]}
        />
      )}
      <Dialog opened={adding} onClose={() => setAdding(false)} title="New application" size="lg">
        <NewApplication onClose={() => setAdding(false)} />
      </Dialog>
    </Page>
  )
}

function NewApplication({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const form = useForm<{ name: string; flow: Flow }>({ initialValues: { name: '', flow: 'code' } })
  const { busy, error, submit } = useSending(form, async (values) => {
    const app = await api.post<Application>('/kith/v1/applications', values)
    onClose()
    await navigate({ to: '/applications/$id', params: { id: app.client_id } })
    await queries.invalidateQueries({ queryKey: ['applications'] })
  })
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput
          label="Application name"
          description="People see it when they are asked to allow the application."
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Radio.Group label="What are you building?" {...form.getInputProps('flow')}>
          <Stack gap="sm" mt="xs">
            {flows.map((flow) => (
              <Radio key={flow.value} value={flow.value} label={flow.label} description={flow.description} />
            ))}
          </Stack>
        </Radio.Group>
        <Text size="sm" c="dimmed">
          The redirect URI begins as https://localhost; you change it on the next page.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
