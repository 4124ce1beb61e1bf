import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import {
  IconListDetails,
  IconMail,
  IconMailCheck,
  IconPencil,
  IconPlus,
  IconStarFilled,
  IconTrash,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { List, ListPage } from '../api/types'
import { Actions } from '../parts/actions'
import { Confirm } from '../parts/confirm'
import { Dialog } from '../parts/dialog'
import { Id } from '../parts/id'
import { TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Search } from '../parts/search'
import { useSending } from '../parts/sending'
import { Empty, Failed, Waiting } from '../parts/states'
import { BrandForm } from './brand'
import { ListOptIn } from './list-opt-in'

export interface ListSearch {
  search?: string
}

const route = getRouteApi('/lists')

/** The lists with their counts and both their ids. */
export function ListsPage() {
  const { search } = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('contacts:lists:write')
  const queries = useQueryClient()
  const [edited, setEdited] = useState<List | 'new'>()
  const [joined, setJoined] = useState<List>()
  const [deleted, setDeleted] = useState<List>()
  const [branded, setBranded] = useState<List>()
  const mayBrand = useMay('account:update')
  const page = usePaged<ListPage, List>('/kith/v1/lists', { search, limit: 50 }, (p) => p.lists)

  return (
    <Page
      title="Lists"
      description="A contact may be on any number of lists. The number is what v1 and v2 clients call a list."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New list
          </Button>
        )
      }
    >
      <div role="search">
        <Search
          label="Search lists"
          placeholder="Name"
          value={search ?? ''}
          onChange={(text) => void navigate({ search: { search: text || undefined }, replace: true })}
        />
      </div>
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading lists" />
      ) : page.rows.length === 0 ? (
        <Empty icon={<IconListDetails aria-hidden />} title={search ? 'No list matches' : 'No lists yet'}>
          {search ? 'The search looks anywhere in the name.' : 'Contacts are mailed by list.'}
        </Empty>
      ) : (
        <Rows
          label="Lists"
          stale={page.stale}
          rows={page.rows}
          keyOf={(list) => list.list_id}
          columns={[
            { head: 'Name', as: 'title', cell: (list) => <Name list={list} /> },
            { head: 'Contacts', as: 'number', width: '6rem', cell: (l) => l.membership_count?.toLocaleString() },
            { head: 'Subscribed', as: 'number', width: '7rem', cell: (l) => l.active_count?.toLocaleString() },
            { head: 'List ID', width: '21rem', cell: (list) => <Id value={list.list_id} label="list ID" /> },
            { head: 'Number', as: 'number', width: '5.5rem', cell: (list) => list.number },
            ...(mayWrite
              ? [
                  {
                    head: 'Actions',
                    as: 'actions' as const,
                    width: '4rem',
                    cell: (list: List) => (
                      <Actions
                        label={`Actions for ${list.name}`}
                        actions={[
                          { label: 'Change', icon: <IconPencil size={16} aria-hidden />, run: () => setEdited(list) },
                          ...(mayBrand
                            ? [
                                {
                                  label: 'Brand of its mail',
                                  icon: <IconMail size={16} aria-hidden />,
                                  run: () => setBranded(list),
                                },
                              ]
                            : []),
                          {
                            label: 'Sign-ups',
                            icon: <IconMailCheck size={16} aria-hidden />,
                            run: () => setJoined(list),
                          },
                          {
                            label: 'Delete',
                            icon: <IconTrash size={16} aria-hidden />,
                            danger: true,
                            run: () => setDeleted(list),
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
      <More more={page.more} loading={page.loadingMore} />
      <Dialog
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === 'new' ? 'New list' : 'Change list'}
      >
        {edited && <Fields list={edited} onClose={() => setEdited(undefined)} />}
      </Dialog>
      <Dialog opened={joined !== undefined} onClose={() => setJoined(undefined)} title={`Sign-ups to ${joined?.name}`}>
        {joined && <ListOptIn list={joined} onClose={() => setJoined(undefined)} />}
      </Dialog>
      <Dialog
        opened={branded !== undefined}
        onClose={() => setBranded(undefined)}
        title={`Brand of mail about ${branded?.name ?? ''}`}
      >
        {branded && <BrandForm list={branded.list_id} done={() => setBranded(undefined)} />}
      </Dialog>
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title="Delete this list?"
        confirm="Delete list"
        run={async () => {
          await api.delete(`/v3/contact_lists/${deleted?.list_id}`)
          notifications.show({ message: 'The list is being deleted.', color: 'green' })
          await queries.invalidateQueries()
        }}
      >
        <b>{deleted?.name}</b>: its contacts stay in the account; only their place on this list is lost.
      </Confirm>
    </Page>
  )
}

function Name({ list }: { list: List }) {
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <TextLink to="/contacts" search={{ list: list.list_id }} lineClamp={3} title={list.name}>
          {list.name}
        </TextLink>
        {list.favorite && (
          <IconStarFilled size={14} color="var(--warn)" role="img" aria-label="Favorite" style={{ flex: 'none' }} />
        )}
      </Group>
      {list.description && (
        <Text size="sm" c="dimmed" lineClamp={1}>
          {list.description}
        </Text>
      )}
    </>
  )
}

function Fields({ list, onClose }: { list: List | 'new'; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm({
    initialValues:
      list === 'new'
        ? { name: '', description: '', favorite: false, offered: false }
        : {
            name: list.name,
            description: list.description ?? '',
            favorite: list.favorite,
            offered: list.offered,
          },
  })
  const { busy, error, submit } = useSending(
    form,
    async ({ offered, ...values }) => {
      const body = { ...values, description: values.description || undefined }
      const kept =
        list === 'new'
          ? await api.post<{ list_id: string }>('/v3/contact_lists', body)
          : await api.put<{ list_id: string }>(`/v3/contact_lists/${list.list_id}`, body)
      if (offered !== (list !== 'new' && list.offered))
        await api.put(`/kith/v1/lists/${kept.list_id}/offer`, { offered })
      onClose()
      notifications.show({ message: list === 'new' ? 'The list is made.' : 'The list is saved.', color: 'green' })
      await queries.invalidateQueries()
    },
    { code: { 'list.name.taken': (failure) => ({ name: failure.message }) } },
  )
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
        <Checkbox
          label="Favorite"
          description="Marked with a star here and in other programs."
          {...form.getInputProps('favorite', { type: 'checkbox' })}
        />
        <Checkbox
          label="Offered to contacts"
          description="On the page of their preferences, with its name and description; they may join it there."
          {...form.getInputProps('offered', { type: 'checkbox' })}
        />
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
