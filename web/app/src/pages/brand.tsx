import { Alert, ColorInput, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { Brand as BrandValues, Sender } from '../api/types'
import { FormOf } from '../parts/form-of'
import { ButtonLink } from '../parts/link'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Failed, Waiting } from '../parts/states'
import { languages } from './template-names'

/** How the mail of the account introduces itself, and where its words are. */
export function Brand() {
  return (
    <Section title="Mail" lead="How your mail introduces itself: whom it is from, its logo, its colour.">
      <BrandForm />
      <Group mt="md">
        <ButtonLink to="/settings/templates" search={{}} variant="default">
          Mail templates
        </ButtonLink>
      </Group>
    </Section>
  )
}

/** The brand of the account, or of a list: what is left empty is the server's, or the account's. */
export function BrandForm({ list, done }: { list?: string; done?: () => void }) {
  const path = list === undefined ? '/kith/v1/brand' : `/kith/v1/lists/${list}/brand`
  const brand = useQuery({
    queryKey: ['brand', path],
    queryFn: ({ signal }) => api.get<BrandValues>(path, undefined, signal),
    refetchOnWindowFocus: false,
  })
  const senders = useQuery({
    queryKey: ['senders'],
    queryFn: ({ signal }) => api.get<Sender[]>('/v3/account/emails', undefined, signal),
  })
  const failed = brand.error ?? senders.error
  if (failed) return <Failed error={failed} retry={() => void Promise.all([brand.refetch(), senders.refetch()])} />
  if (!brand.data || !senders.data) return <Waiting label="Loading the brand" />
  return <Fields path={path} ofList={list !== undefined} brand={brand.data} senders={senders.data} done={done} />
}

function Fields({
  path,
  ofList,
  brand,
  senders,
  done,
}: {
  path: string
  ofList: boolean
  brand: BrandValues
  senders: Sender[]
  done: (() => void) | undefined
}) {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const form = useForm({
    initialValues: {
      sender_id: brand.sender_id === undefined ? '' : String(brand.sender_id),
      from_name: brand.from_name ?? '',
      reply_to: brand.reply_to ?? '',
      logo_url: brand.logo_url ?? '',
      colour: brand.colour ?? '',
      ...(ofList && { language: brand.language ?? '' }),
    },
  })
  const { busy, error, submit } = useSending(form, async ({ sender_id, ...values }) => {
    await api.put(path, { ...values, ...(sender_id ? { sender_id: Number(sender_id) } : {}) })
    notifications.show({ message: 'The brand is saved.', color: 'green' })
    await queries.invalidateQueries({ queryKey: ['brand'] })
    await queries.invalidateQueries({ queryKey: ['templates'] })
    done?.()
  })
  return (
    <FormOf submit={submit} busy={busy} error={error} save="Save brand" disabled={!mayChange}>
      {!mayChange && <Alert color="gray">Only an owner may change these.</Alert>}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="Mail is from (name)"
          placeholder={ofList ? 'As the account’s' : 'The organization’s'}
          {...form.getInputProps('from_name')}
        />
        <Select
          label="Mail is from (address)"
          placeholder={ofList ? 'As the account’s' : 'The server’s address'}
          clearable
          data={senders.map((sender) => ({
            value: String(sender.email_id),
            label:
              sender.confirm_status === 'CONFIRMED' ? sender.email_address : `${sender.email_address} (not confirmed)`,
          }))}
          {...form.getInputProps('sender_id')}
          value={form.values.sender_id || null}
          onChange={(chosen) => form.setFieldValue('sender_id', chosen ?? '')}
        />
        <TextInput
          label="Answers go to"
          type="email"
          placeholder={ofList ? 'As the account’s' : ''}
          {...form.getInputProps('reply_to')}
        />
        {ofList && (
          <Select
            label="Language of mail"
            placeholder="As the account’s"
            clearable
            data={languages}
            {...form.getInputProps('language')}
            value={form.values.language || null}
            onChange={(chosen) => form.setFieldValue('language', chosen ?? '')}
          />
        )}
        <TextInput
          label="Logo"
          type="url"
          description="The address of an image on the web, shown 48 pixels high."
          {...form.getInputProps('logo_url')}
        />
        <ColorInput
          label="Colour"
          description="Of buttons and links."
          placeholder={ofList ? 'As the account’s' : '#0b7285'}
          format="hex"
          withEyeDropper={false}
          {...form.getInputProps('colour')}
        />
      </SimpleGrid>
    </FormOf>
  )
}
