import { Button, Group as Row, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconFilter, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { PageOf, SegmentPreview } from '../api/types'
import { Actions } from '../parts/actions'
import { Confirm } from '../parts/confirm'
import {
  complete,
  criteriaText,
  fields,
  newGroup,
  newRule,
  readCriteria,
  type Field,
  type Group,
} from '../parts/criteria'
import { GroupForm } from '../parts/criteria-form'
import { Dialog } from '../parts/dialog'
import { TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'

interface Segment {
  name: string
  segment_id: number
  edited_at: string
}

/** The segments, and the window in which one is built. */
export function SegmentsPage() {
  const mayWrite = useMay('contacts:lists:write')
  const queries = useQueryClient()
  const [edited, setEdited] = useState<Segment | 'new'>()
  const [deleted, setDeleted] = useState<Segment>()
  const page = usePaged<PageOf<'segments', Segment>, Segment>(
    '/v3/segments',
    { limit: 50, sort_by: 'name' },
    (p) => p.segments,
  )
  return (
    <Page
      title="Segments"
      description="Contacts that meet a condition. Who does is found each time anew."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New segment
          </Button>
        )
      }
    >
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading segments" />
      ) : page.rows.length === 0 ? (
        <Empty icon={<IconFilter aria-hidden />} title="No segments yet">
          A segment gathers contacts by what they are and what they did with mails.
        </Empty>
      ) : (
        <Rows
          label="Segments"
          stale={page.stale}
          rows={page.rows}
          keyOf={(segment) => String(segment.segment_id)}
          columns={[
            {
              head: 'Name',
              as: 'title',
              cell: (segment) => (
                <TextLink
                  to="/contacts"
                  search={{ segment: String(segment.segment_id) }}
                  lineClamp={3}
                  title={segment.name}
                >
                  {segment.name}
                </TextLink>
              ),
            },
            { head: 'Last changed', width: '14rem', cell: (segment) => <When at={segment.edited_at} /> },
            { head: 'Number', as: 'number', width: '5.5rem', cell: (segment) => segment.segment_id },
            {
              head: 'Actions',
              as: 'actions' as const,
              width: '4rem',
              cell: (segment) => (
                <Actions
                  label={`Actions for ${segment.name}`}
                  actions={[
                    {
                      label: mayWrite ? 'Change' : 'Show',
                      icon: <IconPencil size={16} aria-hidden />,
                      run: () => setEdited(segment),
                    },
                    ...(mayWrite
                      ? [
                          {
                            label: 'Delete',
                            icon: <IconTrash size={16} aria-hidden />,
                            danger: true,
                            run: () => setDeleted(segment),
                          },
                        ]
                      : []),
                  ]}
                />
              ),
            },
          ]}
        />
      )}
      <More more={page.more} loading={page.loadingMore} />
      <Dialog
        size="lg"
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === 'new' ? 'New segment' : mayWrite ? 'Change segment' : 'Segment'}
      >
        {edited === 'new' ? (
          <Builder onClose={() => setEdited(undefined)} />
        ) : (
          edited && <Kept segment={edited} onClose={() => setEdited(undefined)} />
        )}
      </Dialog>
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title="Delete this segment?"
        confirm="Delete segment"
        run={async () => {
          await api.delete(`/v3/segments/${deleted?.segment_id}`)
          notifications.show({ message: 'The segment is deleted.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        <b>{deleted?.name}</b>: its contacts stay as they are.
      </Confirm>
    </Page>
  )
}

/** A segment that is kept, once its criteria are here. */
function Kept({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const path = `/v3/segments/${segment.segment_id}`
  const detail = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get<{ name: string; segment_criteria: string }>(path, undefined, signal),
    staleTime: 0,
    gcTime: 0,
  })
  if (detail.error) return <Failed error={detail.error} retry={() => void detail.refetch()} />
  if (!detail.data) return <Waiting label="Loading the segment" />
  return <Builder path={path} name={detail.data.name} criteria={detail.data.segment_criteria} onClose={onClose} />
}

function Builder({
  path,
  name = '',
  criteria,
  onClose,
}: {
  path?: string
  name?: string
  criteria?: string
  onClose: () => void
}) {
  const queries = useQueryClient()
  const mayWrite = useMay('contacts:lists:write')
  const [root, setRoot] = useState<Group>(() =>
    criteria ? readCriteria(criteria) : newGroup('and', newRule(fields[0] as Field)),
  )
  const form = useForm({ initialValues: { name } })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      const body = { name: values.name, segment_criteria: criteriaText(root) }
      if (path) await api.put(path, body)
      else await api.post('/v3/segments', body)
      onClose()
      notifications.show({ message: path ? 'The segment is saved.' : 'The segment is made.', color: 'green' })
      await queries.invalidateQueries()
    },
    { code: { 'segment.name.taken': (failure) => ({ name: failure.message }) } },
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <Text fw={500} size="sm">
          Contacts that meet all of these
        </Text>
        <GroupForm group={root} onChange={setRoot} />
        <Preview root={root} />
        <Row justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {mayWrite ? 'Cancel' : 'Close'}
          </Button>
          {mayWrite && (
            <Button type="submit" loading={busy} disabled={!complete(root)}>
              Save
            </Button>
          )}
        </Row>
      </Stack>
    </form>
  )
}

/** Who meets the criteria as they stand; a question that is outdated is given up. */
function Preview({ root }: { root: Group }) {
  const [criteria] = useDebouncedValue(complete(root) ? criteriaText(root) : '', 400)
  const found = useQuery({
    queryKey: ['/kith/v1/segments/preview', criteria],
    queryFn: ({ signal }) =>
      api.post<SegmentPreview>('/kith/v1/segments/preview', { segment_criteria: criteria, sample: 5 }, signal),
    enabled: criteria !== '',
  })
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />
  const names = found.data?.contacts.map(
    (c) => c.email_address?.address ?? [c.first_name, c.last_name].filter(Boolean).join(' '),
  )
  return (
    <div role="status" aria-label="Preview">
      <Text size="sm" fw={600}>
        {criteria === ''
          ? 'Complete the rules to see whom they find.'
          : !found.data
            ? 'Counting …'
            : counted(found.data)}
      </Text>
      {names && names.length > 0 && (
        <Text size="sm" c="dimmed" className="break">
          {names.join(', ')}
          {found.data && found.data.count > names.length ? ' …' : ''}
        </Text>
      )}
    </div>
  )
}

function counted({ count, active_count }: SegmentPreview): string {
  return `${count.toLocaleString()} ${count === 1 ? 'contact' : 'contacts'}, ${active_count.toLocaleString()} of them may be mailed`
}
