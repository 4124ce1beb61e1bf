import { Alert, Button, Card, Group, MultiSelect, Progress, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useRef, useState } from 'react'

import { api } from '../api/client'
import type { Activity, ImportMapping, ImportPreview } from '../api/types'
import { FileDrop } from '../parts/file-drop'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Section } from '../parts/section'
import { Failed } from '../parts/states'
import { listsQuery } from './contacts'
import { ImportProgress } from './import-progress'
import { ImportRehearsal } from './import-rehearsal'

export interface ImportSearch {
  /** The import to look at; without it a new one is begun. */
  activity?: string
}

const route = getRouteApi('/imports')

/**
 * From a file to contacts in three steps: choose, look at what each column
 * becomes, watch it being done.
 */
export function ImportsPage() {
  const { activity } = route.useSearch()
  return activity ? <ImportProgress key={activity} id={activity} /> : <NewImport />
}

/** An upload that goes on, as far as it has come. */
interface Reading {
  part: number
  stop: AbortController
}

function NewImport() {
  const navigate = route.useNavigate()
  const known = useQuery(listsQuery)
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File>()
  const [reading, setReading] = useState<Reading>()
  const [preview, setPreview] = useState<ImportPreview>()
  const [targets, setTargets] = useState<Record<number, string>>({})
  const [lists, setLists] = useState<string[]>([])
  const [missing, setMissing] = useState(false)
  const [starting, setStarting] = useState(false)
  const [error, setError] = useState<unknown>()

  const choose = async (chosen: File | undefined) => {
    reading?.stop.abort()
    setFile(chosen)
    setPreview(undefined)
    setError(undefined)
    setReading(undefined)
    if (!chosen) return
    const stop = new AbortController()
    setReading({ part: 0, stop })
    try {
      const tell = (part: number) => setReading((now) => (now?.stop === stop ? { part, stop } : now))
      const read = await api.upload<ImportPreview>('/kith/v1/imports/preview', chosen, tell, stop.signal)
      setPreview(read)
      setTargets(Object.fromEntries(read.columns.map((c) => [c.index, c.target])))
    } catch (failure) {
      if (!stop.signal.aborted) setError(failure)
    } finally {
      setReading((now) => (now?.stop === stop ? undefined : now))
    }
  }

  const start = async () => {
    if (!preview) return
    if (lists.length === 0) {
      setMissing(true)
      picker.current?.focus()
      return
    }
    setStarting(true)
    setError(undefined)
    try {
      const started = await api.post<Activity>('/kith/v1/imports', {
        file_id: preview.file_id,
        mapping: mappingOf(preview, targets),
        list_ids: lists,
      })
      await navigate({ search: { activity: started.activity_id } })
    } catch (failure) {
      setError(failure)
      setStarting(false)
    }
  }

  return (
    <Page
      title="Import contacts"
      description="From a file with a heading row. New contacts are added; of contacts that exist, only the columns of the file change."
    >
      <Card>
        <Stack>
          <FileDrop
            label="CSV file"
            accept={accepted}
            hint="CSV as any program writes it, or an Excel workbook (.xlsx) of up to 32 MB, of which the first sheet is read. Save an older .xls file as one of these."
            file={file}
            onChange={(chosen) => void choose(chosen)}
          />
          {reading && <Uploading part={reading.part} stop={() => void choose(undefined)} />}
          <MultiSelect
            ref={picker}
            label="Lists"
            description="Everyone in the file is put on these."
            placeholder={lists.length === 0 ? 'Choose at least one' : undefined}
            searchable
            clearable
            nothingFoundMessage="No such list"
            data={known.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
            value={lists}
            onChange={(chosen) => {
              setLists(chosen)
              setMissing(false)
            }}
            maxValues={50}
            error={missing && 'Choose at least one list.'}
          />
        </Stack>
      </Card>

      {error !== undefined && <Failed error={error} />}
      {preview && (
        <>
          <Mapping preview={preview} targets={targets} setTargets={setTargets} />
          {hasKey(Object.values(targets)) && (
            <ImportRehearsal file={preview.file_id} mapping={mappingOf(preview, targets)} />
          )}
          <Group justify="flex-end">
            <Button
              size="md"
              onClick={() => void start()}
              loading={starting}
              disabled={!hasKey(Object.values(targets))}
            >
              Import
            </Button>
          </Group>
        </>
      )}
    </Page>
  )
}

/** The kinds of files that can be chosen: workbooks by name and by type, as browsers differ. */
const accepted = '.csv,.txt,.tsv,text/csv,.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** What the columns become, as the API is told. */
function mappingOf(preview: ImportPreview, targets: Record<number, string>): ImportMapping {
  return preview.columns.map((c) => ({ index: c.index, target: targets[c.index] ?? '' }))
}

/** Whether the columns say whom a row is about. */
function hasKey(targets: string[]): boolean {
  return targets.some((target) => target === 'email' || target === 'sms_number')
}

function Uploading({ part, stop }: { part: number; stop: () => void }) {
  const percent = Math.round(part * 100)
  return (
    <Group gap="md" wrap="nowrap">
      <Stack gap={4} flex={1}>
        <Text size="sm" c="dimmed">
          {percent < 100 ? `Uploading, ${percent} %` : 'Reading the file'}
        </Text>
        <Progress.Root>
          <Progress.Section value={percent} animated={percent === 100} aria-label="Upload" />
        </Progress.Root>
      </Stack>
      <Button size="xs" variant="default" onClick={stop}>
        Cancel
      </Button>
    </Group>
  )
}

/** How the file is written. */
function formOf(preview: ImportPreview): string {
  if (/\.xlsx$/i.test(preview.file_name)) return 'from the first sheet'
  return `${preview.encoding}, separated by ${delimiters[preview.delimiter] ?? preview.delimiter}`
}

const delimiters: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' }

/** What each column of the file becomes, and its first values. */
function Mapping({
  preview,
  targets,
  setTargets,
}: {
  preview: ImportPreview
  targets: Record<number, string>
  setTargets: (change: (now: Record<number, string>) => Record<number, string>) => void
}) {
  const choice = [{ value: '', label: 'Leave out' }, ...preview.targets.map((t) => ({ value: t.name, label: t.label }))]
  return (
    <Section
      title="Columns"
      lead={
        <>
          {preview.columns.length} columns, {formOf(preview)}. Change what a column becomes, or leave it out.
        </>
      }
    >
      <Stack>
        {preview.problems.map((problem) => (
          <Alert key={problem} color="yellow">
            {problem}
          </Alert>
        ))}
        {!hasKey(Object.values(targets)) && (
          <Alert color="red" role="alert">
            One column must become the email address or the SMS number.
          </Alert>
        )}
        <Rows
          label="Columns of the file"
          rows={preview.columns}
          keyOf={(column) => String(column.index)}
          columns={[
            { head: 'Heading in the file', as: 'title', width: '32%', cell: headingOf },
            {
              head: 'Becomes',
              width: '34%',
              cell: (column) => (
                <Select
                  aria-label={`What ${headingOf(column)} becomes`}
                  size="sm"
                  searchable
                  allowDeselect={false}
                  data={choice}
                  value={targets[column.index] ?? ''}
                  onChange={(value) => setTargets((now) => ({ ...now, [column.index]: value ?? '' }))}
                />
              ),
            },
            {
              head: 'First rows',
              cell: (column) => (
                <Text size="sm" c="dimmed" lineClamp={1}>
                  {column.samples.filter(Boolean).join(' · ')}
                </Text>
              ),
            },
          ]}
        />
      </Stack>
    </Section>
  )
}

function headingOf(column: { heading: string; index: number }): string {
  return column.heading || `Column ${column.index + 1}`
}
