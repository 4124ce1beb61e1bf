// A sign-up form as its editor holds it, and as the server takes it.

import type { CustomField, FormField, FormInput, SignUpForm } from '../api/types'

/** One question. Its key tells rows apart while they are moved. */
export interface FieldRow {
  key: string
  kind: FormField['kind']
  custom: string
  label: string
  required: boolean
}

export interface ListRow {
  id: string
  name: string
  /** How it is joined: by everybody, by who ticks it, by who does not untick it. */
  how: 'set' | 'offered' | 'ticked'
}

export interface FormValues extends Record<string, unknown> {
  name: string
  lists: ListRow[]
  fields: FieldRow[]
  title: string
  intro: string
  button: string
  consent: string
  thanks: string
  language: string
  background: string
  text: string
  accent: string
  redirect: string
  captcha: boolean
  mayUpdate: boolean
}

export const languages = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
  { value: 'it', label: 'Italiano' },
  { value: 'nl', label: 'Nederlands' },
]

const kinds: { kind: FormField['kind']; label: string }[] = [
  { kind: 'email_address', label: 'Email address' },
  { kind: 'first_name', label: 'First name' },
  { kind: 'last_name', label: 'Last name' },
  { kind: 'company_name', label: 'Company' },
  { kind: 'phone_number', label: 'Phone number' },
  { kind: 'birthday', label: 'Birthday' },
  { kind: 'street_address', label: 'Address' },
]

const keyOf = (kind: string, custom: string) => (kind === 'custom_field' ? custom : kind)

/** What a question asks for, in the app's words. */
export function asks(row: FieldRow, fields: CustomField[]): string {
  if (row.kind !== 'custom_field') return kinds.find((k) => k.kind === row.kind)?.label ?? row.kind
  return fields.find((f) => f.custom_field_id === row.custom)?.label ?? 'Custom field'
}

/** What can still be asked for. */
export function unasked(rows: FieldRow[], fields: CustomField[]): { value: string; label: string }[] {
  const all = [
    ...kinds.map((k) => ({ value: k.kind as string, label: k.label })),
    ...fields.map((f) => ({ value: f.custom_field_id, label: f.label })),
  ]
  return all.filter((one) => !rows.some((row) => row.key === one.value))
}

/** The question for what was picked among the unasked. */
export function newRow(picked: string): FieldRow {
  const known = kinds.find((k) => k.kind === picked)
  return {
    key: picked,
    kind: known?.kind ?? 'custom_field',
    custom: known ? '' : picked,
    label: '',
    required: false,
  }
}

/** The rows with one of them moved up. */
export function raised<T>(rows: T[], at: number): T[] {
  const next = [...rows]
  const [row] = next.splice(at, 1)
  if (row !== undefined) next.splice(at - 1, 0, row)
  return next
}

export function readForm(form: SignUpForm): FormValues {
  return {
    name: form.name,
    lists: form.lists.map((l) => ({
      id: l.list_id,
      name: l.name,
      how: l.ticked ? 'ticked' : l.offered ? 'offered' : 'set',
    })),
    fields: form.fields.map((f) => ({
      key: keyOf(f.kind, f.custom_field_id ?? ''),
      kind: f.kind,
      custom: f.custom_field_id ?? '',
      label: f.label ?? '',
      required: f.required,
    })),
    title: form.texts.title ?? '',
    intro: form.texts.intro ?? '',
    button: form.texts.button ?? '',
    consent: form.texts.consent ?? '',
    thanks: form.texts.thanks ?? '',
    language: form.language,
    background: form.colors.background ?? '',
    text: form.colors.text ?? '',
    accent: form.colors.accent ?? '',
    redirect: form.redirect_url ?? '',
    captcha: form.captcha,
    mayUpdate: form.may_update,
  }
}

export function formBody(values: FormValues): FormInput {
  return {
    name: values.name,
    lists: values.lists.map((l) => ({ list_id: l.id, offered: l.how !== 'set', ticked: l.how === 'ticked' })),
    fields: values.fields.map((f) => ({
      kind: f.kind,
      ...(f.custom && { custom_field_id: f.custom }),
      label: f.label,
      required: f.required,
    })),
    texts: {
      title: values.title,
      intro: values.intro,
      button: values.button,
      consent: values.consent,
      thanks: values.thanks,
    },
    language: values.language as FormInput['language'],
    colors: { background: values.background, text: values.text, accent: values.accent },
    redirect_url: values.redirect,
    captcha: values.captcha,
    may_update: values.mayUpdate,
  } as FormInput
}

/** The editor's field for a path of a problem. */
export function formPlace(path: string): string | undefined {
  if (path === 'redirect_url') return 'redirect'
  return /^(?:texts|colors)\.(\w+)$/.exec(path)?.[1] ?? /^(lists|fields)\[/.exec(path)?.[1]
}
