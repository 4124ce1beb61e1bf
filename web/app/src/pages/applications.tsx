import { Badge, Button, Card, Group, Modal, Radio, Stack, Table, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { byField } from '../api/problem'
import type { Application, Flow } from '../api/types'
import { Id } from '../parts/id'
import { Page } from '../parts/page'
import { Empty, Failed, Waiting } from '../parts/states'
import { TextLink } from '../parts/link'

/** What an integrator builds, in their words, and the flow that fits it. */
export const flows: { value: Flow; label: string; description: string }[] = [
  {
    value: 'code',
    label: 'A web server or plugin',
    description: 'It can keep a secret. Authorization code flow, and the implicit flow.',
  },
  {
    value: 'pkce',
    label: 'A browser, desktop or mobile app',
    description: 'Everyone could read a secret in it. Authorization code flow with PKCE.',
  },
  {
    value: 'device',
    label: 'A device or a command line',
    description: 'It has no browser of its own. The person allows it on a second device.',
  },
]

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
        <Empty title="No applications yet">
          An application has an API key, by which Kith knows it, and redirect URIs, to which people return after they
          allow it.
        </Empty>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={600}>
            <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>API key</Table.Th>
                  <Table.Th>Flow</Table.Th>
                  <Table.Th>State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data.applications.map((app) => (
                  <Table.Tr key={app.client_id}>
                    <Table.Td>
                      <TextLink to="/applications/$id" params={{ id: app.client_id }}>
                        {app.name}
                      </TextLink>
                    </Table.Td>
                    <Table.Td>
                      <Id value={app.client_id} label="API key" />
                    </Table.Td>
                    <Table.Td>{flows.find((f) => f.value === app.flow)?.label}</Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={app.active ? 'teal' : 'gray'} tt="none">
                        {app.active ? 'active' : 'deactivated'}
                      </Badge>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <NewApplication opened={adding} onClose={() => setAdding(false)} />
    </Page>
  )
}

function NewApplication({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const form = useForm<{ name: string; flow: Flow }>({ initialValues: { name: '', flow: 'code' } })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  return (
    <Modal opened={opened} onClose={onClose} title="New application" size="lg">
      <form
        noValidate
        onSubmit={form.onSubmit(async (values) => {
          setBusy(true)
          setError(undefined)
          try {
            const app = await api.post<Application>('/kith/v1/applications', values)
            await queries.invalidateQueries({ queryKey: ['applications'] })
            form.reset()
            onClose()
            await navigate({ to: '/applications/$id', params: { id: app.client_id } })
          } catch (failure) {
            setError(failure)
            form.setErrors(byField(failure))
          } finally {
            setBusy(false)
          }
        })}
      >
        <Stack>
          {error !== undefined && <Failed error={error} />}
          <TextInput
            label="Application name"
            description="People see it when they are asked to allow the application."
            data-autofocus
            required
            withAsterisk={false}
            {...form.getInputProps('name')}
          />
          <Radio.Group label="What are you building?" {...form.getInputProps('flow')}>
            <Stack gap="xs" mt="xs">
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
    </Modal>
  )
}
