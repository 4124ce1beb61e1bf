// The criteria of a segment as the builder holds them, and as JSON. What may be
// asked stands in /v3/segments/schema.json; the builder offers most of it, and
// keeps as it is what it does not know.

export type Form = 'text' | 'date' | 'month' | 'word' | 'lists' | 'tags' | 'mails'

export interface Field {
  source: string
  field: string
  label: string
  form: Form
  words?: string[]
}

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
    'in-last-n-days': 'in the last … days',
    'in-next-n-days': 'in the next … days',
    ...filled,
  },
  month: { in: 'is any of', ...filled },
  word: { in: 'is any of' },
  lists: any,
  tags: { 'contains-any': 'is any of', 'contains-all': 'is each of', 'not-contains-any': 'is none of' },
  mails: { 'contains-any': 'of' },
}

export const mailings: Record<string, string> = {
  'last-n-campaigns': 'the last … campaigns',
  'last-n-days': 'the last … days',
  'any-campaign': 'any campaign',
}

export interface Rule {
  key: number
  source: string
  field: string
  op: string
  values: string[]
  constant: string
  param: string
  /** A rule that the builder cannot show, as it came. */
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

export const fieldOf = (rule: Rule) => fields.find((f) => f.source === rule.source && f.field === rule.field)

export const takesDays = (op: string) => op === 'in-last-n-days' || op === 'in-next-n-days'
export const takesNothing = (op: string) => op === 'is-empty' || op === 'is-not-empty'

/** Whether a rule says all that it must. */
export function complete(part: Group | Rule): boolean {
  if (isGroup(part)) return part.parts.length > 0 && part.parts.every(complete)
  if (part.raw !== undefined || takesNothing(part.op) || part.constant === 'any-campaign') return true
  if (part.constant || takesDays(part.op)) return /^\d+$/.test(part.param)
  return part.values.some((v) => v.trim() !== '')
}

function written(part: Group | Rule): unknown {
  if (isGroup(part)) return { type: part.type, group: part.parts.map(written) }
  if (part.raw !== undefined) return part.raw
  const { source, field, op, values, constant, param } = part
  const many = ['in', 'contains-any', 'contains-all', 'not-contains-any'].includes(op)
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
  }
  const field = fieldOf(rule)
  const known = field && rule.op in operators[field.form] && (field.form === 'mails') === rule.constant in mailings
  return known ? rule : { ...rule, raw: part }
}

/** The criteria of a segment that is kept. */
export function readCriteria(text: string): Group {
  const { criteria } = JSON.parse(text) as { criteria: Record<string, unknown> }
  const root = read(criteria)
  return isGroup(root) ? root : newGroup('and', root)
}
