import { expect, it } from 'vitest'

import { values } from './replay'

it('finds what a request has for each parameter', () => {
  const given = values('/v3/contacts/{contact_id}', {
    path: '/v3/contacts/a%20b/',
    query: 'include=notes&include=taggings&x=1',
  })
  expect(given({ name: 'contact_id', in: 'path' })).toEqual(['a b'])
  expect(given({ name: 'include', in: 'query' })).toEqual(['notes', 'taggings'])
  expect(given({ name: 'limit', in: 'query' })).toEqual([])
  expect(given({ name: 'other', in: 'path' })).toEqual([])
  expect(given({ name: 'x', in: 'header' })).toEqual([])
})
