import { expect, it } from 'vitest'

import { withQuery } from './client'
import { cursorOf } from './paged'

it.each([
  [undefined, undefined],
  ['/kith/v1/lists?cursor=mfrgg', 'mfrgg'],
  ['https://kith.example/v3/contacts?limit=5&cursor=a', 'a'],
  ['/v3/contacts', undefined],
])('the cursor of %s is %s', (href, cursor) => {
  expect(cursorOf(href)).toBe(cursor)
})

it('asks for what is given, and leaves out what is not', () => {
  expect(
    withQuery('/v3/contacts', { search: 'a&b=c', list: undefined, status: '', limit: 50, include_count: true }),
  ).toBe('/v3/contacts?search=a%26b%3Dc&limit=50&include_count=true')
  expect(withQuery('/v3/contacts', { search: '' })).toBe('/v3/contacts')
  expect(withQuery('/v3/contacts')).toBe('/v3/contacts')
})
