import { Badge, Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash, IconUserPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay, useMe } from '../api/me'
import { messageOf } from '../api/problem'
import type { Invitation, Member, Users } from '../api/types'
import { Actions } from '../parts/actions'
import { Breakable } from '../parts/breakable'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { Invite } from './invite'
import { roleName, roles } from './roles'

/** Who may act in this account. */
export function UsersPage() {
  const me = useMe()
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const [inviting, setInviting] = useState(false)
  const [removed, setRemoved] = useState<Member>()
  const list = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => api.get<Users>('/kith/v1/users', undefined, signal),
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['users'] })

  const attempt = async (what: Promise<unknown>, said: string) => {
    try {
      await what
      notifications.show({ message: said, color: 'green' })
      await refresh()
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    }
  }

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
        <Rows<Member | Invitation>
          label="Users and invitations"
          rows={[...list.data.users, ...list.data.invitations]}
          keyOf={(row) => ('user_id' in row ? row.user_id : row.invitation_id)}
          columns={[
            { head: 'Name', as: 'title', cell: (row) => <Who of={row} /> },
            { head: 'Role', width: '12rem', cell: (row) => roleName(row.role) },
            {
              head: 'Since',
              width: '14rem',
              cell: (row) =>
                'user_id' in row ? (
                  <When at={row.created_at} day />
                ) : (
                  <>
                    <Badge color="yellow">Invited</Badge> until <When at={row.expires_at} day />
                  </>
                ),
            },
            {
              head: 'Actions',
              as: 'actions',
              width: '8rem',
              cell: (row) => {
                if (!mayChange || ('user_id' in row && row.user_id === me.user.user_id)) return null
                return 'user_id' in row ? (
                  <Actions
                    label={`Actions for ${row.username}`}
                    actions={[
                      ...roles
                        .filter((role) => role.value !== row.role)
                        .map((role) => ({
                          label: `Make ${role.label.toLowerCase()}`,
                          run: () =>
                            void attempt(
                              api.put(`/kith/v1/users/${row.user_id}`, { role: role.value }),
                              `${row.username} is ${role.label.toLowerCase()} now.`,
                            ),
                        })),
                      {
                        label: 'Remove',
                        icon: <IconTrash size={16} aria-hidden />,
                        danger: true,
                        run: () => setRemoved(row),
                      },
                    ]}
                  />
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Withdraw the invitation of ${row.email}`}
                    onClick={() =>
                      void attempt(
                        api.delete(`/kith/v1/invitations/${row.invitation_id}`),
                        'The invitation is withdrawn.',
                      )
                    }
                  >
                    Withdraw
                  </Button>
                )
              },
            },
          ]}
        />
      )}
      <Dialog opened={inviting} onClose={() => setInviting(false)} title="Invite somebody">
        <Invite onClose={() => setInviting(false)} done={refresh} />
      </Dialog>
      <Confirm
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title="Remove this user?"
        confirm="Remove"
        run={async () => {
          await api.delete(`/kith/v1/users/${removed?.user_id}`)
          await refresh()
        }}
      >
        The sessions, tokens and access keys of <b>{removed?.username}</b> in this account end at once.
      </Confirm>
    </Page>
  )
}

function Who({ of }: { of: Member | Invitation }) {
  if (!('user_id' in of)) return <Breakable text={of.email} />
  const name = [of.first_name, of.last_name].filter(Boolean).join(' ')
  return (
    <>
      {name || <Breakable text={of.username} />}
      {name && (
        <Text size="sm" c="dimmed" fw={400}>
          <Breakable text={of.username} />
        </Text>
      )}
    </>
  )
}
