import { Alert, Checkbox, Select, SimpleGrid } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { OptIn as OptInValues } from '../api/types'
import { FormOf } from '../parts/form-of'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Failed, Waiting } from '../parts/states'
import { languages } from './template-names'

/** What becomes of contacts who come by themselves. */
export function OptIn() {
  const settings = useQuery({
    queryKey: ['opt-in'],
    queryFn: ({ signal }) => api.get<OptInValues>('/kith/v1/settings/opt-in', undefined, signal),
    refetchOnWindowFocus: false,
  })
  return (
    <Section title="Sign-ups" lead="What becomes of people who sign up by themselves. A list may want it otherwise.">
      {settings.error ? (
        <Failed error={settings.error} retry={() => void settings.refetch()} />
      ) : settings.data ? (
        <Fields settings={settings.data} />
      ) : (
        <Waiting label="Loading what becomes of sign-ups" />
      )}
    </Section>
  )
}

function Fields({ settings }: { settings: OptInValues }) {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const form = useForm({
    initialValues: {
      confirm: settings.confirm,
      welcome: settings.welcome,
      remind_after_hours: String(settings.remind_after_hours),
      expire_after_hours: String(settings.expire_after_hours),
      language: settings.language as string,
    },
  })
  const { busy, error, submit } = useSending(form, async ({ remind_after_hours, expire_after_hours, ...values }) => {
    await api.put('/kith/v1/settings/opt-in', {
      ...values,
      remind_after_hours: Number(remind_after_hours),
      expire_after_hours: Number(expire_after_hours),
    })
    notifications.show({ message: 'What becomes of sign-ups is saved.', color: 'green' })
    await queries.invalidateQueries({ queryKey: ['opt-in'] })
  })
  return (
    <FormOf submit={submit} busy={busy} error={error} save="Save sign-ups" disabled={!mayChange}>
      {!mayChange && <Alert color="gray">Only an owner may change these.</Alert>}
      <Checkbox
        label="Ask for confirmation"
        description="Who signs up gets a mail with a button, and is mailed only after they have pressed it."
        {...form.getInputProps('confirm', { type: 'checkbox' })}
      />
      <Checkbox
        label="Send a welcome mail"
        description="Once ever, to who signed up and is mailed from then on."
        {...form.getInputProps('welcome', { type: 'checkbox' })}
      />
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Select
          label="Remind after"
          allowDeselect={false}
          data={spans([0, 24, 48, 72, 120, 168], settings.remind_after_hours)}
          {...form.getInputProps('remind_after_hours')}
        />
        <Select
          label="Time to answer"
          allowDeselect={false}
          data={spans([24, 72, 168, 336, 720, 1440], settings.expire_after_hours)}
          {...form.getInputProps('expire_after_hours')}
        />
        <Select label="Language of mail" allowDeselect={false} data={languages} {...form.getInputProps('language')} />
      </SimpleGrid>
    </FormOf>
  )
}

/** Spans of time to choose from, with the one that is set. */
function spans(usual: number[], set: number) {
  const all = usual.includes(set) ? usual : [...usual, set].sort((a, b) => a - b)
  return all.map((hours) => ({ value: String(hours), label: span(hours) }))
}

/** How long so many hours are, in words. */
export function span(hours: number): string {
  if (hours === 0) return 'Never'
  const [n, unit] = hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return `${n} ${unit}${n === 1 ? '' : 's'}`
}
