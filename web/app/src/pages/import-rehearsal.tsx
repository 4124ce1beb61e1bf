import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import type { ImportMapping, Rehearsal } from '../api/types'
import { RejectTable } from '../parts/reject-table'
import { Section } from '../parts/section'
import { Failed, Waiting } from '../parts/states'

/** How many rejected rows are shown; after the import they are all there. */
const shown = 10

/**
 * What an import would do, asked for by a button: a long file takes a while.
 * Of another mapping it has to be asked again.
 */
export function ImportRehearsal({ file, mapping }: { file: string; mapping: ImportMapping }) {
  const question = JSON.stringify([file, mapping])
  const [asked, setAsked] = useState<string>()
  const answer = useQuery({
    queryKey: ['rehearsal', question],
    queryFn: ({ signal }) => api.post<Rehearsal>('/kith/v1/imports/rehearsal', { file_id: file, mapping }, signal),
    enabled: asked === question,
    retry: false,
    gcTime: 0, // contacts change
  })
  return (
    <Section title="Try it first" lead="The file is read by the rules of the import, and nothing is changed.">
      <Stack>
        {answer.isFetching ? (
          <Waiting label="Rehearsing the import" />
        ) : (
          <Group>
            <Button variant="default" onClick={() => (asked === question ? void answer.refetch() : setAsked(question))}>
              {answer.data ? 'Rehearse again' : 'Rehearse'}
            </Button>
          </Group>
        )}
        <div role="status" aria-label="Rehearsal">
          {answer.data && !answer.isFetching && <Outcome of={answer.data} />}
        </div>
        {answer.error && !answer.isFetching && <Failed error={answer.error} />}
        {answer.data && !answer.isFetching && answer.data.rejected_rows.length > 0 && (
          <RejectTable rows={answer.data.rejected_rows.slice(0, shown)} />
        )}
      </Stack>
    </Section>
  )
}

function Outcome({ of: r }: { of: Rehearsal }) {
  const parts = [
    [r.new, 'would be added'],
    [r.changed, 'would change'],
    [r.unchanged, 'would stay as they are'],
    [r.rejected, 'would be rejected'],
  ] as const
  return (
    <Stack gap="xs">
      <Text fw={600}>{parts.map(([n, what]) => `${n.toLocaleString()} ${what}`).join(', ')}</Text>
      {r.rows_read < r.rows && (
        <Alert color="yellow">
          The first {r.rows_read.toLocaleString()} of {r.rows.toLocaleString()} rows were looked at; the import reads
          all.
        </Alert>
      )}
      {r.rejected > 0 && (
        <Text size="sm" c="dimmed">
          {r.rejected > shown && `The first ${shown} faults are below. `}
          Mend these rows in the file and choose it again, or import now: they are left out, and a file of them can be
          downloaded afterwards.
        </Text>
      )}
    </Stack>
  )
}
