import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import type { List, ListOptIn as ListOptInValues } from '../api/types'
import { useSending } from '../parts/sending'
import { Failed, Waiting } from '../parts/states'

/** What a list says otherwise than its account of who signs up. */
export function ListOptIn({ list, onClose }: { list: List; onClose: () => void }) {
  const path = `/kith/v1/lists/${list.list_id}/opt-in`
  const settings = useQuery({
    queryKey: ['list-opt-in', list.list_id],
    queryFn: ({ signal }) => api.get<ListOptInValues>(path, undefined, signal),
    refetchOnWindowFocus: false,
    gcTime: 0,
  })
  if (settings.error) return <Failed error={settings.error} retry={() => void settings.refetch()} />
  if (!settings.data) return <Waiting label="Loading what becomes of sign-ups" />
  return <Fields path={path} settings={settings.data} onClose={onClose} />
}

const said = (value?: boolean) => (value === undefined ? '' : value ? 'yes' : 'no')
const says = (text: string) => (text === '' ? null : text === 'yes')

function Fields({ path, settings, onClose }: { path: string; settings: ListOptInValues; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm({ initialValues: { confirm: said(settings.confirm), welcome: said(settings.welcome) } })
  const { busy, error, submit } = useSending(form, async ({ confirm, welcome }) => {
    await api.put(path, { confirm: says(confirm), welcome: says(welcome) })
    onClose()
    notifications.show({ message: 'What becomes of sign-ups is saved.', color: 'green' })
    await queries.invalidateQueries({ queryKey: ['list-opt-in'] })
  })
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <Text size="sm" c="dimmed">
          For people who join this list by themselves. Where they join several lists at once, one that asks, or
          welcomes, is enough.
        </Text>
        <Select
          label="Confirmation"
          allowDeselect={false}
          data={[
            { value: '', label: 'As in the account' },
            { value: 'yes', label: 'Ask for confirmation' },
            { value: 'no', label: 'Do not ask' },
          ]}
          {...form.getInputProps('confirm')}
        />
        <Select
          label="Welcome mail"
          allowDeselect={false}
          data={[
            { value: '', label: 'As in the account' },
            { value: 'yes', label: 'Send a welcome mail' },
            { value: 'no', label: 'Send none' },
          ]}
          {...form.getInputProps('welcome')}
        />
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
