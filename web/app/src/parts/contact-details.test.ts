import { expect, test } from 'vitest'

import type { Contact } from '../api/types'
import { change, placeOf, read } from './contact-details'

const ada = {
  contact_id: 'a',
  first_name: 'Ada',
  job_title: 'Countess',
  birthday_month: 12,
  birthday_day: 10,
  email_address: { address: 'ada@example.org', permission_to_send: 'explicit' },
  phone_numbers: [
    { kind: 'home', phone_number: '1' },
    { kind: 'work', phone_number: '2' },
  ],
  street_addresses: [{ kind: 'work', city: 'London' }],
} as Contact

test('nothing changed is nothing to send', () => {
  expect(change(read(ada), read(ada))).toEqual({})
  expect(change(read(), read())).toEqual({})
})

test('only what is another is sent, and null for what was emptied', () => {
  const now = { ...read(ada), first_name: 'Augusta', job_title: '', birthday_day: '11' }
  expect(change(read(ada), now)).toEqual({
    first_name: 'Augusta',
    job_title: null,
    birthday_month: 12,
    birthday_day: 11,
  })
})

test('of an address that is kept, the permission alone', () => {
  const now = { ...read(ada), permission: 'unsubscribed', reason: 'Too much' }
  expect(change(read(ada), now)).toEqual({
    email_address: { permission_to_send: 'unsubscribed', opt_out_reason: 'Too much' },
  })
})

test('a new contact has the permission that the form shows', () => {
  expect(change(read(), { ...read(), address: 'new@example.org' })).toEqual({
    email_address: { address: 'new@example.org', permission_to_send: 'implicit' },
  })
})

test('phones and addresses are sent whole, and a fault finds its field', () => {
  const sent = change(read(ada), { ...read(ada), phone_home: '', phone_mobile: '3', work_country: 'England' })
  expect(sent).toEqual({
    phone_numbers: [
      { kind: 'work', phone_number: '2' },
      { kind: 'mobile', phone_number: '3' },
    ],
    street_addresses: [{ kind: 'work', street: '', city: 'London', state: '', postal_code: '', country: 'England' }],
  })
  expect(placeOf('phone_numbers[1].phone_number', sent)).toBe('phone_mobile')
  expect(placeOf('street_addresses[0].country', sent)).toBe('work_country')
  expect(placeOf('email_address.address', sent)).toBe('address')
  expect(placeOf('first_name', sent)).toBeUndefined()
})
