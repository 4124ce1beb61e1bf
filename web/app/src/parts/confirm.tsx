import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'

import { Failed } from './states'

/** Asks before something that cannot be taken back, and shows why it failed. */
export function Confirm({
  opened,
  onClose,
  title,
  children,
  confirm,
  danger = true,
  run,
}: {
  opened: boolean
  onClose: () => void
  title: string
  children: ReactNode
  confirm: string
  danger?: boolean
  run: () => Promise<unknown>
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    setError(undefined)
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={title} centered>
      <Stack>
        <Text component="div">{children}</Text>
        {error !== undefined && <Failed error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button
            {...(danger ? { color: 'red' } : {})}
            loading={busy}
            onClick={async () => {
              setBusy(true)
              try {
                await run()
                close()
              } catch (failure) {
                setError(failure)
              } finally {
                setBusy(false)
              }
            }}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
