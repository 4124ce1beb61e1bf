import {
  Alert,
  Button,
  Card,
  Group,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay, useMe } from '../api/me'
import { byField } from '../api/problem'
import { Id } from '../parts/id'
import { Page } from '../parts/page'
import { Failed, Waiting } from '../parts/states'

interface Settings {
  organization_name?: string
  organization_phone?: string
  website?: string
  contact_email?: string
  contact_phone?: string
  first_name?: string
  last_name?: string
  country_code?: string
  state_code?: string
  time_zone_id?: string
  physical_address?: PostalAddress
}

interface PostalAddress {
  address_line1?: string
  address_line2?: string
  address_line3?: string
  city?: string
  state_code?: string
  state_name?: string
  postal_code?: string
  country_code?: string
}

const zones = Intl.supportedValuesOf('timeZone')

/** The account's own data, and the signed-in user's password. */
export function SettingsPage() {
  const me = useMe()
  const settings = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => api.get<Settings>('/kith/v1/settings', undefined, signal),
  })
  return (
    <Page title="Settings">
      {settings.error ? (
        <Failed error={settings.error} retry={() => void settings.refetch()} />
      ) : settings.isPending ? (
        <Waiting label="Loading settings" />
      ) : (
        <>
          <AccountForm settings={settings.data} />
          <PostalForm address={settings.data.physical_address ?? {}} />
        </>
      )}
      <PasswordForm />
      <Card withBorder component="section" aria-labelledby="ids">
        <Title order={2} size="h4" id="ids" mb="sm">
          For support and scripts
        </Title>
        <Stack gap="xs">
          <Group gap="xs">
            <Text size="sm" c="dimmed" w={150}>
              Account ID
            </Text>
            <Id value={me.account.encoded_account_id} label="account ID" />
          </Group>
          <Group gap="xs">
            <Text size="sm" c="dimmed" w={150}>
              Server
            </Text>
            <Text size="sm">
              {me.server.public_url} · Kith {me.server.version}
            </Text>
          </Group>
        </Stack>
      </Card>
    </Page>
  )
}

function AccountForm({ settings }: { settings: Settings }) {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const form = useForm({
    initialValues: {
      organization_name: settings.organization_name ?? '',
      organization_phone: settings.organization_phone ?? '',
      website: settings.website ?? '',
      first_name: settings.first_name ?? '',
      last_name: settings.last_name ?? '',
      contact_email: settings.contact_email ?? '',
      contact_phone: settings.contact_phone ?? '',
      country_code: settings.country_code ?? '',
      state_code: settings.state_code ?? '',
      time_zone_id: settings.time_zone_id ?? '',
    },
  })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  return (
    <Card withBorder component="section" aria-labelledby="account">
      <Title order={2} size="h4" id="account" mb="sm">
        Account
      </Title>
      <form
        noValidate
        onSubmit={form.onSubmit(async (values) => {
          setBusy(true)
          setError(undefined)
          form.clearErrors()
          try {
            await api.put('/kith/v1/settings', values)
            await queries.invalidateQueries()
            notifications.show({ message: 'The settings are saved.', color: 'teal' })
          } catch (failure) {
            setError(failure)
            form.setErrors(byField(failure))
          } finally {
            setBusy(false)
          }
        })}
      >
        <fieldset disabled={!mayChange} style={{ border: 0, padding: 0, margin: 0 }}>
          <Stack>
            {error !== undefined && <Failed error={error} />}
            {!mayChange && <Alert color="gray">Only an owner may change these.</Alert>}
            <TextInput label="Organization name" {...form.getInputProps('organization_name')} />
            <Group grow align="flex-start">
              <TextInput label="Website" type="url" {...form.getInputProps('website')} />
              <TextInput label="Organization phone" type="tel" {...form.getInputProps('organization_phone')} />
            </Group>
            <Group grow align="flex-start">
              <TextInput label="First name" {...form.getInputProps('first_name')} />
              <TextInput label="Last name" {...form.getInputProps('last_name')} />
            </Group>
            <Group grow align="flex-start">
              <TextInput label="Contact email" type="email" {...form.getInputProps('contact_email')} />
              <TextInput label="Contact phone" type="tel" {...form.getInputProps('contact_phone')} />
            </Group>
            <Group grow align="flex-start">
              <TextInput label="Country code" maxLength={2} {...form.getInputProps('country_code')} />
              <TextInput label="State code" maxLength={10} {...form.getInputProps('state_code')} />
              <Select
                label="Time zone"
                searchable
                clearable
                limit={50}
                placeholder="UTC"
                data={zones}
                {...form.getInputProps('time_zone_id')}
              />
            </Group>
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                Save
              </Button>
            </Group>
          </Stack>
        </fieldset>
      </form>
    </Card>
  )
}

const addressLines: { field: keyof PostalAddress; label: string }[] = [
  { field: 'address_line1', label: 'Address line 1' },
  { field: 'address_line2', label: 'Address line 2' },
  { field: 'address_line3', label: 'Address line 3' },
  { field: 'city', label: 'City' },
  { field: 'postal_code', label: 'Postal code' },
  { field: 'state_code', label: 'State code (US and Canada)' },
  { field: 'state_name', label: 'State or region (elsewhere)' },
  { field: 'country_code', label: 'Country code' },
]

function PostalForm({ address }: { address: PostalAddress }) {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const form = useForm<Required<PostalAddress>>({
    initialValues: {
      address_line1: '',
      address_line2: '',
      address_line3: '',
      city: '',
      state_code: '',
      state_name: '',
      postal_code: '',
      country_code: '',
      ...address,
    },
  })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  return (
    <Card withBorder component="section" aria-labelledby="postal">
      <Title order={2} size="h4" id="postal" mb={4}>
        Postal address
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Printed at the foot of every mail, as the law of most countries asks.
      </Text>
      <form
        noValidate
        onSubmit={form.onSubmit(async (values) => {
          setBusy(true)
          setError(undefined)
          form.clearErrors()
          try {
            const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
            await api.put('/kith/v1/settings', { physical_address: Object.keys(given).length > 0 ? given : null })
            await queries.invalidateQueries({ queryKey: ['settings'] })
            notifications.show({ message: 'The address is saved.', color: 'teal' })
          } catch (failure) {
            setError(failure)
            const problems = Object.entries(byField(failure))
            form.setErrors(
              Object.fromEntries(problems.map(([path, text]) => [path.replace('physical_address.', ''), text])),
            )
          } finally {
            setBusy(false)
          }
        })}
      >
        <fieldset disabled={!mayChange} style={{ border: 0, padding: 0, margin: 0 }}>
          <Stack>
            {error !== undefined && <Failed error={error} />}
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {addressLines.map(({ field, label }) => (
                <TextInput key={field} label={label} {...form.getInputProps(field)} />
              ))}
            </SimpleGrid>
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                Save address
              </Button>
            </Group>
          </Stack>
        </fieldset>
      </form>
    </Card>
  )
}

function PasswordForm() {
  const form = useForm({ initialValues: { current_password: '', new_password: '' } })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  return (
    <Card withBorder component="section" aria-labelledby="password">
      <Title order={2} size="h4" id="password" mb={4}>
        Password
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        A new password signs you out everywhere else.
      </Text>
      <form
        noValidate
        onSubmit={form.onSubmit(async (values) => {
          setBusy(true)
          setError(undefined)
          form.clearErrors()
          try {
            await api.post('/kith/v1/password', values)
            form.reset()
            notifications.show({ message: 'The password is changed.', color: 'teal' })
          } catch (failure) {
            setError(failure)
            form.setErrors(byField(failure))
          } finally {
            setBusy(false)
          }
        })}
      >
        <Stack maw={420}>
          {error !== undefined && <Failed error={error} />}
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <PasswordInput label="New password" autoComplete="new-password" {...form.getInputProps('new_password')} />
          <Group>
            <Button type="submit" variant="default" loading={busy}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
