import {
  ActionIcon,
  Button,
  Card,
  Group as Row,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { api } from '../api/client'
import { listsQuery } from '../pages/contacts'
import {
  customField,
  fieldOf,
  fields,
  groups,
  isGroup,
  mailings,
  newGroup,
  newRule,
  operators,
  takesDays,
  takesNothing,
  type CustomField,
  type Field,
  type Group,
  type Rule,
} from './criteria'

const first = fields.find((f) => f.field === 'email_address') as Field
const months = Array.from({ length: 12 }, (_, i) => ({
  value: String(i + 1),
  label: new Date(2024, i, 1).toLocaleString(undefined, { month: 'long' }),
}))

const tagsQuery = {
  queryKey: ['tags', 'picker'],
  queryFn: () => api.get<{ tags: { tag_id: string; name: string }[] }>('/v3/contact_tags', { limit: 500 }),
}

const customQuery = {
  queryKey: ['custom fields', 'picker'],
  queryFn: () => api.get<{ custom_fields: CustomField[] }>('/v3/contact_custom_fields', { limit: 100 }),
}

/** All that rules may ask about, with the custom fields of the account. */
function useFields() {
  const custom = useQuery(customQuery).data?.custom_fields
  return useMemo(() => {
    const own = (custom ?? []).map(customField).toSorted((a, b) => a.label.localeCompare(b.label))
    return own.length > 0 ? [...groups, { group: 'Custom fields', fields: own }] : groups
  }, [custom])
}

/** A group of rules, and the groups within it. */
export function GroupForm({
  group,
  depth = 1,
  onChange,
  onRemove,
}: {
  group: Group
  depth?: number
  onChange: (group: Group) => void
  onRemove?: () => void
}) {
  const put = (i: number, part: Group | Rule) => onChange({ ...group, parts: group.parts.with(i, part) })
  const remove = (i: number) => onChange({ ...group, parts: group.parts.toSpliced(i, 1) })
  const add = (part: Group | Rule) => onChange({ ...group, parts: [...group.parts, part] })
  const content = (
    <Stack gap="sm" role="group" aria-label={depth === 1 ? 'Rules' : 'Group of rules'}>
      {depth > 1 && (
        <Row justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label="How the rules of the group are joined"
            value={group.type}
            onChange={(type) => onChange({ ...group, type: type as Group['type'] })}
            data={[
              { value: 'and', label: 'All of these' },
              { value: 'or', label: 'Any of these' },
            ]}
          />
          <ActionIcon variant="subtle" color="gray" aria-label="Remove the group" onClick={onRemove}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Row>
      )}
      {group.parts.map((part, i) =>
        isGroup(part) ? (
          <GroupForm
            key={part.key}
            group={part}
            depth={depth + 1}
            onChange={(changed) => put(i, changed)}
            onRemove={() => remove(i)}
          />
        ) : (
          <RuleForm key={part.key} rule={part} onChange={(changed) => put(i, changed)} onRemove={() => remove(i)} />
        ),
      )}
      <Row gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => add(newRule(first))}
        >
          Add rule
        </Button>
        {depth < 5 && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add(newGroup(group.type === 'and' ? 'or' : 'and', newRule(first)))}
          >
            Add group
          </Button>
        )}
      </Row>
    </Stack>
  )
  return depth === 1 ? (
    content
  ) : (
    <Card withBorder p="sm">
      {content}
    </Card>
  )
}

function RuleForm({
  rule,
  onChange: put,
  onRemove,
}: {
  rule: Rule
  onChange: (rule: Rule) => void
  onRemove: () => void
}) {
  const known = useFields()
  const all = known.flatMap((g) => g.fields)
  const field = fieldOf(rule, all)
  const onChange = (changed: Rule) => put({ ...changed, raw: undefined })
  return (
    <Row gap="xs" align="flex-start" wrap="nowrap">
      {!field ? (
        <Text size="sm" flex={1} className="break">
          A rule that another program made: {rule.source} {rule.field} {rule.op}
        </Text>
      ) : (
        <Row gap="xs" flex={1} align="flex-start">
          <Select
            aria-label="Field"
            flex="1 1 9rem"
            searchable
            allowDeselect={false}
            data={known.map((g) => ({
              group: g.group,
              items: g.fields.map((f) => ({ value: `${f.source} ${f.field}`, label: f.label })),
            }))}
            value={`${rule.source} ${rule.field}`}
            onChange={(name) => {
              const next = all.find((f) => `${f.source} ${f.field}` === name)
              if (next) onChange({ ...newRule(next), key: rule.key })
            }}
          />
          {field.form !== 'mails' && (
            <Select
              aria-label="Comparison"
              flex="1 1 8rem"
              allowDeselect={false}
              data={Object.entries(operators[field.form]).map(([value, label]) => ({ value, label }))}
              value={rule.op}
              onChange={(op) => op && onChange({ ...rule, op, param: takesDays(op) ? rule.param || '7' : '' })}
            />
          )}
          <Value rule={rule} field={field} onChange={onChange} />
        </Row>
      )}
      <ActionIcon variant="subtle" color="gray" mt={6} aria-label="Remove the rule" onClick={onRemove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Row>
  )
}

function Value({ rule, field, onChange }: { rule: Rule; field: Field; onChange: (rule: Rule) => void }) {
  const lists = useQuery({ ...listsQuery, enabled: field.form === 'lists' })
  const tags = useQuery({ ...tagsQuery, enabled: field.form === 'tags' })
  const set = (values: string[]) => onChange({ ...rule, values })
  const days = (label: string) => (
    <NumberInput
      aria-label={label}
      w="6rem"
      min={field.form === 'mails' ? 1 : 0}
      max={field.form === 'mails' && rule.constant === 'last-n-campaigns' ? 500 : 1825}
      allowDecimal={false}
      value={rule.param === '' ? '' : Number(rule.param)}
      onChange={(n) => onChange({ ...rule, param: String(n) })}
    />
  )
  const pick = (data: { value: string; label: string }[]) => (
    <MultiSelect
      aria-label={field.label}
      flex="2 1 12rem"
      searchable
      nothingFoundMessage="Nothing by this name"
      data={data}
      value={rule.values}
      onChange={set}
    />
  )
  // Of two values, the first and the last.
  const typed = (type: 'text' | 'date' | 'number') => (
    <Row gap="xs" flex={rule.op === 'between' ? '3 1 19rem' : '2 1 10rem'}>
      {(rule.op === 'between' ? ['from', 'to'] : ['']).map((end, i) => (
        <TextInput
          key={end}
          aria-label={end === '' ? field.label : `${field.label}, ${end}`}
          flex="1 1 9rem"
          type={type === 'date' ? 'date' : 'text'}
          inputMode={type === 'number' ? 'decimal' : undefined}
          value={rule.values[i] ?? ''}
          onChange={(event) => {
            const values = [rule.values[0] ?? '', rule.values[1] ?? ''].with(i, event.currentTarget.value)
            set(end === '' ? values.slice(0, 1) : values)
          }}
        />
      ))}
    </Row>
  )
  if (takesNothing(rule.op)) return null
  if (takesDays(rule.op)) return days('Days')
  switch (field.form) {
    case 'mails':
      return (
        <>
          <Select
            aria-label="Which mails"
            flex="1 1 11rem"
            allowDeselect={false}
            data={Object.entries(mailings).map(([value, label]) => ({ value, label }))}
            value={rule.constant || rule.op}
            onChange={(which) => {
              if (!which) return
              const byDay = which in operators.mails
              onChange({
                ...rule,
                op: byDay ? which : 'contains-any',
                constant: byDay ? '' : which,
                param: byDay ? '' : rule.param || '3',
              })
            }}
          />
          {rule.constant === '' ? typed('date') : rule.constant !== 'any-campaign' && days('How many')}
        </>
      )
    case 'lists':
      return pick(lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? [])
    case 'tags':
      return pick(tags.data?.tags.map((t) => ({ value: t.tag_id, label: t.name })) ?? [])
    case 'choices':
      return pick(field.choices ?? [])
    case 'month':
      return pick(months)
    case 'word':
      return pick((field.words ?? []).map((w) => ({ value: w, label: w.replaceAll('_', ' ') })))
    case 'truth':
      return (
        <Select
          aria-label={field.label}
          flex="2 1 9rem"
          data={[
            { value: 'true', label: 'yes' },
            { value: 'false', label: 'no' },
          ]}
          value={rule.values[0] ?? null}
          onChange={(value) => set(value ? [value] : [])}
        />
      )
    default:
      return typed(field.form)
  }
}
