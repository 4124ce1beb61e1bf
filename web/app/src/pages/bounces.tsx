import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconMailOff, IconPlus } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { Suppression, SuppressionPage } from '../api/types'
import { Breakable } from '../parts/breakable'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Search } from '../parts/search'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'
import { bouncedBecause, suppressedBecause } from '../parts/suppressed'
import { When } from '../parts/when'
import { NoticeKeysSection } from './notice-keys'

export interface BouncesSearch {
  search?: string | undefined
  reason?: string | undefined
}

const route = getRouteApi('/settings/bounces')
const reasons = Object.entries(suppressedBecause).map(([value, label]) => ({ value, label }))

/** Addresses that are not mailed, and how Kith hears of mail that came back. */
export function BouncesPage() {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const asked = route.useSearch()
  const mayWrite = useMay('contacts:write')
  const maySee = useMay('account:read')
  const [adding, setAdding] = useState(false)
  const [lifted, setLifted] = useState<Suppression>()
  const page = usePaged<SuppressionPage, Suppression>(
    '/kith/v1/suppressions',
    { ...asked, limit: 50 },
    (p) => p.suppressions,
  )
  const refresh = () => queries.invalidateQueries({ queryKey: ['/kith/v1/suppressions'] })
  const filtered = Boolean(asked.search ?? asked.reason)

  return (
    <Page
      title="Bounces"
      back={<TextLink to="/settings">← Settings</TextLink>}
      description="Addresses that are not mailed: because mail to them came back, because somebody called a mail unwanted, or because you said so. It is no opt-out: whoever is lifted is mailed again, as far as they agreed to it."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add an address
          </Button>
        )
      }
    >
      <Group>
        <div style={{ flex: '1 1 16rem', maxWidth: 420 }}>
          <Search
            label="Search addresses"
            placeholder="Search addresses"
            value={asked.search ?? ''}
            onChange={(search) => void navigate({ search: { ...asked, search: search || undefined }, replace: true })}
          />
        </div>
        <Select
          aria-label="Reason"
          placeholder="Any reason"
          clearable
          w={240}
          data={reasons}
          value={asked.reason ?? null}
          onChange={(reason) => void navigate({ search: { ...asked, reason: reason ?? undefined } })}
        />
      </Group>
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading addresses" />
      ) : page.rows.length === 0 ? (
        <Empty
          icon={<IconMailOff aria-hidden />}
          title={filtered ? 'None of these' : 'Every address is mailed'}
          action={
            filtered && (
              <Button variant="default" onClick={() => void navigate({ search: {} })}>
                Show all
              </Button>
            )
          }
        >
          {filtered ? 'No address on the list matches.' : 'Addresses appear here when mail to them comes back.'}
        </Empty>
      ) : (
        <Rows
          label="Addresses that are not mailed"
          stale={page.stale}
          rows={page.rows}
          keyOf={(row) => row.suppression_id}
          columns={[
            {
              head: 'Address',
              as: 'title',
              width: '26%',
              cell: (row) =>
                row.email_address ? <Breakable text={row.email_address} /> : <Text c="dimmed">Erased</Text>,
            },
            { head: 'Reason', width: '34%', cell: (row) => <Reason of={row} /> },
            { head: 'Since', width: '9rem', cell: (row) => <When at={row.since} day /> },
            { head: 'Until', width: '9rem', cell: (row) => <When at={row.until} day fallback="No end" /> },
            {
              head: 'Actions',
              as: 'actions',
              width: '6rem',
              cell: (row) =>
                mayWrite && (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => setLifted(row)}
                    aria-label={`Lift ${row.email_address ?? 'this entry'}`}
                  >
                    Lift
                  </Button>
                ),
            },
          ]}
        />
      )}
      <More more={page.more} loading={page.loadingMore} />
      {maySee && <NoticeKeysSection />}
      <Dialog opened={adding} onClose={() => setAdding(false)} title="Add an address">
        <AddAddress
          onClose={() => setAdding(false)}
          done={async () => {
            setAdding(false)
            await refresh()
          }}
        />
      </Dialog>
      <Confirm
        opened={lifted !== undefined}
        onClose={() => setLifted(undefined)}
        title="Mail this address again?"
        confirm="Lift"
        run={async () => {
          await api.delete(`/kith/v1/suppressions/${lifted?.suppression_id}`)
          notifications.show({ message: `${lifted?.email_address ?? 'The address'} is mailed again.`, color: 'green' })
          await refresh()
        }}
      >
        <Lifting of={lifted} />
      </Confirm>
    </Page>
  )
}

/** What lifting an entry brings about. */
function Lifting({ of }: { of: Suppression | undefined }) {
  switch (of?.reason) {
    case 'complaint':
      return (
        <>
          Who has <b>{of.email_address}</b> called a mail unwanted, and has unsubscribed by that. They get mail once
          they subscribe again themselves.
        </>
      )
    case 'hard':
      return (
        <>
          The next mail to <b>{of.email_address}</b> leaves. Where nobody has the address it comes back again, which
          receivers hold against you.
        </>
      )
  }
  return (
    <>
      Mail to <b>{of?.email_address}</b> leaves again, and what was known of the address is forgotten.
    </>
  )
}

function Reason({ of: is }: { of: Suppression }) {
  return (
    <div>
      <Text size="sm">
        {suppressedBecause[is.reason]}
        {is.cause && is.reason === 'soft' && `: ${bouncedBecause(is.cause)}`}
      </Text>
      {is.said && (
        <Text size="xs" c="dimmed" className="break">
          {is.said}
        </Text>
      )}
      {is.mail_id && (
        <TextLink to="/outbox/$id" params={{ id: is.mail_id }} size="xs">
          The mail
        </TextLink>
      )}
    </div>
  )
}

function AddAddress({ onClose, done }: { onClose: () => void; done: () => Promise<unknown> }) {
  const form = useForm({ initialValues: { email_address: '', note: '' } })
  const { busy, error, submit } = useSending(form, async (values) => {
    await api.post('/kith/v1/suppressions', values)
    notifications.show({ message: `${values.email_address} is not mailed any more.`, color: 'green' })
    await done()
  })
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput
          label="Address"
          type="email"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email_address')}
        />
        <Textarea
          label="Note"
          description="Why, for those who look at the list later."
          autosize
          minRows={2}
          {...form.getInputProps('note')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
