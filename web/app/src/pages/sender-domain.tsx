import { Alert, Badge, Button, Select, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconKey, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { messageOf } from '../api/problem'
import type { DomainKey, SenderDomain } from '../api/types'
import { Actions } from '../parts/actions'
import { Confirm } from '../parts/confirm'
import { RecordFound } from '../parts/dns-record'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { Fetched } from '../parts/states'
import { When } from '../parts/when'
import { domainsKey } from './sender-domains'

const route = getRouteApi('/settings/domains/$name')

const back = <TextLink to="/settings">← Settings</TextLink>

const algorithms: Record<DomainKey['algorithm'], string> = { rsa: 'RSA', ed25519: 'Ed25519' }

/** One domain that mail is sent from, with its records. */
export function SenderDomainPage() {
  const { name } = route.useParams()
  const domain = useQuery({
    queryKey: [...domainsKey, name],
    queryFn: ({ signal }) => api.get<SenderDomain>(addressOf(name), undefined, signal),
  })
  return (
    <Fetched query={domain} title={name} back={back}>
      {(d) => <Loaded domain={d} />}
    </Fetched>
  )
}

const addressOf = (name: string) => `/kith/v1/sender-domains/${encodeURIComponent(name)}`

/** Keeps what a call answered, and has the list read anew. */
function useKeep(name: string) {
  const queries = useQueryClient()
  return async (answer: SenderDomain) => {
    queries.setQueryData([...domainsKey, name], answer)
    await queries.invalidateQueries({ queryKey: domainsKey, exact: true })
  }
}

function Loaded({ domain: d }: { domain: SenderDomain }) {
  const mayChange = useMay('account:update')
  const current = d.keys.filter((key) => !key.retired_at)
  const retired = d.keys.filter((key) => key.retired_at)
  return (
    <Page
      title={d.name}
      back={back}
      description={
        d.checked_at ? (
          <>
            Its records were looked for on <When at={d.checked_at} />.
          </>
        ) : (
          'Its records were not looked for yet.'
        )
      }
      actions={mayChange && <Ways domain={d} />}
    >
      <Signing domain={d} mayChange={mayChange} />
      <Section
        title="DKIM"
        lead="The record holds the key with which receivers check the signature of a mail: that it is from this domain, and was not changed on its way."
      >
        <Stack gap="xl">
          {current.map((key) => (
            <Key key={key.selector} of={key} alone={current.length === 1} />
          ))}
        </Stack>
      </Section>
      <Section title="SPF" lead="The record says which servers may send mail for the domain.">
        <RecordFound check={d.spf} />
      </Section>
      <Section title="DMARC" lead="The record says what is to become of mail that proves nothing of the kind.">
        <RecordFound check={d.dmarc} />
      </Section>
      {retired.length > 0 && (
        <Section
          title="Keys that were replaced"
          lead="Mail that is on its way may still be signed with them: leave their records where they are until the day that is told."
        >
          <Stack gap={4}>
            {retired.map((key) => (
              <Text size="sm" key={key.selector} className="break">
                {key.record.name}: until <When at={key.remove_at} day />
              </Text>
            ))}
          </Stack>
        </Section>
      )}
    </Page>
  )
}

function Key({ of: key, alone }: { of: DomainKey; alone: boolean }) {
  return (
    <Stack gap="sm">
      {!alone && (
        <Title order={3} size="h5">
          {algorithms[key.algorithm]}, made on <When at={key.created_at} day />
        </Title>
      )}
      <RecordFound
        check={key}
        record={key.record}
        more={key.in_use ? <Badge color="green">Signs now</Badge> : <Badge color="gray">Does not sign</Badge>}
      />
    </Stack>
  )
}

/** What can be done with the whole domain. */
function Ways({ domain: d }: { domain: SenderDomain }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const keep = useKeep(d.name)
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState<'rotate' | 'remove'>()
  const check = async () => {
    setBusy(true)
    try {
      await keep(await api.post<SenderDomain>(`${addressOf(d.name)}/check`))
      notifications.show({ message: 'The DNS was asked; this is what it says.', color: 'green' })
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button loading={busy} onClick={() => void check()}>
        Check now
      </Button>
      <Actions
        label={`Actions for ${d.name}`}
        actions={[
          { label: 'New keys', icon: <IconKey size={16} aria-hidden />, run: () => setAsked('rotate') },
          { label: 'Remove', icon: <IconTrash size={16} aria-hidden />, danger: true, run: () => setAsked('remove') },
        ]}
      />
      <Confirm
        opened={asked === 'rotate'}
        onClose={() => setAsked(undefined)}
        title="Make new keys?"
        confirm="Make new keys"
        run={async () => keep(await api.post<SenderDomain>(`${addressOf(d.name)}/rotation`))}
      >
        There will be new records to publish. The keys that sign now go on until those have been seen.
      </Confirm>
      <Confirm
        opened={asked === 'remove'}
        onClose={() => setAsked(undefined)}
        title="Remove this domain?"
        confirm="Remove"
        run={async () => {
          await api.delete(addressOf(d.name))
          await navigate({ to: '/settings' })
          queries.removeQueries({ queryKey: [...domainsKey, d.name] })
          await queries.invalidateQueries({ queryKey: domainsKey })
        }}
      >
        Its keys are forgotten, and mail from <b>{d.name}</b> is signed no more.
      </Confirm>
    </>
  )
}

const choices: { value: SenderDomain['signing']; label: string }[] = [
  { value: 'published', label: 'Once the record has been seen' },
  { value: 'always', label: 'Always' },
  { value: 'off', label: 'Never' },
]

/** Whether mail is signed, and when. */
function Signing({ domain: d, mayChange }: { domain: SenderDomain; mayChange: boolean }) {
  const keep = useKeep(d.name)
  const [busy, setBusy] = useState(false)
  const change = async (to: string | null) => {
    setBusy(true)
    try {
      await keep(await api.put<SenderDomain>(addressOf(d.name), { signing: to }))
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    } finally {
      setBusy(false)
    }
  }
  const unseen = d.keys.filter((key) => key.in_use).some((key) => key.state !== 'good')
  return (
    <Section title="Signing">
      <Stack>
        <Text size="sm">{d.signed ? 'Mail from this domain is signed.' : 'Mail from this domain is not signed.'}</Text>
        <Select
          label="Sign mail"
          maw={320}
          allowDeselect={false}
          disabled={!mayChange || busy}
          data={choices}
          value={d.signing}
          onChange={(to) => void change(to)}
        />
        {unseen && (
          <Alert color="yellow">
            It is signed with a key whose record has not been seen. Receivers that cannot find it either may take the
            mail for a forgery.
          </Alert>
        )}
      </Stack>
    </Section>
  )
}
