import { Anchor, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

import { usePaged } from '../api/paged'
import type { RejectedPage, RejectedRow } from '../api/types'
import { rejectedRows } from './activity'
import { TextLink } from './link'
import { More } from './more'
import { RejectTable } from './reject-table'
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
          <Text size="sm">
            These rows were left out. Mend them where they came from, by line and column, and{' '}
            <TextLink to="/imports" search={{}} underline="always">
              import that again
            </TextLink>
            : all of it, or the heading row and these. Who was brought in already is not added twice.
          </Text>
          <RejectTable rows={page.rows} />
          <More more={page.more} loading={page.loadingMore} />
        </Stack>
      )}
    </Section>
  )
}
