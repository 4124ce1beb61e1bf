import { ActionIcon, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'

import { api } from '../api/client'
import type { Contact } from '../api/types'
import { Section } from '../parts/section'
import { useSending } from '../parts/sending'
import { Failed } from '../parts/states'
import { When } from '../parts/when'
import { useChange } from './contact-change'

/** What was written down about a contact, and the form for more. */
export function ContactNotes({ contact: c, readOnly }: { contact: Contact; readOnly: boolean }) {
  const change = useChange()
  const notes = c.notes ?? []
  return (
    <Section title="Notes">
      <Stack gap="sm">
        {notes.length === 0 && <Text c="dimmed">No notes.</Text>}
        {notes.map((note) => (
          <Group key={note.note_id} gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
            <div style={{ minWidth: 0 }}>
              <Text className="break" style={{ whiteSpace: 'pre-wrap' }}>
                {note.content}
              </Text>
              <Text size="sm" c="dimmed">
                <When at={note.created_at} />
              </Text>
            </div>
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete the note “${(note.content ?? '').slice(0, 40)}”`}
                disabled={change.isPending}
                onClick={() =>
                  change.mutate(() =>
                    api.patch(`/v3/contacts/${c.contact_id}`, {
                      notes: notes.filter((n) => n.note_id !== note.note_id),
                    }),
                  )
                }
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!readOnly && <NewNote contact={c} />}
      </Stack>
    </Section>
  )
}

function NewNote({ contact: c }: { contact: Contact }) {
  const queries = useQueryClient()
  const form = useForm({ initialValues: { content: '' } })
  const { busy, error, submit } = useSending(
    form,
    async ({ content }) => {
      if (content.trim() === '') return
      await api.patch(`/v3/contacts/${c.contact_id}`, { notes: [{ content }, ...(c.notes ?? [])] })
      form.reset()
      await queries.invalidateQueries()
    },
    { field: (path) => path.replace('notes.', '') },
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        {error !== undefined && <Failed error={error} />}
        <Textarea label="New note" autosize minRows={2} {...form.getInputProps('content')} />
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={busy} disabled={form.values.content.trim() === ''}>
            Add note
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
