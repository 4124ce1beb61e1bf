import { Alert, Button, Select, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api, withQuery } from '../api/client'
import { useMay } from '../api/me'
import { messageOf } from '../api/problem'
import type { Template } from '../api/types'
import { Confirm } from '../parts/confirm'
import { FormOf } from '../parts/form-of'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Fetched } from '../parts/states'
import { languages, templateNames } from './template-names'
import { TemplatePreview, type Draft } from './template-preview'
import { TagsHelp } from './template-tags'
import classes from './template.module.css'

const route = getRouteApi('/settings/templates/$kind')

/** One mail of the account's: its words, and how it looks. */
export function TemplatePage() {
  const { kind } = route.useParams()
  const { language = 'en' } = route.useSearch()
  const one = useQuery({
    queryKey: ['templates', kind, language],
    queryFn: ({ signal }) => api.get<Template>(`/kith/v1/templates/${kind}`, { language }, signal),
    // What somebody is writing must not be taken from them.
    refetchOnWindowFocus: false,
  })
  return (
    <Fetched query={one} title={templateNames[kind]?.label ?? 'Mail template'} back={<Back language={language} />}>
      {(template) => <Editor key={`${kind} ${language} ${template.updated_at ?? ''}`} template={template} />}
    </Fetched>
  )
}

function Back({ language }: { language: string }) {
  return (
    <TextLink to="/settings/templates" search={{ language }}>
      ← Mail templates
    </TextLink>
  )
}

function Editor({ template }: { template: Template }) {
  const { kind, language } = template
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const mayChange = useMay('account:update')
  const [resetting, setResetting] = useState(false)
  const [testing, setTesting] = useState(false)
  const [written, setWritten] = useState<keyof Draft>('html')
  const form = useForm<Draft>({
    initialValues: {
      subject: template.subject,
      preheader: template.preheader,
      html: template.html,
      text: template.text,
    },
  })
  const [draft] = useDebouncedValue(form.values, 400)
  const refresh = () => queries.invalidateQueries({ queryKey: ['templates'] })
  const { busy, error, submit } = useSending(form, async (values) => {
    await api.put(withQuery(`/kith/v1/templates/${kind}`, { language }), values)
    notifications.show({ message: 'The template is saved.', color: 'green' })
    await refresh()
  })

  const sendTest = async () => {
    setTesting(true)
    try {
      const { to } = await api.post<{ to: string }>(
        withQuery(`/kith/v1/templates/${kind}/test`, { language }),
        form.values,
      )
      notifications.show({ message: `The mail is on its way to ${to}.`, color: 'green' })
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    } finally {
      setTesting(false)
    }
  }

  /** Puts a tag where the cursor was last. */
  const insert = (tag: string) => {
    const name = written
    const field = form.getInputNode(name) as HTMLInputElement | HTMLTextAreaElement | null
    const text = form.values[name]
    const from = field?.selectionStart ?? text.length
    const to = field?.selectionEnd ?? from
    form.setFieldValue(name, text.slice(0, from) + tag + text.slice(to))
    setTimeout(() => {
      field?.focus()
      field?.setSelectionRange(from + tag.length, from + tag.length)
    })
  }

  const field = (name: keyof Draft) => ({
    ...form.getInputProps(name),
    onFocus: () => setWritten(name),
  })

  return (
    <Page
      title={templateNames[kind]?.label ?? kind}
      back={<Back language={language} />}
      description={templateNames[kind]?.when}
      actions={
        mayChange && (
          <>
            {template.edited && (
              <Button variant="default" onClick={() => setResetting(true)}>
                Return to the built-in words
              </Button>
            )}
            <Button variant="default" loading={testing} onClick={() => void sendTest()}>
              Send me a test
            </Button>
          </>
        )
      }
    >
      <Select
        label="Language"
        allowDeselect={false}
        maw={220}
        data={languages}
        value={language}
        onChange={(chosen) => void navigate({ search: { language: chosen ?? 'en' } })}
      />
      <div className={classes.columns}>
        <div className={classes.words}>
          <Section title="Words">
            <FormOf submit={submit} busy={busy} error={error} save="Save" disabled={!mayChange}>
              {!mayChange && <Alert color="gray">Only an owner may change these.</Alert>}
              <TextInput label="Subject" {...field('subject')} />
              <TextInput
                label="Preheader"
                description="What a mail program shows behind the subject."
                {...field('preheader')}
              />
              <Textarea
                label="HTML"
                description="What stands between the head and the foot. Both are added, with your logo, your address and the links to unsubscribe."
                autosize
                minRows={10}
                maxRows={24}
                spellCheck={false}
                classNames={{ input: classes.code }}
                {...field('html')}
              />
              <Textarea
                label="Text"
                description="For programs that show no HTML. Left empty, it is made of the HTML."
                autosize
                minRows={3}
                maxRows={16}
                classNames={{ input: classes.code }}
                {...field('text')}
              />
            </FormOf>
          </Section>
        </div>
        <div className={classes.preview}>
          <TemplatePreview kind={kind} language={language} draft={draft} />
        </div>
        <div className={classes.tags}>
          <TagsHelp tags={template.tags} filters={template.filters} insert={mayChange ? insert : undefined} />
        </div>
      </div>
      <Confirm
        opened={resetting}
        onClose={() => setResetting(false)}
        title="Return to the built-in words?"
        confirm="Return to them"
        run={async () => {
          await api.delete(withQuery(`/kith/v1/templates/${kind}`, { language }))
          await refresh()
        }}
      >
        What you wrote for this mail in this language is gone then.
      </Confirm>
    </Page>
  )
}
