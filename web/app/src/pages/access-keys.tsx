import { Button, Code, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import type { AccessKey } from '../api/types'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { MadeKey, NewKey } from './new-key'

/** Keys for scripts of one's own: one header, no sign-in. */
export function AccessKeysPage() {
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<AccessKey>()
  const [revoked, setRevoked] = useState<AccessKey>()
  const list = useQuery({
    queryKey: ['access-keys'],
    queryFn: ({ signal }) => api.get<{ api_keys: AccessKey[] }>('/kith/v1/api_keys', undefined, signal),
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['access-keys'] })
  const close = () => {
    setAdding(false)
    setMade(undefined)
  }
  return (
    <Page
      title="Access keys"
      description="For scripts and forms of your own: a key in the Authorization header, and no sign-in by OAuth."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          New access key
        </Button>
      }
    >
      {list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting label="Loading access keys" />
      ) : list.data.api_keys.length === 0 ? (
        <Empty icon={<IconKey aria-hidden />} title="No access keys yet">
          A key acts as you, in this account, within the scopes you give it.
        </Empty>
      ) : (
        <Rows
          label="Access keys"
          rows={list.data.api_keys}
          keyOf={(key) => key.api_key_id}
          columns={[
            { head: 'Name', as: 'title', cell: (key) => key.name },
            { head: 'Begins', width: '9.5rem', cell: (key) => <Code>{key.hint}…</Code> },
            { head: 'Scopes', width: '22%', cell: (key) => <Text size="sm">{key.scopes.join(', ')}</Text> },
            { head: 'Last used', width: '9rem', cell: (key) => <When at={key.used_at} day fallback="Never" /> },
            { head: 'Expires', width: '9rem', cell: (key) => <When at={key.expires_at} day fallback="Never" /> },
            {
              head: 'Actions',
              as: 'actions',
              width: '7rem',
              cell: (key) => (
                <Button
                  size="xs"
                  variant="default"
                  c="red"
                  onClick={() => setRevoked(key)}
                  aria-label={`Revoke ${key.name}`}
                >
                  Revoke
                </Button>
              ),
            },
          ]}
        />
      )}
      <Dialog opened={adding} onClose={close} title={made ? 'Your access key' : 'New access key'} size="lg">
        {made ? (
          <MadeKey made={made} onClose={close} />
        ) : (
          <NewKey
            onClose={close}
            done={async (key) => {
              setMade(key)
              await refresh()
            }}
          />
        )}
      </Dialog>
      <Confirm
        opened={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={`Revoke ${revoked?.name ?? 'the key'}?`}
        confirm="Revoke it"
        run={async () => {
          await api.delete(`/kith/v1/api_keys/${revoked?.api_key_id}`)
          notifications.show({ message: 'The key is revoked.', color: 'green' })
          await refresh()
        }}
      >
        What uses this key is refused at once.
      </Confirm>
    </Page>
  )
}
