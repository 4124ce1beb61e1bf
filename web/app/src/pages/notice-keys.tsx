import { Alert, Button, Group, List, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { NoticeKey, NoticeKeys } from '../api/types'
import { Confirm } from '../parts/confirm'
import { CopyField } from '../parts/copy-field'
import { Dialog } from '../parts/dialog'
import { Rows } from '../parts/rows'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

type Provider = NoticeKey['provider']

/** How each provider is set up. */
const providers: Record<Provider, { name: string; verify?: string; verifyHelp?: string; steps: string[] }> = {
  ses: {
    name: 'Amazon SES',
    verify: 'Topic (ARN)',
    verifyHelp: 'May be left out: then the first topic that is subscribed here is the only one.',
    steps: [
      'In SNS, make a topic and give it a subscription: protocol HTTPS, this address, raw message delivery off. It confirms itself.',
      'In SES, send the feedback of your identity to that topic: bounces and complaints, deliveries if you like.',
      'Include the original headers, so that each notice finds its mail.',
    ],
  },
  sendgrid: {
    name: 'SendGrid',
    verify: 'Public key',
    verifyHelp: 'Switch on the signed event webhook first: its public key is shown there.',
    steps: [
      'In Mail Settings, Event Webhook, enter this address.',
      'Choose bounced, deferred, delivered, spam reports and unsubscribes.',
    ],
  },
  mailgun: {
    name: 'Mailgun',
    verify: 'HTTP webhook signing key',
    verifyHelp: 'It stands in Mailgun’s settings, under API security.',
    steps: [
      'Under Sending, Webhooks, enter this address for permanent and temporary failures, spam complaints, unsubscribes and deliveries.',
    ],
  },
  postmark: {
    name: 'Postmark',
    steps: [
      'In your server’s stream, Webhooks, enter this address and choose bounce, spam complaint and subscription change.',
      'Postmark signs nothing: who knows the address can tell. Keep it to yourself.',
    ],
  },
}

const refusals: Record<string, string> = {
  'notice.forged': 'signature not right',
  'notice.replayed': 'told twice',
  'notice.too_old': 'signed too long ago',
  'request.malformed': 'not in the provider’s form',
  'request.too_large': 'too large',
}

const queryKey = ['notice-keys']

/** How Kith hears of mail that came back, and addresses at which providers tell. */
export function NoticeKeysSection() {
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<NoticeKey>()
  const [ended, setEnded] = useState<NoticeKey>()
  const list = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<NoticeKeys>('/kith/v1/notice-keys', undefined, signal),
  })
  const refresh = () => queries.invalidateQueries({ queryKey })
  const close = () => {
    setAdding(false)
    setMade(undefined)
  }
  return (
    <Section
      title="How Kith hears of bounces"
      lead="What the relay says at once is always heard. What comes later comes by mail, or the provider tells."
    >
      <Stack>
        {list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Waiting label="Loading addresses of providers" />
        ) : (
          <>
            <Text size="sm" className="break">
              <ByMail of={list.data} />
            </Text>
            {list.data.notice_keys.length > 0 && (
              <Rows
                label="Addresses of providers"
                rows={list.data.notice_keys}
                keyOf={(key) => key.notice_key_id}
                columns={[
                  {
                    head: 'Provider',
                    as: 'title',
                    cell: (key) => providers[key.provider].name + (key.name ? `: ${key.name}` : ''),
                  },
                  { head: 'Last told', width: '11rem', cell: (key) => <When at={key.used_at} fallback="Never" /> },
                  {
                    head: 'Last refused',
                    width: '15rem',
                    cell: (key) =>
                      key.refused && (
                        <>
                          <When at={key.refused_at} />: {refusals[key.refused] ?? key.refused}
                        </>
                      ),
                  },
                  {
                    head: 'Actions',
                    as: 'actions',
                    width: '6rem',
                    cell: (key) =>
                      mayChange && (
                        <Button
                          size="xs"
                          variant="default"
                          c="red"
                          onClick={() => setEnded(key)}
                          aria-label={`End ${key.name || providers[key.provider].name}`}
                        >
                          End
                        </Button>
                      ),
                  },
                ]}
              />
            )}
            {mayChange && (
              <Group>
                <Button
                  variant="default"
                  leftSection={<IconPlus size={16} aria-hidden />}
                  onClick={() => setAdding(true)}
                >
                  New address for a provider
                </Button>
              </Group>
            )}
          </>
        )}
      </Stack>
      <Dialog opened={adding} onClose={close} title={made ? 'The address to enter' : 'New address'} size="lg">
        {made ? (
          <MadeAddress made={made} onClose={close} />
        ) : (
          <NewAddress
            onClose={close}
            done={async (key) => {
              setMade(key)
              await refresh()
            }}
          />
        )}
      </Dialog>
      <Confirm
        opened={ended !== undefined}
        onClose={() => setEnded(undefined)}
        title="End this address?"
        confirm="End it"
        run={async () => {
          await api.delete(`/kith/v1/notice-keys/${ended?.notice_key_id}`)
          notifications.show({ message: 'Nothing is taken at the address any more.', color: 'green' })
          await refresh()
        }}
      >
        What {ended && providers[ended.provider].name} tells there is refused from now on.
      </Confirm>
    </Section>
  )
}

function ByMail({ of }: { of: NoticeKeys }) {
  if (!of.bounce_address)
    return (
      <>Bounces by mail go back to the address that a mail is from. Whoever runs the server can have them taken in.</>
    )
  if (!of.bounces_taken_in)
    return (
      <>
        Bounces by mail come back to <b>{of.bounce_address}</b>, but this server does not take them in.
      </>
    )
  return (
    <>
      Bounces by mail come back to <b>{of.bounce_address}</b> and are read there.
    </>
  )
}

function NewAddress({ onClose, done }: { onClose: () => void; done: (made: NoticeKey) => Promise<unknown> }) {
  const form = useForm({ initialValues: { provider: 'ses' as Provider, name: '', verification_key: '' } })
  const { busy, error, submit } = useSending(form, async (values) =>
    done(await api.post<NoticeKey>('/kith/v1/notice-keys', values)),
  )
  const chosen = providers[form.values.provider]
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <Select
          label="Provider"
          allowDeselect={false}
          data={Object.entries(providers).map(([value, { name }]) => ({ value, label: name }))}
          data-autofocus
          {...form.getInputProps('provider')}
          onChange={(value) => form.setValues({ provider: (value ?? 'ses') as Provider, verification_key: '' })}
        />
        <TextInput
          label="Name"
          description="To tell it from others later."
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        {chosen.verify && (
          <TextInput
            label={chosen.verify}
            description={chosen.verifyHelp}
            autoComplete="off"
            {...form.getInputProps('verification_key')}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The address itself, this once, and where it goes. */
function MadeAddress({ made, onClose }: { made: NoticeKey; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="yellow">Copy it now: it holds a secret, is kept only as a hash and is not shown again.</Alert>
      <CopyField label={`Address for ${providers[made.provider].name}`} value={made.url ?? ''} />
      <List type="ordered" size="sm" spacing="xs">
        {providers[made.provider].steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
