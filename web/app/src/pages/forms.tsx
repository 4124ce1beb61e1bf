import { Button, Group, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconClipboardText, IconExternalLink, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { FormPage as Forms, SignUpForm } from '../api/types'
import { Actions } from '../parts/actions'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { useSending } from '../parts/sending'
import { formPlace } from '../parts/sign-up-form'
import { Empty, Failed, Waiting } from '../parts/states'
import { listsQuery } from './contacts'

/** The sign-up forms, with where their pages are and what came of them. */
export function FormsPage() {
  const mayWrite = useMay('contacts:write')
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [deleted, setDeleted] = useState<SignUpForm>()
  const page = usePaged<Forms, SignUpForm>('/kith/v1/forms', { limit: 50 }, (p) => p.forms)
  const open = (form: SignUpForm) => ({
    label: 'Open page',
    icon: <IconExternalLink size={16} aria-hidden />,
    run: () => void window.open(form.url, '_blank', 'noopener'),
  })
  return (
    <Page
      title="Sign-up forms"
      description="Pages by which people put themselves on lists: linked to, or shown on your own site."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            New form
          </Button>
        )
      }
    >
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading forms" />
      ) : page.rows.length === 0 ? (
        <Empty icon={<IconClipboardText aria-hidden />} title="No sign-up forms yet">
          A form has a page of its own as soon as it is made, and can stand on your site too. Who signs up is a contact
          on its lists.
        </Empty>
      ) : (
        <Rows
          label="Sign-up forms"
          stale={page.stale}
          rows={page.rows}
          keyOf={(form) => form.form_id}
          columns={[
            {
              head: 'Name',
              as: 'title',
              cell: (form) => (
                <TextLink to="/forms/$id" params={{ id: form.form_id }} lineClamp={3} title={form.name}>
                  {form.name}
                </TextLink>
              ),
            },
            {
              head: 'Lists',
              cell: (form) => (
                <span className="break">{form.lists.map((l) => l.name).join(', ') || 'Closed: none'}</span>
              ),
            },
            { head: 'Sign-ups', as: 'number', width: '7.5rem', cell: (f) => f.sign_up_count.toLocaleString() },
            { head: 'Address', width: '21rem', cell: (form) => <Id value={form.url} label="address" /> },
            {
              head: 'Actions',
              as: 'actions' as const,
              width: '4rem',
              cell: (form) => (
                <Actions
                  label={`Actions for ${form.name}`}
                  actions={[
                    open(form),
                    ...(mayWrite
                      ? [
                          {
                            label: 'Delete',
                            icon: <IconTrash size={16} aria-hidden />,
                            danger: true,
                            run: () => setDeleted(form),
                          },
                        ]
                      : []),
                  ]}
                />
              ),
            },
          ]}
        />
      )}
      <More more={page.more} loading={page.loadingMore} />
      <Dialog opened={adding} onClose={() => setAdding(false)} title="New form">
        <NewForm onClose={() => setAdding(false)} />
      </Dialog>
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title="Delete this form?"
        confirm="Delete form"
        run={async () => {
          await api.delete(`/kith/v1/forms/${deleted?.form_id}`)
          notifications.show({ message: 'The form is deleted.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        <b>{deleted?.name}</b>: its page is gone at once, also where it stands on other sites. Who signed up stays.
      </Confirm>
    </Page>
  )
}

/** A form needs a name and a list; everything else has its usual value. */
function NewForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const lists = useQuery(listsQuery)
  const form = useForm({ initialValues: { name: '', lists: [] as string[] } })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      const made = await api.post<SignUpForm>('/kith/v1/forms', {
        name: values.name,
        lists: values.lists.map((list_id) => ({ list_id })),
      })
      await queries.invalidateQueries({ queryKey: ['/kith/v1/forms'] })
      await navigate({ to: '/forms/$id', params: { id: made.form_id } })
    },
    { element: formPlace },
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput
          label="Name"
          description="For you; who signs up does not see it."
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <MultiSelect
          label="Lists"
          description="Who signs up joins them. In the form you can leave the choice to people instead."
          searchable
          nothingFoundMessage="No such list"
          maxValues={50}
          data={lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
          {...form.getInputProps('lists')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make form
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
