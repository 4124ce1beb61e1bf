import { Button, Group, MultiSelect, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import type { Contact } from '../api/types'
import { Dialog } from '../parts/dialog'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'
import { listsQuery } from './contacts'

interface Props {
  contact: Contact
  called: string
  onClose: () => void
}

/** Brings a deleted contact back onto lists, of which there must be one. */
export function RestoreContact({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Dialog opened={opened} onClose={props.onClose} title="Restore this contact">
      <Form {...props} />
    </Dialog>
  )
}

function Form({ contact: c, called, onClose }: Props) {
  const queries = useQueryClient()
  const lists = useQuery(listsQuery)
  const form = useForm({ initialValues: { list_ids: [] as string[] } })
  const { busy, error, submit } = useSending(form, async ({ list_ids }) => {
    await api.post(`/v3/contacts/${c.contact_id}/list_memberships`, { list_ids })
    onClose()
    notifications.show({ message: `${called} is restored.`, color: 'green' })
    await queries.invalidateQueries()
  })
  const e = c.email_address
  const stays = e?.permission_to_send === 'unsubscribed' || e?.opt_out_source === 'Contact'
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <Text>
          {stays
            ? `${called} comes back, but stays unsubscribed and is not mailed.`
            : `${called} comes back with the permission that they had.`}
        </Text>
        <MultiSelect
          label="Lists"
          searchable
          clearable
          nothingFoundMessage="No such list"
          data={lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
          {...form.getInputProps('list_ids')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Restore
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
