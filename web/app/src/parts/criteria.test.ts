import { expect, test } from 'vitest'

import { complete, criteriaText, customField, fieldOf, fields, isGroup, readCriteria, type Rule } from './criteria'

const shoe = 'a0c1e7f2-0000-7000-8000-000000000001'
const known = [...fields, customField({ custom_field_id: shoe, label: 'Shoe size', type: 'number', version: 1 })]

function read(...group: object[]) {
  const text = JSON.stringify({ version: '1.0.0', criteria: { type: 'and', group } })
  const root = readCriteria(text)
  return { text, root, rules: root.parts.filter((part): part is Rule => !isGroup(part)) }
}

test('what is not changed is kept to the letter, shown or not', () => {
  const { text, root, rules } = read(
    { source: 'contact', field: 'city', op: 'in', value: ['Rome', 'Pisa'] },
    { source: 'tracking', field: 'opened', op: 'contains-all', value: [shoe], note: 'mine' },
    { source: 'contact', field: 'custom_field', op: 'in-last-n-days', param: shoe, value: '3' },
    { type: 'or', group: [{ source: 'tracking', field: 'sent', op: 'contains-any', const_value: 'any-campaign' }] },
  )
  expect(criteriaText(root)).toBe(text)
  expect(rules.map((r) => fieldOf(r, known)?.label)).toEqual([undefined, undefined, undefined])
})

test('a custom field is found by either of its names', () => {
  const { rules } = read(
    { source: 'contact', field: shoe, op: 'greater-than', value: '40' },
    { source: 'contact', field: 'custom_field', param: shoe, op: 'between', value: ['40', '44'] },
  )
  for (const rule of rules) expect(fieldOf(rule, known)?.label).toBe('Shoe size')
  expect(fieldOf(rules[0] as Rule, fields)).toBeUndefined()
})

test('a rule that is changed is written anew', () => {
  const { root, rules } = read({
    source: 'contact',
    field: 'custom_field',
    param: shoe,
    op: 'between',
    value: ['40', '44'],
  })
  const rule = { ...(rules[0] as Rule), raw: undefined }
  expect(JSON.parse(criteriaText({ ...root, parts: [rule] }))).toEqual({
    version: '1.0.0',
    criteria: { type: 'and', group: [{ source: 'contact', field: shoe, op: 'between', value: ['40', '44'] }] },
  })
  expect(complete(rule)).toBe(true)
  expect(complete({ ...rule, values: ['40', ''] })).toBe(false)
  expect(complete({ ...rule, op: 'is-empty', values: [] })).toBe(true)
})

test('a type decides how a field is asked', () => {
  const form = (type: string, version = 1) => customField({ custom_field_id: shoe, label: '', type, version }).form
  expect(
    ['string', 'text_area', 'number', 'currency', 'date', 'datetime', 'boolean', 'single_select', 'multi_select'].map(
      (t) => form(t),
    ),
  ).toEqual(['text', 'text', 'number', 'number', 'text', 'date', 'truth', 'choices', 'choices'])
  expect(form('date', 2)).toBe('date')
})
