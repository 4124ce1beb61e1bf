import { expect, it } from 'vitest'

import type { Activity } from '../api/types'
import { finished, rejectedRows, rejections } from './activity'

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
