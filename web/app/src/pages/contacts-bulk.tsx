import { Alert, Button, Card, Group, MultiSelect, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'

import { api } from '../api/client'
import { tagsQuery } from '../api/known'
import type { Activity, Tag } from '../api/types'
import { Dialog } from '../parts/dialog'
import { TextLink } from '../parts/link'
import { Failed } from '../parts/states'
import { listsQuery } from './contacts'
import { ExportDialog } from './contacts-export'

/** What the server calls what is done with many contacts. */
type Action = 'add_to_lists' | 'remove_from_lists' | 'add_tags' | 'remove_tags' | 'delete'

/** Who is meant: some by their ids, or whoever meets the filter of the page. */
export type Chosen = { ids: string[] } | { all: Asked; count: number | undefined }

/** What the page asks for, as its address has it. */
interface Asked {
  search?: string
  list?: string
  tag?: string
  segment_id?: string
  status?: string
}

const titles: Record<Action, string> = {
  add_to_lists: 'Add to lists',
  remove_from_lists: 'Remove from lists',
  add_tags: 'Add tags',
  remove_tags: 'Remove tags',
  delete: 'Delete',
}

/** How many contacts are named one by one at most; more are meant by a filter only. */
export const mostChosen = 500

/** What can be done with the contacts that are chosen. */
export function BulkBar({
  chosen,
  clear,
  children,
}: {
  chosen: Chosen
  clear: () => void
  /** An offer to choose more. */
  children?: ReactNode
}) {
  const [action, setAction] = useState<Action>()
  const [exporting, setExporting] = useState(false)
  const tags = useQuery(tagsQuery)
  const offered: Action[] = tags.data?.tags.length
    ? ['add_to_lists', 'remove_from_lists', 'add_tags', 'remove_tags']
    : ['add_to_lists', 'remove_from_lists']
  return (
    <Card role="region" aria-label="Selection">
      <Group justify="space-between">
        <Group gap="sm">
          <Text fw={600} role="status">
            {people(chosen)} selected
          </Text>
          {children}
          <Button size="xs" variant="subtle" onClick={clear}>
            Clear selection
          </Button>
        </Group>
        <Group gap="xs">
          {offered.map((a) => (
            <Button key={a} size="xs" variant="default" onClick={() => setAction(a)}>
              {titles[a]}
            </Button>
          ))}
          <Button size="xs" variant="default" onClick={() => setExporting(true)}>
            Export
          </Button>
          <Button size="xs" variant="default" c="red" onClick={() => setAction('delete')}>
            {titles.delete}
          </Button>
        </Group>
      </Group>
      <Dialog
        opened={action !== undefined}
        onClose={() => setAction(undefined)}
        title={action ? `${titles[action]}: ${people(chosen)}` : ''}
      >
        {action && (
          <Ask
            action={action}
            chosen={chosen}
            tags={tags.data?.tags ?? []}
            onClose={() => setAction(undefined)}
            begun={clear}
          />
        )}
      </Dialog>
      <ExportDialog chosen={chosen} opened={exporting} onClose={() => setExporting(false)} />
    </Card>
  )
}

/** Asks for lists or tags, or whether this is meant, and begins the work. */
function Ask({
  action,
  chosen,
  tags,
  onClose,
  begun,
}: {
  action: Action
  chosen: Chosen
  tags: Tag[]
  onClose: () => void
  begun: () => void
}) {
  const queries = useQueryClient()
  const lists = useQuery(listsQuery)
  const [targets, setTargets] = useState<string[]>([])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [activity, setActivity] = useState<Activity>()
  const onLists = action === 'add_to_lists' || action === 'remove_from_lists'

  async function begin() {
    setBusy(true)
    setError(undefined)
    try {
      const who = 'ids' in chosen ? { contact_ids: chosen.ids } : { filter: filterOf(chosen.all) }
      const what = action === 'delete' ? {} : onLists ? { list_ids: targets } : { tag_ids: targets }
      setActivity(await api.post<Activity>('/kith/v1/activities', { action, ...who, ...what }))
      await queries.invalidateQueries()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  if (activity) {
    return (
      <Stack>
        <Alert color="green" role="status">
          The work has begun, and goes on by itself.{' '}
          <TextLink to="/activities/$id" params={{ id: activity.activity_id }} inherit>
            See how far it is
          </TextLink>
        </Alert>
        <Group justify="flex-end">
          <Button
            onClick={() => {
              onClose()
              begun()
            }}
          >
            Close
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack>
      {error !== undefined && <Failed error={error} />}
      {action === 'delete' ? (
        <Text>
          They are taken off every list and get no more mail. Each can be brought back by being put on a list again.
        </Text>
      ) : (
        <MultiSelect
          label={onLists ? 'Lists' : 'Tags'}
          searchable
          maxValues={50}
          nothingFoundMessage={onLists ? 'No such list' : 'No such tag'}
          data={
            onLists
              ? (lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? [])
              : tags.map((tag) => ({ value: tag.tag_id, label: tag.name }))
          }
          value={targets}
          onChange={setTargets}
          description={action === 'add_to_lists' ? 'Who has unsubscribed is not put on any list.' : undefined}
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color={action === 'delete' ? 'red' : undefined}
          loading={busy}
          disabled={action !== 'delete' && targets.length === 0}
          onClick={() => void begin()}
        >
          {action === 'delete' ? `Delete ${people(chosen)}` : titles[action]}
        </Button>
      </Group>
    </Stack>
  )
}

/** The filter in the words of the work's body, where the address has only text. */
export function filterOf({ search, list, tag, segment_id, status }: Asked) {
  return {
    search,
    list,
    tag,
    segment_id: segment_id ? Number(segment_id) : undefined,
    status: status ? [status] : undefined,
  }
}

export function people(chosen: Chosen): string {
  const n = 'ids' in chosen ? chosen.ids.length : chosen.count
  if (n === undefined) return 'all contacts that match'
  return `${n.toLocaleString()} ${n === 1 ? 'contact' : 'contacts'}`
}
