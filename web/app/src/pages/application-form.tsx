import { Button, Group, Radio, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'

import { api } from '../api/client'
import type { Application } from '../api/types'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'
import { flows } from './flows'

/** What an application is and where it may return to. */
export function ApplicationForm({ app, refresh }: { app: Application; refresh: () => Promise<unknown> }) {
  const form = useForm({
    initialValues: {
      name: app.name,
      description: app.description ?? '',
      logo_url: app.logo_url ?? '',
      website: app.website ?? '',
      flow: app.flow,
      refresh_kind: app.refresh_kind,
      redirect_uris: app.redirect_uris.join('\n'),
    },
  })
  const { busy, error, submit } = useSending(form, async (values) => {
    await api.put(`/kith/v1/applications/${app.client_id}`, {
      ...values,
      redirect_uris: values.redirect_uris
        .split('\n')
        .map((uri) => uri.trim())
        .filter(Boolean),
    })
    notifications.show({ message: 'The application is saved.', color: 'green' })
    await refresh()
  })
  return (
    <Section title="Settings">
      <form noValidate onSubmit={submit}>
        <Stack>
          {error !== undefined && <Failed error={error} />}
          <TextInput label="Application name" autoComplete="off" {...form.getInputProps('name')} />
          {form.values.flow !== 'device' && (
            <Textarea
              label="Redirect URIs"
              description="One a line. The URI sent must be the same to the letter; a * may stand for one whole host label, as in https://*.shop.example."
              autosize
              minRows={2}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mono)' } }}
              {...form.getInputProps('redirect_uris')}
            />
          )}
          <Textarea
            label="Description"
            description="Shown to people who are asked to allow it."
            autosize
            minRows={2}
            {...form.getInputProps('description')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label="Logo URL" type="url" {...form.getInputProps('logo_url')} />
            <TextInput label="Website" type="url" {...form.getInputProps('website')} />
          </SimpleGrid>
          <Select
            label="What are you building?"
            allowDeselect={false}
            data={flows.map((f) => ({ value: f.value, label: f.label }))}
            {...form.getInputProps('flow')}
          />
          <Radio.Group label="Refresh tokens" {...form.getInputProps('refresh_kind')}>
            <Stack gap="sm" mt="xs">
              <Radio
                value="rotating"
                label="Rotating"
                description="Each use gives a new one. A stolen token is noticed; a lost answer can be asked for again at once."
              />
              <Radio
                value="long_lived"
                label="Long lived"
                description="One value that stays. Simpler for programs that cannot store a new one each time."
              />
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
