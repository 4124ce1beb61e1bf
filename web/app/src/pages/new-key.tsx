import { Alert, Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'

import { api } from '../api/client'
import type { AccessKey } from '../api/types'
import { CopyField } from '../parts/copy-field'
import { Id } from '../parts/id'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'

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

/** What a new key is called and what it may do. */
export function NewKey({ onClose, done }: { onClose: () => void; done: (made: AccessKey) => Promise<unknown> }) {
  const form = useForm({ initialValues: { name: '', scopes: ['contact_data'], expires_at: '' } })
  const { busy, error, submit } = useSending(form, async ({ expires_at: days, ...key }) =>
    done(await api.post<AccessKey>('/kith/v1/api_keys', { ...key, expires_at: inDays(days) })),
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput
          label="Name"
          description="To tell it from others later."
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Checkbox.Group label="Scopes" {...form.getInputProps('scopes')}>
          <Stack gap="sm" mt="xs">
            {scopes.map((s) => (
              <Checkbox key={s.value} value={s.value} label={s.label} description={s.value} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select label="Expires" allowDeselect={false} data={lives} {...form.getInputProps('expires_at')} />
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

/** The key itself, this once. */
export function MadeKey({ made, onClose }: { made: AccessKey; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="yellow">Copy it now: it is kept only as a hash and is not shown again.</Alert>
      <CopyField label="Access key" value={made.api_key ?? ''} />
      <div>
        <Text size="sm" fw={600} mb={4}>
          Try it
        </Text>
        <Id
          value={`curl -H "Authorization: Bearer ${made.api_key}" ${window.location.origin}/v3/contacts`}
          label="command"
        />
      </div>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
