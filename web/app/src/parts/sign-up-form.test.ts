import { expect, test } from 'vitest'

import type { CustomField, SignUpForm } from '../api/types'
import { formBody, formPlace, newRow, raised, readForm, unasked } from './sign-up-form'

const form: SignUpForm = {
  form_id: 'f',
  number: 1,
  url: 'http://kith.test/f/f',
  name: 'Fair',
  lists: [
    { list_id: 'a', name: 'A', offered: false, ticked: false },
    { list_id: 'b', name: 'B', offered: true, ticked: false },
    { list_id: 'c', name: 'C', offered: true, ticked: true },
  ],
  fields: [
    { kind: 'email_address', required: true },
    { kind: 'custom_field', custom_field_id: 'x', label: 'Size', required: false },
  ],
  texts: { title: 'Ahoy' },
  language: 'de',
  colors: { accent: '#ffcc00' },
  captcha: true,
  may_update: false,
  sign_up_count: 3,
  created_at: '2026-03-01T17:05:09Z',
  updated_at: '2026-03-01T17:05:09Z',
}

test('what is read is written as it was', () => {
  const body = formBody(readForm(form))
  expect(body).toMatchObject({
    name: 'Fair',
    lists: form.lists.map(({ list_id, offered, ticked }) => ({ list_id, offered, ticked })),
    fields: [
      { kind: 'email_address', label: '', required: true },
      { kind: 'custom_field', custom_field_id: 'x', label: 'Size', required: false },
    ],
    texts: { title: 'Ahoy', intro: '' },
    language: 'de',
    colors: { background: '', text: '', accent: '#ffcc00' },
    captcha: true,
    may_update: false,
  })
  expect(body.fields?.[0]).not.toHaveProperty('custom_field_id')
})

test('what is asked for is offered no more', () => {
  const fields = [
    { custom_field_id: 'x', label: 'Size' },
    { custom_field_id: 'y', label: 'Paper' },
  ] as CustomField[]
  const left = unasked(readForm(form).fields, fields).map((one) => one.value)
  expect(left).toContain('first_name')
  expect(left).toContain('y')
  expect(left).not.toContain('email_address')
  expect(left).not.toContain('x')
  expect(newRow('y')).toMatchObject({ kind: 'custom_field', custom: 'y' })
  expect(newRow('birthday')).toMatchObject({ kind: 'birthday', custom: '' })
})

test('a row goes up', () => {
  expect(raised(['a', 'b', 'c'], 2)).toEqual(['a', 'c', 'b'])
})

test.each([
  ['texts.title', 'title'],
  ['colors.text', 'text'],
  ['redirect_url', 'redirect'],
  ['lists[2].list_id', 'lists'],
  ['fields[0]', 'fields'],
  ['name', undefined],
])('a problem of %s stands at %s', (path, at) => {
  expect(formPlace(path)).toBe(at)
})
