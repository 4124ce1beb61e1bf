import { Badge, Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { messageOf } from '../api/problem'
import type { Sender, SenderRole } from '../api/types'
import { Actions } from '../parts/actions'
import { Breakable } from '../parts/breakable'
import { Confirm } from '../parts/confirm'
import { FormOf } from '../parts/form-of'
import { Rows } from '../parts/rows'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'

const roleNames: Record<SenderRole, string> = {
  CONTACT: 'Contact',
  BILLING: 'Billing',
  JOURNALING: 'Copies of mail sent',
  REPLY_TO: 'Replies',
  OTHER: '',
}

/** Addresses that mail may be sent from, and which of them are confirmed. */
export function Senders() {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const [dropped, setDropped] = useState<Sender>()
  const list = useQuery({
    queryKey: ['senders'],
    queryFn: ({ signal }) => api.get<Sender[]>('/v3/account/emails', undefined, signal),
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['senders'] })

  const sendAgain = async (sender: Sender) => {
    try {
      await api.post(`/kith/v1/senders/${sender.email_id}/confirmation`)
      notifications.show({ message: `A mail is on its way to ${sender.email_address}.`, color: 'green' })
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    }
  }

  return (
    <Section
      title="Addresses to send from"
      lead="Mail leaves from confirmed addresses only. Whoever reads mail at an address confirms it, by a link in a mail."
    >
      <Stack>
        {list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Waiting label="Loading addresses" />
        ) : list.data.length === 0 ? (
          <Empty title="No addresses yet">Add the address that your mail is to come from.</Empty>
        ) : (
          <Rows
            label="Addresses to send from"
            rows={list.data}
            keyOf={(row) => String(row.email_id)}
            columns={[
              { head: 'Address', as: 'title', cell: (row) => <Breakable text={row.email_address} /> },
              {
                head: 'State',
                width: '9rem',
                cell: (row) =>
                  row.confirm_status === 'CONFIRMED' ? (
                    <Badge color="green">Confirmed</Badge>
                  ) : (
                    <Badge color="yellow">Unconfirmed</Badge>
                  ),
              },
              {
                head: 'Used for',
                width: '11rem',
                cell: (row) => [...row.roles, ...row.pending_roles].map((role) => roleNames[role]).join(', '),
              },
              {
                head: 'Actions',
                as: 'actions',
                width: '11rem',
                cell: (row) =>
                  mayChange && (
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      {row.confirm_status === 'UNCONFIRMED' && (
                        <Button
                          size="xs"
                          variant="default"
                          aria-label={`Send again to ${row.email_address}`}
                          onClick={() => void sendAgain(row)}
                        >
                          Send again
                        </Button>
                      )}
                      {![...row.roles, ...row.pending_roles].includes('CONTACT') && (
                        <Actions
                          label={`Actions for ${row.email_address}`}
                          actions={[
                            {
                              label: 'Remove',
                              icon: <IconTrash size={16} aria-hidden />,
                              danger: true,
                              run: () => setDropped(row),
                            },
                          ]}
                        />
                      )}
                    </Group>
                  ),
              },
            ]}
          />
        )}
        {mayChange && <AddSender done={refresh} />}
      </Stack>
      <Confirm
        opened={dropped !== undefined}
        onClose={() => setDropped(undefined)}
        title="Remove this address?"
        confirm="Remove"
        run={async () => {
          await api.delete(`/kith/v1/senders/${dropped?.email_id}`)
          await refresh()
        }}
      >
        No mail can be sent from <b>{dropped?.email_address}</b> any more, until it is added and confirmed again.
      </Confirm>
    </Section>
  )
}

function AddSender({ done }: { done: () => Promise<unknown> }) {
  const form = useForm({ initialValues: { email_address: '' } })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      await api.post('/v3/account/emails', values)
      form.reset()
      notifications.show({ message: `A mail is on its way to ${values.email_address}.`, color: 'green' })
      await done()
    },
    { code: { 'account.email.taken': (failure) => ({ email_address: failure.message }) } },
  )
  return (
    <FormOf submit={submit} busy={busy} error={error} save="Add address">
      <TextInput label="New address" type="email" autoComplete="off" {...form.getInputProps('email_address')} />
    </FormOf>
  )
}
