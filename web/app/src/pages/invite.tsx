import { Alert, Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'

import { api } from '../api/client'
import { useMe } from '../api/me'
import type { Role } from '../api/types'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'
import { roles } from './roles'

/** Asks for somebody by their address. */
export function Invite({ onClose, done }: { onClose: () => void; done: () => Promise<unknown> }) {
  const me = useMe()
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: '', role: 'manager' } })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      await api.post('/kith/v1/invitations', values)
      onClose()
      notifications.show({ message: `${values.email} is invited.`, color: 'green' })
      await done()
    },
    { code: { 'user.member': (failure) => ({ email: failure.message }) } },
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        {!me.server.smtp && (
          <Alert color="yellow">
            No mail relay is set, so the invitation waits in the outbox, where only the invited person can read it.
          </Alert>
        )}
        <TextInput label="Email" type="email" autoComplete="off" data-autofocus {...form.getInputProps('email')} />
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
  )
}
