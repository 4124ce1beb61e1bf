import { Text, Timeline } from '@mantine/core'

import { usePaged } from '../api/paged'
import type { HistoryEntry, HistoryPage } from '../api/types'
import { describe, happened } from './happened'
import { More } from './more'
import { Failed, Waiting } from './states'
import { When } from './when'

/** What happened to a contact, newest first: what, when, by which call, by whom. */
export function History({ contact }: { contact: string }) {
  const page = usePaged<HistoryPage, HistoryEntry>(
    `/kith/v1/contacts/${contact}/history`,
    { limit: 25 },
    (p) => p.history,
  )
  if (page.error) return <Failed error={page.error} retry={page.retry} />
  if (page.waiting) return <Waiting label="Loading the history" />
  if (page.rows.length === 0) return <Text c="dimmed">Nothing has happened yet.</Text>
  return (
    <>
      <Timeline bulletSize={14} lineWidth={2}>
        {page.rows.map((entry, i) => (
          <Timeline.Item key={i} title={happened(entry.kind)}>
            <Text size="sm" className="break">
              {describe(entry)}
            </Text>
            <Text size="sm" c="dimmed" className="break">
              <When at={entry.at} />
              {[entry.operation, entry.application, entry.user]
                .filter(Boolean)
                .map((text) => ` · ${text}`)
                .join('')}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      <More more={page.more} loading={page.loadingMore} />
    </>
  )
}
