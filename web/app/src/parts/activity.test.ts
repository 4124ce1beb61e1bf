import { expect, it } from 'vitest'

import type { Activity, ActivityOfKind } from '../api/types'
import { finished, outcome, rejectedRows, rejections } from './activity'

it.each([
  ['initialized', false],
  ['processing', false],
  ['completed', true],
  ['failed', true],
  ['cancelled', true],
  ['timed_out', true],
] as const)('%s: nothing more comes of it: %s', (state, end) => {
  expect(finished(state)).toBe(end)
})

it('counts rows that were not taken, of whichever kind', () => {
  expect(rejections({ status: { error_count: 2, correctable_count: 3 } } as Activity)).toBe(5)
  expect(rejections({} as Activity)).toBe(0)
})

it('knows where the rejected rows are', () => {
  expect(rejectedRows('1')).toBe('/kith/v1/activities/1/rejected_rows.csv')
})

const counts = {
  items_total_count: 1200,
  items_completed_count: 1100,
  person_count: 1000,
  error_count: 60,
  correctable_count: 40,
} as ActivityOfKind['status']

it.each([
  ['list_add', 'processing', ''],
  ['list_add', 'cancelled', 'Stopped after 1,100 of 1,200.'],
  ['tag_add', 'failed', 'The work failed.'],
  ['file_import', 'completed', '1,000 imported, 100 rejected'],
  ['contact_export', 'completed', '1,100 contacts exported'],
  ['list_remove', 'completed', '1,000 contacts off the lists'],
] as const)('%s that is %s: %s', (kind, state, text) => {
  expect(outcome({ kind, state, status: counts })).toBe(text)
})

it('speaks of one contact as one', () => {
  expect(outcome({ kind: 'contact_delete', state: 'completed', status: { ...counts, person_count: 1 } })).toBe(
    '1 contact deleted',
  )
})
