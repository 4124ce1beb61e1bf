import { Alert, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { Settings } from '../api/types'
import { FormOf } from '../parts/form-of'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'

const zones = Intl.supportedValuesOf('timeZone')

/** Whose account it is, and where. */
export function AccountForm({ settings }: { settings: Settings }) {
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
  const { busy, error, submit } = useSending(form, async (values) => {
    await api.put('/kith/v1/settings', values)
    notifications.show({ message: 'The settings are saved.', color: 'green' })
    await queries.invalidateQueries()
  })
  return (
    <Section title="Account">
      <FormOf submit={submit} busy={busy} error={error} save="Save" disabled={!mayChange}>
        {!mayChange && <Alert color="gray">Only an owner may change these.</Alert>}
        <TextInput label="Organization name" {...form.getInputProps('organization_name')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="Website" type="url" {...form.getInputProps('website')} />
          <TextInput label="Organization phone" type="tel" {...form.getInputProps('organization_phone')} />
          <TextInput label="First name" {...form.getInputProps('first_name')} />
          <TextInput label="Last name" {...form.getInputProps('last_name')} />
          <TextInput label="Contact email" type="email" {...form.getInputProps('contact_email')} />
          <TextInput label="Contact phone" type="tel" {...form.getInputProps('contact_phone')} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <TextInput label="Country code" {...form.getInputProps('country_code')} />
          <TextInput label="State code" {...form.getInputProps('state_code')} />
          <Select
            label="Time zone"
            searchable
            clearable
            limit={50}
            placeholder="UTC"
            nothingFoundMessage="No such zone"
            data={zones}
            {...form.getInputProps('time_zone_id')}
            onChange={(zone) => form.setFieldValue('time_zone_id', zone ?? '')}
          />
        </SimpleGrid>
      </FormOf>
    </Section>
  )
}
