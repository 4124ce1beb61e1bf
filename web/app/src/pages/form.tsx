import {
  Alert,
  Button,
  Checkbox,
  ColorInput,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm, type UseFormReturnType } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { SignUpForm } from '../api/types'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { formBody, formPlace, languages, readForm, type FormValues } from '../parts/sign-up-form'
import { Failed, Fetched } from '../parts/states'
import { FormEmbed } from './form-embed'
import { FormLists } from './form-lists'
import { FormQuestions } from './form-questions'
import classes from './form.module.css'

const route = getRouteApi('/forms/$id')

const back = <TextLink to="/forms">← All sign-up forms</TextLink>

/** One sign-up form: its editor, the page as it would be, and how it is put on other sites. */
export function FormPage() {
  const { id } = route.useParams()
  const form = useQuery({
    queryKey: ['/kith/v1/forms', id],
    queryFn: ({ signal }) => api.get<SignUpForm>(`/kith/v1/forms/${id}`, undefined, signal),
  })
  return (
    <Fetched query={form} title="Sign-up form" back={back}>
      {(f) => <Editor key={f.form_id} kept={f} />}
    </Fetched>
  )
}

function Editor({ kept }: { kept: SignUpForm }) {
  const mayWrite = useMay('contacts:write')
  const queries = useQueryClient()
  const form = useForm<FormValues>({ initialValues: readForm(kept) })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      const saved = await api.put<SignUpForm>(`/kith/v1/forms/${kept.form_id}`, formBody(values))
      const now = readForm(saved)
      form.setInitialValues(now)
      form.setValues(now)
      notifications.show({ message: 'The form is saved.', color: 'green' })
      await queries.invalidateQueries({ queryKey: ['/kith/v1/forms'] })
    },
    { element: formPlace },
  )
  const saved = kept.sign_up_count === 1 ? '1 sign-up' : `${kept.sign_up_count.toLocaleString()} sign-ups`
  return (
    <Page
      title={kept.name}
      back={back}
      description={`${saved} so far. What you save shows on the form’s page within a second.`}
      actions={
        <Button
          component="a"
          href={kept.url}
          target="_blank"
          variant="default"
          leftSection={<IconExternalLink size={16} aria-hidden />}
        >
          Open page
        </Button>
      }
    >
      {kept.lists.length === 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="This form is closed">
          Its lists were deleted. It takes sign-ups again as soon as it has one.
        </Alert>
      )}
      <div className={classes.beside}>
        <form noValidate onSubmit={submit} aria-label="Form">
          <fieldset disabled={!mayWrite} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
            <Stack gap="lg">
              {error !== undefined && <Failed error={error} />}
              <Section title="General">
                <SimpleGrid cols={{ base: 1, xs: 2 }}>
                  <TextInput label="Name" autoComplete="off" {...form.getInputProps('name')} />
                  <Select label="Language" allowDeselect={false} data={languages} {...form.getInputProps('language')} />
                </SimpleGrid>
              </Section>
              <FormLists form={form} readOnly={!mayWrite} />
              <FormQuestions form={form} readOnly={!mayWrite} />
              <Texts form={form} />
              <Looks form={form} />
              <After form={form} />
              {mayWrite && (
                <Group justify="flex-end" className={classes.save}>
                  {form.isDirty() && (
                    <Text size="sm" c="dimmed" role="status">
                      Not saved yet
                    </Text>
                  )}
                  <Button type="submit" loading={busy}>
                    Save
                  </Button>
                </Group>
              )}
            </Stack>
          </fieldset>
        </form>
        {mayWrite && <Preview values={form.values} />}
      </div>
      <FormEmbed form={kept} />
    </Page>
  )
}

type Props = { form: UseFormReturnType<FormValues> }

function Texts({ form }: Props) {
  return (
    <Section title="Texts" lead="Where you leave one empty, the page says what is usual in its language.">
      <Stack>
        <TextInput label="Title" autoComplete="off" {...form.getInputProps('title')} />
        <Textarea label="Introduction" autosize minRows={2} maxRows={12} {...form.getInputProps('intro')} />
        <Textarea
          label="What they agree to"
          description="It stands above the button, and is kept with each sign-up as it stood."
          autosize
          minRows={2}
          maxRows={8}
          {...form.getInputProps('consent')}
        />
        <TextInput label="Button" autoComplete="off" {...form.getInputProps('button')} />
      </Stack>
    </Section>
  )
}

function Looks({ form }: Props) {
  return (
    <Section title="Colors" lead="Without any, the page follows the light or dark of the reader’s device.">
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <ColorInput
          withEyeDropper={false}
          label="Background"
          placeholder="#ffffff"
          {...form.getInputProps('background')}
        />
        <ColorInput withEyeDropper={false} label="Text" placeholder="#1f2328" {...form.getInputProps('text')} />
        <ColorInput
          withEyeDropper={false}
          label="Button color"
          placeholder="#1f5f5b"
          {...form.getInputProps('accent')}
        />
      </SimpleGrid>
    </Section>
  )
}

function After({ form }: Props) {
  return (
    <Section title="After the sign-up, and before it">
      <Stack>
        <Textarea
          label="Thank-you text"
          autosize
          minRows={2}
          maxRows={8}
          disabled={form.values.redirect !== ''}
          {...form.getInputProps('thanks')}
        />
        <TextInput
          label="Address to go to instead"
          description="A page of your own that says thank you."
          placeholder="https://"
          inputMode="url"
          autoComplete="off"
          {...form.getInputProps('redirect')}
        />
        <Checkbox
          label="Proof of work"
          description="The browser works for about half a second on each sign-up, so that programs which fill in forms have to pay. People see no puzzle."
          {...form.getInputProps('captcha', { type: 'checkbox' })}
        />
        <Checkbox
          label="May update contacts"
          description="Usually the form changes nothing of a contact you know already; they get a mail by which they can."
          {...form.getInputProps('mayUpdate', { type: 'checkbox' })}
        />
        {form.values.mayUpdate && (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Anybody can change your contacts">
            Nobody has to show that an address is theirs. Whoever types the address of one of your contacts here
            replaces their name and whatever else the form asks for. Take this only for a form that strangers cannot
            reach.
          </Alert>
        )}
      </Stack>
    </Section>
  )
}

/** The page of the form as it is being written. */
function Preview({ values }: { values: FormValues }) {
  const [body] = useDebouncedValue(JSON.stringify(formBody(values)), 400)
  const page = useQuery({
    queryKey: ['/kith/v1/forms', 'preview', body],
    queryFn: ({ signal }) => api.post<{ html: string }>('/kith/v1/forms/preview', JSON.parse(body), signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <div className={classes.preview}>
      <Section title="Preview">
        {page.error ? (
          <Text size="sm" c="dimmed" role="status">
            There is something to mend before the page can be shown: {page.error.message}
          </Text>
        ) : (
          // It loads our style sheets and runs nothing.
          <iframe
            title="The page of the form"
            sandbox="allow-same-origin"
            srcDoc={page.data?.html ?? ''}
            className={classes.frame}
            inert
          />
        )}
      </Section>
    </div>
  )
}
