import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconPencil, IconPlus, IconTags, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import type { PageOf, Tag } from '../api/types'
import { Actions } from '../parts/actions'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Search } from '../parts/search'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'

export interface TagSearch {
  search?: string
}

const route = getRouteApi('/tags')

// One page holds as many tags as an account may have.
const countedQuery = {
  queryKey: ['tags', 'counted'],
  queryFn: () => api.get<PageOf<'tags', Tag>>('/v3/contact_tags', { limit: 500, include_count: true }),
}

/** The tags with how many contacts have each. */
export function TagsPage() {
  const search = route.useSearch().search ?? ''
  const navigate = route.useNavigate()
  const mayWrite = useMay('contacts:write')
  const queries = useQueryClient()
  const [edited, setEdited] = useState<Tag | 'new'>()
  const [deleted, setDeleted] = useState<Tag>()
  const all = useQuery(countedQuery)
  const rows = (all.data?.tags ?? [])
    .filter((tag) => tag.name.toLowerCase().includes(search.toLowerCase()))
    .sort((a, b) => a.name.localeCompare(b.name))

  return (
    <Page
      title="Tags"
      description="Words that you put on contacts, to find them again and to choose them for segments."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New tag
          </Button>
        )
      }
    >
      <div role="search">
        <Search
          label="Search tags"
          placeholder="Name"
          value={search}
          onChange={(text) => void navigate({ search: { search: text || undefined }, replace: true })}
        />
      </div>
      {all.isPending ? (
        <Waiting label="Loading tags" />
      ) : !all.data ? (
        <Failed error={all.error} retry={() => void all.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<IconTags aria-hidden />} title={search ? 'No tag matches' : 'No tags yet'}>
          {search
            ? 'The search looks anywhere in the name.'
            : 'Put one on chosen contacts, or on everyone in a file that you import.'}
        </Empty>
      ) : (
        <Rows
          label="Tags"
          rows={rows}
          keyOf={(tag) => tag.tag_id}
          columns={[
            {
              head: 'Name',
              as: 'title',
              cell: (tag) => (
                <TextLink to="/contacts" search={{ tag: tag.tag_id }} lineClamp={3} title={tag.name}>
                  {tag.name}
                </TextLink>
              ),
            },
            { head: 'Contacts', as: 'number', width: '7rem', cell: (tag) => tag.contacts_count?.toLocaleString() },
            { head: 'Tag ID', width: '21rem', cell: (tag) => <Id value={tag.tag_id} label="tag ID" /> },
            ...(mayWrite
              ? [
                  {
                    head: 'Actions',
                    as: 'actions' as const,
                    width: '4rem',
                    cell: (tag: Tag) => (
                      <Actions
                        label={`Actions for ${tag.name}`}
                        actions={[
                          { label: 'Rename', icon: <IconPencil size={16} aria-hidden />, run: () => setEdited(tag) },
                          {
                            label: 'Delete',
                            icon: <IconTrash size={16} aria-hidden />,
                            danger: true,
                            run: () => setDeleted(tag),
                          },
                        ]}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      <Dialog
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === 'new' ? 'New tag' : 'Rename tag'}
      >
        {edited && <Name tag={edited} onClose={() => setEdited(undefined)} />}
      </Dialog>
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title="Delete this tag?"
        confirm="Delete tag"
        run={async () => {
          await api.delete(`/v3/contact_tags/${deleted?.tag_id}`)
          notifications.show({ message: 'The tag is being deleted.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        <b>{deleted?.name}</b>: its contacts stay, and lose the tag. A segment that asks for it finds nobody by it.
      </Confirm>
    </Page>
  )
}

function Name({ tag, onClose }: { tag: Tag | 'new'; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: tag === 'new' ? '' : tag.name } })
  const { busy, error, submit } = useSending(
    form,
    async (values) => {
      if (tag === 'new') await api.post('/v3/contact_tags', values)
      else await api.put(`/v3/contact_tags/${tag.tag_id}`, values)
      onClose()
      notifications.show({ message: tag === 'new' ? 'The tag is made.' : 'The tag is renamed.', color: 'green' })
      await queries.invalidateQueries()
    },
    { code: { 'tag.name.taken': (failure) => ({ name: failure.message }) } },
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
