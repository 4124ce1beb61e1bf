import {
  Alert,
  Anchor,
  Button,
  Card,
  FileInput,
  Group,
  MultiSelect,
  Progress,
  Select,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { api } from '../api/client'
import type { Activity, ImportPreview } from '../api/types'
import { Page } from '../parts/page'
import { Failed } from '../parts/states'
import { listsQuery } from './contacts'
import { TextLink } from '../parts/link'

/**
 * From a file to contacts in three steps: choose, look at what each column
 * becomes, watch it being done.
 */
export function ImportsPage() {
  const [file, setFile] = useState<File | null>(null)
  const [preview, setPreview] = useState<ImportPreview>()
  const [targets, setTargets] = useState<Record<number, string>>({})
  const [lists, setLists] = useState<string[]>([])
  const [activity, setActivity] = useState<string>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState<'reading' | 'starting'>()
  const known = useQuery(listsQuery)

  const choose = async (chosen: File | null) => {
    setFile(chosen)
    setPreview(undefined)
    setError(undefined)
    if (!chosen) return
    setBusy('reading')
    try {
      const form = new FormData()
      form.append('file', chosen)
      const read = await api.upload<ImportPreview>('/kith/v1/imports/preview', form)
      setPreview(read)
      setTargets(Object.fromEntries(read.columns.map((c) => [c.index, c.target])))
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(undefined)
    }
  }

  const start = async () => {
    if (!preview) return
    setBusy('starting')
    setError(undefined)
    try {
      const started = await api.post<Activity>('/kith/v1/imports', {
        file_id: preview.file_id,
        mapping: preview.columns.map((c) => ({ index: c.index, target: targets[c.index] ?? '' })),
        list_ids: lists,
      })
      setActivity(started.activity_id)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(undefined)
    }
  }

  const again = () => {
    setFile(null)
    setPreview(undefined)
    setActivity(undefined)
    setError(undefined)
  }

  if (activity) {
    return (
      <Page title="Import contacts" description={file?.name}>
        <ImportProgress id={activity} again={again} />
      </Page>
    )
  }

  const usable = Object.values(targets).some((t) => t === 'email' || t === 'sms_number')
  return (
    <Page
      title="Import contacts"
      description="From a CSV file with a heading row. New contacts are added; of contacts that exist, only the columns of the file change."
    >
      <Card withBorder>
        <Stack>
          <FileInput
            label="CSV file"
            placeholder="Choose a file"
            accept=".csv,text/csv"
            leftSection={<IconFileTypeCsv size={18} aria-hidden />}
            value={file}
            onChange={(chosen) => void choose(chosen)}
            clearable
            fileInputProps={{ 'aria-label': 'CSV file' }}
          />
          <MultiSelect
            label="Lists"
            description="Everyone in the file is put on these."
            searchable
            clearable
            nothingFoundMessage="No such list"
            data={known.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
            value={lists}
            onChange={setLists}
            maxValues={50}
          />
        </Stack>
      </Card>

      {error !== undefined && <Failed error={error} />}
      {busy === 'reading' && <Progress value={100} animated striped aria-label="Reading the file" />}

      {preview && (
        <Card withBorder component="section" aria-labelledby="columns">
          <Title order={2} size="h4" id="columns" mb={4}>
            Columns
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {preview.columns.length} columns, {preview.encoding}, separated by{' '}
            {({ ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as Record<string, string>)[
              preview.delimiter
            ] ?? preview.delimiter}
            . Change what a column becomes, or leave it out.
          </Text>
          {preview.problems.map((problem) => (
            <Alert key={problem} color="yellow" mb="sm">
              {problem}
            </Alert>
          ))}
          <Table.ScrollContainer minWidth={600}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Heading in the file</Table.Th>
                  <Table.Th>Becomes</Table.Th>
                  <Table.Th>First rows</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {preview.columns.map((column) => (
                  <Table.Tr key={column.index}>
                    <Table.Td>
                      <Text fw={500}>{column.heading || `Column ${column.index + 1}`}</Text>
                    </Table.Td>
                    <Table.Td>
                      <Select
                        aria-label={`What ${column.heading || `column ${column.index + 1}`} becomes`}
                        size="xs"
                        searchable
                        allowDeselect={false}
                        data={[
                          { value: '', label: 'Leave out' },
                          ...preview.targets.map((t) => ({ value: t.name, label: t.label })),
                        ]}
                        value={targets[column.index] ?? ''}
                        onChange={(value) => setTargets((now) => ({ ...now, [column.index]: value ?? '' }))}
                      />
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" c="dimmed" lineClamp={1} maw={320}>
                        {column.samples.filter(Boolean).join(' · ')}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {!usable && (
            <Alert color="red" mt="sm">
              One column must become the email address.
            </Alert>
          )}
          {lists.length === 0 && (
            <Text size="sm" c="dimmed" mt="sm">
              Choose at least one list above.
            </Text>
          )}
          <Group justify="flex-end" mt="md">
            <Button onClick={() => void start()} loading={busy === 'starting'} disabled={!usable || lists.length === 0}>
              Import
            </Button>
          </Group>
        </Card>
      )}
    </Page>
  )
}

export function finished(state: Activity['state']): boolean {
  return state !== 'initialized' && state !== 'processing'
}

function ImportProgress({ id, again }: { id: string; again: () => void }) {
  const queries = useQueryClient()
  const activity = useQuery({
    queryKey: ['activity', id],
    queryFn: ({ signal }) => api.get<Activity>(`/v3/activities/${id}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && finished(query.state.data.state) ? false : 700),
  })
  const done = activity.data ? finished(activity.data.state) : false
  useEffect(() => {
    if (done) void queries.invalidateQueries({ queryKey: ['lists'] })
  }, [done, queries])

  if (activity.error) return <Failed error={activity.error} retry={() => void activity.refetch()} />
  const status = activity.data?.status
  const rejected = (status?.error_count ?? 0) + (status?.correctable_count ?? 0)
  return (
    <Card withBorder>
      <Stack>
        {!done && (
          <>
            <Text>
              {activity.data?.state === 'processing'
                ? `${(status?.items_completed_count ?? 0).toLocaleString()} rows so far. You may leave this page; the work goes on.`
                : 'Waiting to begin. You may leave this page; the work goes on.'}
            </Text>
            <Progress.Root size="lg">
              <Progress.Section
                value={activity.data?.percent_done ?? 0}
                animated
                aria-label="Import progress"
                withAria
              />
            </Progress.Root>
          </>
        )}
        <div role="status" aria-live="polite">
          {done && activity.data?.state === 'completed' && (
            <Text fw={600} size="lg">
              {`${(status?.person_count ?? 0).toLocaleString()} imported, ${rejected.toLocaleString()} rejected`}
            </Text>
          )}
          {done && activity.data?.state !== 'completed' && (
            <Text fw={600} c="red">
              The import {activity.data?.state === 'cancelled' ? 'was cancelled' : 'failed'}.
            </Text>
          )}
        </div>
        {(activity.data?.activity_errors.length ?? 0) > 0 && (
          <Alert color={activity.data?.state === 'failed' ? 'red' : 'yellow'} title="What was found">
            <Stack gap={2}>
              {activity.data?.activity_errors.slice(0, 10).map((text) => (
                <Text size="sm" key={text}>
                  {text}
                </Text>
              ))}
            </Stack>
          </Alert>
        )}
        {done && (
          <Group>
            {rejected > 0 && (
              <Anchor href={`/kith/v1/activities/${id}/rejected_rows.csv`} download>
                Rejected rows
              </Anchor>
            )}
            <TextLink to="/contacts">See the contacts</TextLink>
            <Button variant="default" onClick={again}>
              Import another file
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  )
}
