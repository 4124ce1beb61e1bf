import { Button, Group, MultiSelect, Progress, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { api } from '../api/client'
import type { Activity, ExportBegun, ExportFields } from '../api/types'
import { finished } from '../parts/activity'
import { Dialog } from '../parts/dialog'
import { TextLink } from '../parts/link'
import { Failed, Waiting } from '../parts/states'
import { filterOf, people, type Chosen } from './contacts-bulk'

/** Asks for the columns of a file of contacts, makes it and hands it over. */
export function ExportDialog({
  chosen,
  opened,
  onClose,
}: {
  /** Whose count need not be known. */
  chosen: Chosen
  opened: boolean
  onClose: () => void
}) {
  const [begun, setBegun] = useState<ExportBegun>()
  const close = () => {
    setBegun(undefined)
    onClose()
  }
  return (
    <Dialog opened={opened} onClose={close} title={`Export ${people(chosen)}`}>
      {begun ? (
        <Result id={begun.activity_id} onClose={close} />
      ) : (
        <Ask chosen={chosen} onClose={close} begun={setBegun} />
      )}
    </Dialog>
  )
}

function Ask({
  chosen,
  onClose,
  begun,
}: {
  chosen: Chosen
  onClose: () => void
  begun: (activity: ExportBegun) => void
}) {
  const queries = useQueryClient()
  const fields = useQuery({
    queryKey: ['export fields'],
    queryFn: ({ signal }) => api.get<ExportFields>('/kith/v1/exports/fields', undefined, signal),
  })
  const [columns, setColumns] = useState<string[]>([])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function begin() {
    setBusy(true)
    setError(undefined)
    try {
      const who = 'ids' in chosen ? { contact_ids: chosen.ids } : { filter: filterOf(chosen.all) }
      const what = columns.length > 0 ? { fields: columns } : {}
      begun(await api.post<ExportBegun>('/kith/v1/exports', { ...who, ...what }))
      void queries.invalidateQueries({ queryKey: ['/kith/v1/activities'] })
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }

  if (fields.error) return <Failed error={fields.error} retry={() => void fields.refetch()} />
  if (!fields.data) return <Waiting label="Loading columns" />
  return (
    <Stack>
      {error !== undefined && <Failed error={error} />}
      <MultiSelect
        label="Columns"
        description="In the order in which they are chosen. Without a choice, the file has all but those of notes and ids."
        placeholder={columns.length === 0 ? 'All usual columns' : undefined}
        searchable
        clearable
        nothingFoundMessage="No such column"
        data={fields.data.fields.map((f) => ({ value: f.name, label: f.title }))}
        value={columns}
        onChange={setColumns}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button data-autofocus loading={busy} onClick={() => void begin()}>
          Export
        </Button>
      </Group>
    </Stack>
  )
}

/** How far the file is, and then the file. */
function Result({ id, onClose }: { id: string; onClose: () => void }) {
  const queries = useQueryClient()
  const activity = useQuery({
    queryKey: ['activity', id],
    queryFn: ({ signal }) => api.get<Activity>(`/v3/activities/${id}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && finished(query.state.data.state) ? false : 700),
  })
  const a = activity.data
  const done = a !== undefined && finished(a.state)
  useEffect(() => {
    if (done) void queries.invalidateQueries({ queryKey: ['/kith/v1/activities'] })
  }, [done, queries])

  if (activity.error && !a) return <Failed error={activity.error} retry={() => void activity.refetch()} />
  return (
    <Stack>
      {!done && (
        <>
          <Text>
            {a?.state === 'processing'
              ? `${a.status.items_completed_count.toLocaleString()} of ${a.status.items_total_count.toLocaleString()} contacts are in the file.`
              : 'Waiting to begin.'}{' '}
            You may close this; the file will be at{' '}
            <TextLink to="/activities" inherit underline="always">
              Activities
            </TextLink>
            .
          </Text>
          <Progress.Root size="lg">
            <Progress.Section value={a?.percent_done ?? 0} animated aria-label="Export progress" />
          </Progress.Root>
        </>
      )}
      <div role="status">
        {done &&
          (a.state === 'completed' ? (
            <Group gap="xs" wrap="nowrap">
              <IconCircleCheck color="var(--good)" aria-hidden />
              <Text fw={600}>{`${a.status.items_completed_count.toLocaleString()} exported`}</Text>
            </Group>
          ) : (
            <Text fw={600} c="red">
              The export {a.state === 'cancelled' ? 'was cancelled' : 'failed'}.
              {a.activity_errors[0] ? ` ${a.activity_errors[0]}` : ''}
            </Text>
          ))}
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {a?.state === 'completed' && a._links.results && (
          <Button
            component="a"
            href={a._links.results.href}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download
          </Button>
        )}
      </Group>
    </Stack>
  )
}
