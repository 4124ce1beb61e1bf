import { PasswordInput, SimpleGrid } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'

import { api } from '../api/client'
import { FormOf } from '../parts/form-of'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'

/** The signed-in user's own password. */
export function PasswordForm() {
  const form = useForm({ initialValues: { current_password: '', new_password: '' } })
  const { busy, error, submit } = useSending(form, async (values) => {
    await api.post('/kith/v1/password', values)
    form.reset()
    notifications.show({ message: 'The password is changed.', color: 'green' })
  })
  return (
    <Section title="Password" lead="A new password signs you out everywhere else.">
      <FormOf submit={submit} busy={busy} error={error} save="Change password">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the present password' }}
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the new password' }}
            {...form.getInputProps('new_password')}
          />
        </SimpleGrid>
      </FormOf>
    </Section>
  )
}
