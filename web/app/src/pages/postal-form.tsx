import { SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { PostalAddress } from '../api/types'
import { FormOf } from '../parts/form-of'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'

const lines: { field: keyof PostalAddress; label: string }[] = [
  { field: 'address_line1', label: 'Address line 1' },
  { field: 'address_line2', label: 'Address line 2' },
  { field: 'address_line3', label: 'Address line 3' },
  { field: 'city', label: 'City' },
  { field: 'postal_code', label: 'Postal code' },
  { field: 'state_code', label: 'State code (US and Canada)' },
  { field: 'state_name', label: 'State or region (elsewhere)' },
  { field: 'country_code', label: 'Country code of the address' },
]

/** Where the organization is, as the foot of its mails says. */
export function PostalForm({ address }: { address: PostalAddress }) {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const form = useForm({
    initialValues: Object.fromEntries(lines.map(({ field }) => [field, address[field] ?? ''])),
  })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
      await api.put('/kith/v1/settings', { physical_address: Object.keys(given).length > 0 ? given : null })
      notifications.show({ message: 'The address is saved.', color: 'green' })
      await queries.invalidateQueries({ queryKey: ['settings'] })
    },
    { field: (path) => path.replace('physical_address.', '') },
  )
  return (
    <Section title="Postal address" lead="Printed at the foot of every mail, as the law of most countries asks.">
      <FormOf submit={submit} busy={busy} error={error} save="Save address" disabled={!mayChange}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {lines.map(({ field, label }) => (
            <TextInput key={field} label={label} {...form.getInputProps(field)} />
          ))}
        </SimpleGrid>
      </FormOf>
    </Section>
  )
}
