import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'

import { api } from '../api/client'
import type { Application } from '../api/types'
import { Confirm } from '../parts/confirm'
import { CopyField } from '../parts/copy-field'
import { Section } from '../parts/section'
import { Failed } from '../parts/states'
import { When } from '../parts/when'

/** By what Kith knows the application, and the secret that is shown once. */
export function ApplicationKeys({ app, refresh }: { app: Application; refresh: () => Promise<unknown> }) {
  const [secret, setSecret] = useState<string>()
  const [replacing, setReplacing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  const make = async (replace: boolean) => {
    const made = await api.post<{ client_secret: string }>(
      `/kith/v1/applications/${app.client_id}/secret`,
      replace ? { replace } : {},
    )
    setSecret(made.client_secret)
    await refresh()
  }
  const makeFirst = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await make(false)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section title="Keys">
      <Stack align="stretch">
        {error !== undefined && <Failed error={error} />}
        <CopyField label="API key (client ID)" value={app.client_id} />
        {app.flow === 'code' && (
          <>
            {secret !== undefined ? (
              <CopyField
                label="Client secret"
                description="Copy it now: it is kept only as a hash and is not shown again."
                value={secret}
              />
            ) : (
              <Text size="sm" c="dimmed">
                {app.has_secret ? (
                  <>
                    The secret was made <When at={app.secret_created_at} /> and cannot be shown again.
                  </>
                ) : (
                  'There is no secret yet.'
                )}
              </Text>
            )}
            <div>
              <Button
                variant="light"
                loading={busy}
                onClick={() => (app.has_secret ? setReplacing(true) : void makeFirst())}
              >
                Generate client secret
              </Button>
            </div>
          </>
        )}
      </Stack>
      <Confirm
        opened={replacing}
        onClose={() => setReplacing(false)}
        title="Make a new secret?"
        confirm="Make a new secret"
        run={() => make(true)}
      >
        The present secret stops working at once. Tokens that were given out stay valid.
      </Confirm>
    </Section>
  )
}
