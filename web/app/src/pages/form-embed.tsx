import { Button, Code, CopyButton, Group, Stack, Tabs, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { api } from '../api/client'
import type { FormSnippets, SignUpForm } from '../api/types'
import { CopyField } from '../parts/copy-field'
import { Id } from '../parts/id'
import { Section } from '../parts/section'
import { Failed, Waiting } from '../parts/states'
import classes from './form.module.css'

/** How a form is reached, and how it is put on another site. */
export function FormEmbed({ form }: { form: SignUpForm }) {
  const snippets = useQuery({
    queryKey: ['/kith/v1/forms', form.form_id, 'snippets', form.updated_at],
    queryFn: ({ signal }) => api.get<FormSnippets>(`/kith/v1/forms/${form.form_id}/snippets`, undefined, signal),
  })
  return (
    <Section
      title="On your site"
      lead="Link to the form’s page, or show the form where you want it. What is saved counts."
    >
      <Stack>
        <CopyField label="Address" description="To link to." value={form.url} />
        {snippets.error ? (
          <Failed error={snippets.error} retry={() => void snippets.refetch()} />
        ) : !snippets.data ? (
          <Waiting label="Loading the snippets" />
        ) : (
          <Tabs defaultValue="script" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="script">Script</Tabs.Tab>
              <Tabs.Tab value="html">Plain HTML</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="script" pt="md">
              <Snippet code={snippets.data.script}>
                The form appears where this tag stands, always as you saved it last. It loads 4 kB and sets no cookie.
              </Snippet>
            </Tabs.Panel>
            <Tabs.Panel value="html" pt="md">
              <Snippet code={snippets.data.html}>
                For sites that allow no script, and to be changed at will; the names of the inputs count. Copy it anew
                after you change the fields. Who sends it is asked to press one more button on the form’s page.
              </Snippet>
            </Tabs.Panel>
          </Tabs>
        )}
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            Form ID
          </Text>
          <Id value={form.form_id} label="form ID" />
        </Group>
      </Stack>
    </Section>
  )
}

function Snippet({ code, children }: { code: string; children: string }) {
  return (
    <Stack gap="sm">
      <Text size="sm">{children}</Text>
      <Code block className={classes.snippet} tabIndex={0} aria-label="Snippet">
        {code}
      </Code>
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? 'Copied' : 'Copy snippet'}
            </Button>
          </Group>
        )}
      </CopyButton>
    </Stack>
  )
}
