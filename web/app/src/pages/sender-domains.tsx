import { Badge, Checkbox, Group, Select, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { Sender, SenderDomain, SenderDomains as All } from '../api/types'
import { RecordState } from '../parts/dns-record'
import { FormOf } from '../parts/form-of'
import { TextLink } from '../parts/link'
import { Rows } from '../parts/rows'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'

export const domainsKey = ['sender-domains']

/** The worst of what was found of a domain's newest keys. */
function dkim(domain: SenderDomain) {
  const states = domain.keys.filter((key) => !key.retired_at).map((key) => key.state)
  return (['wrong', 'missing', 'unknown'] as const).find((state) => states.includes(state)) ?? 'good'
}

/** The domains that mail is sent from: whether it is signed, and whose records are in order. */
export function SenderDomains() {
  const mayChange = useMay('account:update')
  const list = useQuery({
    queryKey: domainsKey,
    queryFn: async ({ signal }) => (await api.get<All>('/kith/v1/sender-domains', undefined, signal)).domains,
  })
  return (
    <Section
      title="Sender domains"
      lead="Receivers trust mail that is signed for its domain. The records that this takes are published where the domain’s DNS is kept."
    >
      <Stack>
        {list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Waiting label="Loading domains" />
        ) : list.data.length === 0 ? (
          <Empty title="No domains yet">Add the domain of an address that you send from.</Empty>
        ) : (
          <Rows
            label="Sender domains"
            rows={list.data}
            keyOf={(row) => row.name}
            columns={[
              {
                head: 'Domain',
                as: 'title',
                cell: (row) => (
                  <TextLink to="/settings/domains/$name" params={{ name: row.name }} className="break">
                    {row.name}
                  </TextLink>
                ),
              },
              {
                head: 'Signed',
                width: '8rem',
                cell: (row) =>
                  row.signed ? <Badge color="green">Signed</Badge> : <Badge color="gray">Not signed</Badge>,
              },
              {
                head: 'Records',
                width: '50%',
                cell: (row) => (
                  <Group gap={6}>
                    <RecordState of="DKIM" value={dkim(row)} />
                    <RecordState of="SPF" value={row.spf.state} />
                    <RecordState of="DMARC" value={row.dmarc.state} />
                  </Group>
                ),
              },
            ]}
          />
        )}
        {mayChange && list.data && <AddDomain known={list.data.map((one) => one.name)} />}
      </Stack>
    </Section>
  )
}

/** Adds the domain of a confirmed address. */
function AddDomain({ known }: { known: string[] }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const senders = useQuery({
    queryKey: ['senders'],
    queryFn: ({ signal }) => api.get<Sender[]>('/v3/account/emails', undefined, signal),
  })
  const form = useForm({ initialValues: { name: null as string | null, ed25519: false } })
  const { busy, error, submit } = useSending(form, async ({ name, ed25519 }) => {
    const made = await api.post<SenderDomain>('/kith/v1/sender-domains', {
      name: name ?? '',
      algorithms: ed25519 ? ['rsa', 'ed25519'] : ['rsa'],
    })
    await queries.invalidateQueries({ queryKey: domainsKey })
    await navigate({ to: '/settings/domains/$name', params: { name: made.name } })
  })
  const open = [
    ...new Set(
      (senders.data ?? [])
        .filter((sender) => sender.confirm_status === 'CONFIRMED')
        .map((sender) => sender.email_address.slice(sender.email_address.lastIndexOf('@') + 1)),
    ),
  ].filter((name) => !known.includes(name))
  if (senders.isPending) return null
  if (open.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {known.length > 0
          ? 'The domain of every confirmed address is here.'
          : 'Confirm an address to send from first; its domain can be added then.'}
      </Text>
    )
  return (
    <FormOf submit={submit} busy={busy} error={error} save="Add domain">
      <Select
        label="New domain"
        description="That of a confirmed address to send from"
        placeholder="Choose a domain"
        data={open}
        {...form.getInputProps('name')}
      />
      <Checkbox
        label="Sign with Ed25519 too"
        description="A second, shorter record. It signs many times faster, but not all receivers know it."
        {...form.getInputProps('ed25519', { type: 'checkbox' })}
      />
    </FormOf>
  )
}
