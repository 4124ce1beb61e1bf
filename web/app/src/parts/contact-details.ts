// A contact's own fields as a form holds them, and what is to be sent of them.

import type { Contact } from '../api/types'

export const phoneKinds = [
  { value: 'home', label: 'Home phone' },
  { value: 'work', label: 'Work phone' },
  { value: 'mobile', label: 'Mobile phone' },
  { value: 'other', label: 'Other phone' },
]

export const addressKinds = [
  { value: 'home', label: 'Home address' },
  { value: 'work', label: 'Work address' },
  { value: 'other', label: 'Other address' },
]

export const addressParts = [
  { value: 'street', label: 'Street' },
  { value: 'city', label: 'City' },
  { value: 'state', label: 'State' },
  { value: 'postal_code', label: 'Postal code' },
  { value: 'country', label: 'Country' },
] as const

const plain = ['first_name', 'last_name', 'job_title', 'company_name', 'anniversary'] as const

/** Every field is a text, but the lists. Phones are phone_home …, addresses home_street …. */
export interface Details {
  [field: string]: string | string[]
  address: string
  permission: string
  reason: string
  lists: string[]
}

/** What the form begins with: empty for a contact that is to be made. */
export function read(c?: Contact): Details {
  const values: Details = {
    address: c?.email_address?.address ?? '',
    permission: c?.email_address?.permission_to_send ?? (c?.email_address || !c ? 'implicit' : 'not_set'),
    reason: '',
    lists: c?.list_memberships ?? [],
    birthday_month: String(c?.birthday_month ?? ''),
    birthday_day: String(c?.birthday_day ?? ''),
  }
  for (const name of plain) values[name] = c?.[name] ?? ''
  for (const { value: kind } of phoneKinds) {
    values[`phone_${kind}`] = c?.phone_numbers?.find((p) => (p.kind ?? 'other') === kind)?.phone_number ?? ''
  }
  for (const { value: kind } of addressKinds) {
    const address = c?.street_addresses?.find((a) => a.kind === kind)
    for (const { value: part } of addressParts) values[`${kind}_${part}`] = address?.[part] ?? ''
  }
  return values
}

type Element = Record<string, string>

export interface Change {
  [field: string]: unknown
  phone_numbers?: Element[]
  street_addresses?: Element[]
}

/** What is to be sent: of a contact what is another than before, null for what was emptied. */
export function change(before: Details, now: Details): Change {
  const body: Change = {}
  const changed = (...names: string[]) => names.some((name) => String(now[name]) !== String(before[name]))
  const email: Record<string, string> = {}
  if (changed('address')) email.address = now.address
  // A new address has the permission that is shown, changed or not.
  if (changed('permission') || (changed('address') && !before.address)) email.permission_to_send = now.permission
  if (now.reason) email.opt_out_reason = now.reason
  if (email.address || (before.address && Object.keys(email).length > 0)) body.email_address = email
  for (const name of plain) if (changed(name)) body[name] = now[name] || null
  if (changed('birthday_month', 'birthday_day')) {
    body.birthday_month = now.birthday_month ? Number(now.birthday_month) : null
    body.birthday_day = now.birthday_day ? Number(now.birthday_day) : null
  }
  if (changed('lists')) body.list_memberships = now.lists
  if (changed(...phoneKinds.map(({ value }) => `phone_${value}`))) {
    body.phone_numbers = phoneKinds
      .map(({ value: kind }) => ({ kind, phone_number: String(now[`phone_${kind}`]) }))
      .filter((p) => p.phone_number !== '')
  }
  const ofAddress = ({ value: kind }: { value: string }) => addressParts.map((part) => `${kind}_${part.value}`)
  if (changed(...addressKinds.flatMap(ofAddress))) {
    body.street_addresses = addressKinds
      .filter((kind) => ofAddress(kind).some((name) => now[name] !== ''))
      .map((kind) => ({
        kind: kind.value,
        ...Object.fromEntries(addressParts.map(({ value }) => [value, String(now[`${kind.value}_${value}`])])),
      }))
  }
  return body
}

/** The form's field for a path of the API, given what was sent. */
export function placeOf(path: string, sent: Change): string | undefined {
  const [, array, index, part] = /^(phone_numbers|street_addresses)\[(\d+)\](?:\.(\w+))?/.exec(path) ?? []
  if (array === 'phone_numbers') return `phone_${sent.phone_numbers?.[Number(index)]?.kind}`
  if (array === 'street_addresses') return `${sent.street_addresses?.[Number(index)]?.kind}_${part ?? 'street'}`
  return named[path.replace(/\[\d+\]/g, '')]
}

const named: Record<string, string> = {
  email_address: 'address',
  'email_address.address': 'address',
  'email_address.permission_to_send': 'permission',
  'email_address.opt_out_reason': 'reason',
  list_memberships: 'lists',
  phone_numbers: 'phone_home',
  street_addresses: 'home_street',
}

/** The months by number, in the reader's language. */
export function months() {
  return Array.from({ length: 12 }, (_, i) => ({
    value: String(i + 1),
    label: new Date(Date.UTC(2024, i, 1)).toLocaleDateString(undefined, { month: 'long', timeZone: 'UTC' }),
  }))
}
