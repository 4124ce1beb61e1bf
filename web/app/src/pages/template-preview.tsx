import { Code, Group, SegmentedControl, Stack, Tabs, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api, withQuery } from '../api/client'
import { ApiError } from '../api/problem'
import type { TemplatePreview as Preview } from '../api/types'
import { Section } from '../parts/section'
import { Failed, Waiting } from '../parts/states'
import classes from './template.module.css'

export type Draft = Record<'subject' | 'preheader' | 'html' | 'text', string>

/** A mail as an example contact gets it, while it is being written. */
export function TemplatePreview({ kind, language, draft }: { kind: string; language: string; draft: Draft }) {
  const [width, setWidth] = useState('wide')
  const [shade, setShade] = useState('light')
  const preview = useQuery({
    queryKey: ['templates', kind, language, 'preview', draft],
    queryFn: ({ signal }) =>
      api.post<Preview>(withQuery(`/kith/v1/templates/${kind}/preview`, { language }), draft, signal),
    placeholderData: keepPreviousData,
    retry: (times, failure) => !(failure instanceof ApiError) && times < 2,
  })
  return (
    <Section title="Preview" lead="As an example contact gets it. The links open nothing.">
      {preview.error ? (
        <Faults error={preview.error} />
      ) : preview.data === undefined ? (
        <Waiting label="Loading the preview" />
      ) : (
        <Stack gap="sm">
          <div>
            <Text size="sm" c="dimmed" className="break">
              {preview.data.from}
            </Text>
            <Text fw={600} className="break">
              {preview.data.subject}
            </Text>
          </div>
          <Tabs defaultValue="html">
            <Tabs.List>
              <Tabs.Tab value="html">HTML</Tabs.Tab>
              <Tabs.Tab value="text">Text</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="html" pt="sm">
              <Group gap="sm" mb="sm">
                <SegmentedControl
                  size="xs"
                  aria-label="Width"
                  value={width}
                  onChange={setWidth}
                  data={[
                    { value: 'wide', label: 'Desktop' },
                    { value: 'narrow', label: 'Phone' },
                  ]}
                />
                <SegmentedControl
                  size="xs"
                  aria-label="Shade"
                  value={shade}
                  onChange={setShade}
                  data={[
                    { value: 'light', label: 'Light' },
                    { value: 'dark', label: 'Dark' },
                  ]}
                />
              </Group>
              {/* No scripts, no forms, no same origin, no windows. */}
              <iframe
                title="The mail as HTML"
                sandbox=""
                srcDoc={shaded(preview.data.html, shade)}
                className={classes.frame}
                data-width={width}
                data-shade={shade}
              />
            </Tabs.Panel>
            <Tabs.Panel value="text" pt="sm">
              <Code block className={classes.text}>
                {preview.data.text}
              </Code>
            </Tabs.Panel>
          </Tabs>
        </Stack>
      )}
    </Section>
  )
}

/** The mail as a program in light or dark shows it, whichever this browser prefers. */
function shaded(html: string, shade: string) {
  return html.replaceAll('@media (prefers-color-scheme: dark)', shade === 'dark' ? '@media all' : '@media not all')
}

const parts: Record<string, string> = { subject: 'Subject', preheader: 'Preheader', html: 'HTML', text: 'Text' }

/** What is wrong with what is being written, part by part. */
function Faults({ error }: { error: unknown }) {
  if (!(error instanceof ApiError) || error.problems.length === 0) return <Failed error={error} />
  return (
    <div role="status" aria-label="What is wrong">
      <ul className={classes.faults}>
        {error.problems.map((problem, i) => (
          <li key={i}>
            <Text span fw={600}>
              {parts[problem.path] ?? problem.path}
            </Text>{' '}
            {problem.message}
          </li>
        ))}
      </ul>
    </div>
  )
}
