// The criteria of a segment as the builder holds them, and as JSON. What may be
// asked stands in /v3/segments/schema.json; the builder offers most of it, and
// keeps as it is what it does not know.

export type Form = 'text' | 'number' | 'date' | 'month' | 'word' | 'truth' | 'choices' | 'lists' | 'tags' | 'mails'

export interface Field {
  source: string
  /** Its name or, of a custom field, its id. */
  field: string
  label: string
  form: Form
  words?: string[]
  choices?: { value: string; label: string }[]
}

/** A custom field as v3 shows it. */
export interface CustomField {
  custom_field_id: string
  label: string
  type: string
  version: number
  choices?: { choice_id: number; choice_label: string }[]
}

const forms: Record<string, Form> = {
  number: 'number',
  currency: 'number',
  date: 'date',
  datetime: 'date',
  boolean: 'truth',
  single_select: 'choices',
  multi_select: 'choices',
}

/** A custom field as rules ask about it. A date of version 1 may be any text. */
export const customField = (f: CustomField): Field => ({
  source: 'contact',
  field: f.custom_field_id,
  label: f.label,
  form: (f.type === 'date' && f.version < 2 ? undefined : forms[f.type]) ?? 'text',
  ...(f.choices && { choices: f.choices.map((c) => ({ value: String(c.choice_id), label: c.choice_label })) }),
})

const of = (form: Form, source: string, names: Record<string, string>, words?: string[]): Field[] =>
  Object.entries(names).map(([field, label]) => ({ source, field, label, form, ...(words && { words }) }))

export const groups: { group: string; fields: Field[] }[] = [
  {
    group: 'Lists and tags',
    fields: [...of('lists', 'contact', { list_membership: 'List' }), ...of('tags', 'tags', { tag_id: 'Tag' })],
  },
  {
    group: 'Mails',
    fields: [
      ...of('mails', 'tracking', {
        sent: 'Was sent',
        not_sent: 'Was not sent',
        opened: 'Opened',
        not_opened: 'Did not open',
        clicked: 'Clicked',
        not_clicked: 'Did not click',
        bounced: 'Came back',
        opted_out: 'Unsubscribed',
      }),
      ...of('word', 'contact', { engagement_level: 'Engagement' }, ['high', 'medium', 'low']),
    ],
  },
  {
    group: 'Contact',
    fields: [
      ...of('text', 'contact', {
        email_address: 'Email address',
        email_domain: 'Email domain',
        first_name: 'First name',
        last_name: 'Last name',
        company_name: 'Company',
        job_title: 'Job title',
        city: 'City',
        state: 'State',
        postal_code: 'Postal code',
        street: 'Street',
        country: 'Country',
        phone_number: 'Phone number',
      }),
      ...of('date', 'contact', {
        created_at: 'Added',
        updated_at: 'Last changed',
        opt_in_date: 'Opted in',
        anniversary: 'Anniversary',
      }),
      ...of('month', 'contact', { birthday_month: 'Birthday month' }),
      ...of('word', 'contact', { permission_to_send: 'Permission' }, [
        'implicit',
        'explicit',
        'pending_confirmation',
        'not_set',
        'unsubscribed',
      ]),
      ...of('word', 'contact', { sms_permission: 'Permission for short messages' }, [
        'implicit',
        'explicit',
        'pending_confirmation',
        'not_set',
        'unsubscribed',
      ]),
      ...of('word', 'contact', { create_source: 'Added by', opt_in_source: 'Opted in by' }, ['Account', 'Contact']),
    ],
  },
]

export const fields = groups.flatMap((g) => g.fields)

const any = { 'contains-any': 'is any of', 'not-contains-any': 'is none of' }
const filled = { 'is-empty': 'is empty', 'is-not-empty': 'is not empty' }

/** The operators that the builder offers, and how they read. */
export const operators: Record<Form, Record<string, string>> = {
  text: {
    equals: 'is',
    'not-equals': 'is not',
    contains: 'contains',
    'not-contains': 'does not contain',
    'starts-with': 'begins with',
    'ends-with': 'ends with',
    ...filled,
  },
  date: {
    equals: 'on',
    before: 'before',
    after: 'after',
    between: 'between',
    'in-last-n-days': 'in the last … days',
    'in-next-n-days': 'in the next … days',
    ...filled,
  },
  number: {
    equals: 'is',
    'not-equals': 'is not',
    'greater-than': 'is more than',
    'less-than': 'is less than',
    between: 'is between',
    ...filled,
  },
  truth: { equals: 'is', ...filled },
  choices: { ...any, 'contains-all': 'is each of', ...filled },
  month: { in: 'is any of', ...filled },
  word: { in: 'is any of' },
  lists: any,
  tags: { 'contains-any': 'is any of', 'contains-all': 'is each of', 'not-contains-any': 'is none of' },
  mails: { 'contains-any': 'of', before: 'before', after: 'after', between: 'between' },
}

/** Over which mails a rule goes: a constant, or an operator on days. */
export const mailings: Record<string, string> = {
  'last-n-campaigns': 'the last … campaigns',
  'last-n-days': 'the last … days',
  'any-campaign': 'any campaign',
  before: 'before a day',
  after: 'after a day',
  between: 'between two days',
}

export interface Rule {
  key: number
  source: string
  field: string
  op: string
  values: string[]
  constant: string
  param: string
  /** The rule as it came, until it is changed. */
  raw?: unknown
}

export interface Group {
  key: number
  type: 'and' | 'or'
  parts: (Group | Rule)[]
}

export const isGroup = (part: Group | Rule): part is Group => 'parts' in part

let last = 0
const key = () => ++last

export const newGroup = (type: 'and' | 'or', ...parts: Group['parts']): Group => ({ key: key(), type, parts })

/** A rule about a field, with the field's first operator. */
export function newRule(field: Field): Rule {
  return {
    key: key(),
    source: field.source,
    field: field.field,
    op: Object.keys(operators[field.form])[0] ?? '',
    values: [],
    constant: field.form === 'mails' ? 'last-n-campaigns' : '',
    param: field.form === 'mails' ? '3' : '',
  }
}

/** The field of a rule, where the builder can show what is asked of it. */
export function fieldOf(rule: Rule, known: Field[]): Field | undefined {
  const field = known.find((f) => f.source === rule.source && f.field === rule.field)
  if (!field || !(rule.op in operators[field.form])) return undefined
  if (field.form === 'mails' && !(rule.constant || rule.op in mailings)) return undefined
  return field.form === 'mails' || !rule.constant ? field : undefined
}

export const takesDays = (op: string) => op === 'in-last-n-days' || op === 'in-next-n-days'
export const takesNothing = (op: string) => op === 'is-empty' || op === 'is-not-empty'

/** Whether a rule says all that it must. */
export function complete(part: Group | Rule): boolean {
  if (isGroup(part)) return part.parts.length > 0 && part.parts.every(complete)
  if (part.raw !== undefined || takesNothing(part.op) || part.constant === 'any-campaign') return true
  if (part.constant || takesDays(part.op)) return /^\d+$/.test(part.param)
  const said = part.values.filter((v) => v.trim() !== '').length
  return part.op === 'between' ? said === 2 : said > 0
}

function written(part: Group | Rule): unknown {
  if (isGroup(part)) return { type: part.type, group: part.parts.map(written) }
  if (part.raw !== undefined) return part.raw
  const { source, field, op, values, constant, param } = part
  const many = ['in', 'between', 'contains-any', 'contains-all', 'not-contains-any'].includes(op)
  return {
    source,
    field,
    op,
    ...(constant && { const_value: constant }),
    ...((takesDays(op) || (constant && constant !== 'any-campaign')) && { param }),
    ...(!constant && !takesNothing(op) && !takesDays(op) && { value: many ? values : values[0] }),
  }
}

/** The criteria as the API takes them. */
export const criteriaText = (root: Group) => JSON.stringify({ version: '1.0.0', criteria: written(root) })

function read(part: Record<string, unknown>): Group | Rule {
  if (Array.isArray(part.group)) {
    return newGroup(part.type === 'or' ? 'or' : 'and', ...(part.group as Record<string, unknown>[]).map(read))
  }
  const value = part.value
  const rule: Rule = {
    key: key(),
    source: String(part.source),
    field: String(part.field),
    op: String(part.op),
    values: (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String),
    constant: typeof part.const_value === 'string' ? part.const_value : '',
    param: part.param === undefined ? '' : String(part.param as string | number),
    raw: part,
  }
  // A custom field may be named by param, and then value holds the days.
  if (rule.field !== 'custom_field') return rule
  const days = takesDays(rule.op)
  return { ...rule, field: rule.param, param: days ? (rule.values[0] ?? '') : '', values: days ? [] : rule.values }
}

/** The criteria of a segment that is kept. */
export function readCriteria(text: string): Group {
  const { criteria } = JSON.parse(text) as { criteria: Record<string, unknown> }
  const root = read(criteria)
  return isGroup(root) ? root : newGroup('and', root)
}
