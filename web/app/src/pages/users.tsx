import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Card,
  Group,
  Menu,
  Modal,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay, useMe, type Role } from '../api/me'
import { byField } from '../api/problem'
import { Confirm } from '../parts/confirm'
import { Page } from '../parts/page'
import { Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

interface Member {
  user_id: string
  username: string
  email: string
  first_name?: string
  last_name?: string
  role: Role
  created_at: string
}

interface Invitation {
  invitation_id: string
  email: string
  role: Role
  created_at: string
  expires_at: string
}

const roles: { value: Role; label: string; can: string }[] = [
  { value: 'owner', label: 'Owner', can: 'Everything' },
  { value: 'manager', label: 'Manager', can: 'Everything but the account’s own data' },
  { value: 'campaign_creator', label: 'Campaign creator', can: 'Makes campaigns and sees lists; no contacts' },
]
const roleName = (role: Role) => roles.find((r) => r.value === role)?.label ?? role

/** Who may act in this account. */
export function UsersPage() {
  const me = useMe()
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const [inviting, setInviting] = useState(false)
  const [removed, setRemoved] = useState<Member>()
  const list = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) =>
      api.get<{ users: Member[]; invitations: Invitation[] }>('/kith/v1/users', undefined, signal),
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['users'] })
  return (
    <Page
      title="Users"
      description="People who may act in this account, and what they may do."
      actions={
        mayChange && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      {list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting label="Loading users" />
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>Since</Table.Th>
                  <Table.Th>
                    <span className="skip">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data.users.map((user) => (
                  <Table.Tr key={user.user_id}>
                    <Table.Td>
                      <Text>{[user.first_name, user.last_name].filter(Boolean).join(' ') || user.username}</Text>
                      <Text size="sm" c="dimmed" className="break">
                        {user.username}
                      </Text>
                    </Table.Td>
                    <Table.Td>{roleName(user.role)}</Table.Td>
                    <Table.Td>
                      <When at={user.created_at} />
                    </Table.Td>
                    <Table.Td ta="right">
                      {mayChange && user.user_id !== me.user.user_id && (
                        <Menu position="bottom-end">
                          <Menu.Target>
                            <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.username}`}>
                              <IconDots size={18} />
                            </ActionIcon>
                          </Menu.Target>
                          <Menu.Dropdown>
                            {roles
                              .filter((r) => r.value !== user.role)
                              .map((r) => (
                                <Menu.Item
                                  key={r.value}
                                  onClick={async () => {
                                    try {
                                      await api.put(`/kith/v1/users/${user.user_id}`, { role: r.value })
                                      await refresh()
                                    } catch (failure) {
                                      notifications.show({ message: String((failure as Error).message), color: 'red' })
                                    }
                                  }}
                                >
                                  Make {r.label.toLowerCase()}
                                </Menu.Item>
                              ))}
                            <Menu.Divider />
                            <Menu.Item color="red" onClick={() => setRemoved(user)}>
                              Remove
                            </Menu.Item>
                          </Menu.Dropdown>
                        </Menu>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
                {list.data.invitations.map((invitation) => (
                  <Table.Tr key={invitation.invitation_id}>
                    <Table.Td>
                      <Text className="break">{invitation.email}</Text>
                      <Badge variant="light" color="yellow" tt="none">
                        invited
                      </Badge>
                    </Table.Td>
                    <Table.Td>{roleName(invitation.role)}</Table.Td>
                    <Table.Td>
                      until <When at={invitation.expires_at} />
                    </Table.Td>
                    <Table.Td ta="right">
                      {mayChange && (
                        <Button
                          size="xs"
                          variant="default"
                          aria-label={`Withdraw the invitation of ${invitation.email}`}
                          onClick={async () => {
                            await api.delete(`/kith/v1/invitations/${invitation.invitation_id}`)
                            await refresh()
                          }}
                        >
                          Withdraw
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <Invite opened={inviting} onClose={() => setInviting(false)} done={refresh} />
      <Confirm
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={`Remove ${removed?.username ?? 'the user'}?`}
        confirm="Remove"
        run={async () => {
          await api.delete(`/kith/v1/users/${removed?.user_id}`)
          await refresh()
        }}
      >
        Their sessions, tokens and access keys in this account end at once.
      </Confirm>
    </Page>
  )
}

function Invite({ opened, onClose, done }: { opened: boolean; onClose: () => void; done: () => Promise<unknown> }) {
  const me = useMe()
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: '', role: 'manager' } })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody">
      <form
        noValidate
        onSubmit={form.onSubmit(async (values) => {
          setBusy(true)
          setError(undefined)
          try {
            await api.post('/kith/v1/invitations', values)
            await done()
            notifications.show({ message: `${values.email} is invited.`, color: 'teal' })
            form.reset()
            onClose()
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
          {!me.server.smtp && (
            <Alert color="yellow">
              No mail relay is set, so the invitation waits in the outbox, where only the invited person could read it.
            </Alert>
          )}
          <TextInput label="Email" type="email" data-autofocus {...form.getInputProps('email')} />
          <Select
            label="Role"
            allowDeselect={false}
            description={roles.find((r) => r.value === form.values.role)?.can}
            data={roles.map((r) => ({ value: r.value, label: r.label }))}
            {...form.getInputProps('role')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Invite
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
