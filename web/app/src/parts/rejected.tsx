import { Anchor, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

import { usePaged } from '../api/paged'
import type { RejectedPage, RejectedRow } from '../api/types'
import { rejectedRows } from './activity'
import { More } from './more'
import { Rows } from './rows'
import { Section } from './section'
import { Failed, Waiting } from './states'

/** The rows that an import did not take, and why. */
export function RejectedRows({ of: id }: { of: string }) {
  const page = usePaged<RejectedPage, RejectedRow>(
    `/kith/v1/activities/${id}/rejected_rows`,
    { limit: 50 },
    (p) => p.rejected_rows,
  )
  return (
    <Section
      title="What was rejected"
      lead={
        <Anchor href={rejectedRows(id)} download inherit>
          <IconDownload size={14} aria-hidden /> Rejected rows
        </Anchor>
      }
    >
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading rejected rows" />
      ) : (
        <Stack>
          <Rows
            label="Rejected rows"
            rows={page.rows}
            keyOf={(row) => `${row.line} ${row.column}`}
            columns={[
              { head: 'Line', width: '7rem', cell: (row) => row.line.toLocaleString() },
              { head: 'Column', width: '25%', cell: (row) => row.column },
              { head: 'Value', width: '30%', cell: (row) => row.value },
              { head: 'Reason', cell: (row) => row.reason },
            ]}
          />
          <More more={page.more} loading={page.loadingMore} />
        </Stack>
      )}
    </Section>
  )
}
