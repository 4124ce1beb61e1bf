import { Alert, Button, Card, Checkbox, Code, Group, Modal, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { byField } from '../api/problem'
import type { AccessKey } from '../api/types'
import { Confirm } from '../parts/confirm'
import { Id } from '../parts/id'
import { Page } from '../parts/page'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

const scopes = [
  { value: 'contact_data', label: 'Contacts, lists, tags, segments and bulk work' },
  { value: 'campaign_data', label: 'Campaigns and their reports' },
  { value: 'account_read', label: 'Read the account' },
  { value: 'account_update', label: 'Change the account' },
]

const lives = [
  { value: '', label: 'Until it is revoked' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
]

/** The moment so many days from now; never where no number is given. */
function inDays(days: string): string | undefined {
  return days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : undefined
}

/** Keys for scripts of one's own: one header, no sign-in. */
export function AccessKeysPage() {
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [revoked, setRevoked] = useState<AccessKey>()
  const list = useQuery({
    queryKey: ['access-keys'],
    queryFn: ({ signal }) => api.get<{ api_keys: AccessKey[] }>('/kith/v1/api_keys', undefined, signal),
  })
  return (
    <Page
      title="Access keys"
      description="For scripts and forms of your own: a key in the Authorization header, and no sign-in by OAuth."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          New access key
        </Button>
      }
    >
      {list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting label="Loading access keys" />
      ) : list.data.api_keys.length === 0 ? (
        <Empty title="No access keys yet">A key acts as you, in this account, within the scopes you give it.</Empty>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={720}>
            <Table verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Begins</Table.Th>
                  <Table.Th>Scopes</Table.Th>
                  <Table.Th>Made</Table.Th>
                  <Table.Th>Last used</Table.Th>
                  <Table.Th>Expires</Table.Th>
                  <Table.Th>
                    <span className="skip">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data.api_keys.map((key) => (
                  <Table.Tr key={key.api_key_id}>
                    <Table.Td>{key.name}</Table.Td>
                    <Table.Td>
                      <Code>{key.hint}…</Code>
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm">{key.scopes.join(', ')}</Text>
                    </Table.Td>
                    <Table.Td>
                      <When at={key.created_at} />
                    </Table.Td>
                    <Table.Td>
                      <When at={key.used_at} fallback="never" />
                    </Table.Td>
                    <Table.Td>
                      <When at={key.expires_at} fallback="never" />
                    </Table.Td>
                    <Table.Td ta="right">
                      <Button
                        size="xs"
                        variant="default"
                        c="red"
                        onClick={() => setRevoked(key)}
                        aria-label={`Revoke ${key.name}`}
                      >
                        Revoke
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <NewKey opened={adding} onClose={() => setAdding(false)} />
      <Confirm
        opened={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={`Revoke ${revoked?.name ?? 'the key'}?`}
        confirm="Revoke it"
        run={async () => {
          await api.delete(`/kith/v1/api_keys/${revoked?.api_key_id}`)
          await queries.invalidateQueries({ queryKey: ['access-keys'] })
        }}
      >
        What uses this key is refused at once.
      </Confirm>
    </Page>
  )
}

function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: '', scopes: ['contact_data'], days: '' } })
  const [made, setMade] = useState<AccessKey>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const close = () => {
    setMade(undefined)
    setError(undefined)
    form.reset()
    onClose()
  }
  if (made?.api_key) {
    return (
      <Modal opened={opened} onClose={close} title="Your access key" size="lg">
        <Stack>
          <Alert color="teal">Copy it now: it is kept only as a hash and is not shown again.</Alert>
          <TextInput
            label="Access key"
            readOnly
            value={made.api_key}
            ff="monospace"
            onFocus={(e) => e.target.select()}
          />
          <Text size="sm" c="dimmed">
            Try it:
          </Text>
          <Id
            value={`curl -H "Authorization: Bearer ${made.api_key}" ${window.location.origin}/v3/contacts`}
            label="command"
          />
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    )
  }
  return (
    <Modal opened={opened} onClose={close} title="New access key" size="lg">
      <form
        noValidate
        onSubmit={form.onSubmit(async ({ name, scopes: chosen, days }) => {
          setBusy(true)
          setError(undefined)
          try {
            setMade(await api.post<AccessKey>('/kith/v1/api_keys', { name, scopes: chosen, expires_at: inDays(days) }))
            await queries.invalidateQueries({ queryKey: ['access-keys'] })
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
            label="Name"
            description="To tell it from others later."
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Checkbox.Group label="Scopes" {...form.getInputProps('scopes')}>
            <Stack gap="xs" mt="xs">
              {scopes.map((s) => (
                <Checkbox key={s.value} value={s.value} label={s.label} description={s.value} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Select label="Expires" allowDeselect={false} data={lives} {...form.getInputProps('days')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
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
