import { Alert, Badge, Button, Code, Group, Stack, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'

import type { DNSRecord, RecordCheck } from '../api/types'
import { CopyField } from './copy-field'

const states: Record<RecordCheck['state'], { label: string; color: string }> = {
  unknown: { label: 'Not known', color: 'gray' },
  good: { label: 'In order', color: 'green' },
  missing: { label: 'Missing', color: 'yellow' },
  wrong: { label: 'To be mended', color: 'red' },
}

/** What was found of a record. */
export function RecordState({ value, of }: { value: RecordCheck['state']; of?: string }) {
  const it = states[value]
  return <Badge color={it.color}>{of ? `${of}: ${it.label}` : it.label}</Badge>
}

/** A record's state, what there is to know of it, what stands there and what should. */
export function RecordFound({ check, record, more }: { check: RecordCheck; record?: DNSRecord; more?: ReactNode }) {
  const [shown, setShown] = useState(false)
  const publish = check.publish
  const kept = !publish && record
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <RecordState value={check.state} />
        {more}
      </Group>
      {check.says && <Text size="sm">{check.says}</Text>}
      {check.state !== 'good' && check.found.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            What stands there now
          </Text>
          {check.found.map((text) => (
            <Code block key={text}>
              {text}
            </Code>
          ))}
        </Stack>
      )}
      {publish && (
        <Alert color="gray" title={check.found.length > 0 ? 'Publish this in its place' : 'Publish this record'}>
          <RecordFields record={publish} />
        </Alert>
      )}
      {kept && (
        <>
          <Button
            variant="subtle"
            size="xs"
            w="fit-content"
            aria-expanded={shown}
            onClick={() => setShown((before) => !before)}
          >
            {shown ? 'Hide the record' : 'Show the record'}
          </Button>
          {shown && <RecordFields record={kept} />}
        </>
      )}
    </Stack>
  )
}

/** A record to be taken to where the domain's DNS is kept. */
function RecordFields({ record }: { record: DNSRecord }) {
  return (
    <Stack gap="xs">
      <CopyField label={`Name (${record.type} record)`} value={record.name} />
      <CopyField label="Value" value={record.value} />
      {record.strings.length > 1 && (
        <CopyField
          label="Value in pieces"
          description="For providers that take no more than 255 characters in one piece, and for zone files."
          value={record.strings.map((piece) => `"${piece}"`).join(' ')}
        />
      )}
    </Stack>
  )
}
