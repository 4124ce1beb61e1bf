import {
  ActionIcon,
  Button,
  Card,
  Checkbox,
  Group,
  Menu,
  Modal,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDots, IconPlus, IconSearch, IconStarFilled } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import { byField } from '../api/problem'
import type { Links, List } from '../api/types'
import { Confirm } from '../parts/confirm'
import { Id } from '../parts/id'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Empty, Failed, Waiting } from '../parts/states'
import { TextLink } from '../parts/link'

/** The lists with their counts and both their ids. */
export function ListsPage() {
  const mayWrite = useMay('contacts:lists:write')
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 250)
  const [edited, setEdited] = useState<List | 'new'>()
  const [deleted, setDeleted] = useState<List>()
  const page = usePaged<{ lists: List[]; _links?: Links }, List>(
    '/kith/v1/lists',
    { search, limit: 50 },
    (p) => p.lists,
  )

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
      <TextInput
        type="search"
        role="searchbox"
        aria-label="Search lists"
        placeholder="Name"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading lists" />
      ) : page.rows.length === 0 ? (
        <Empty title={search ? 'No list matches' : 'No lists yet'}>
          {search ? 'The search looks anywhere in the name.' : 'Contacts are mailed by list.'}
        </Empty>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={720}>
            <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th ta="right">Contacts</Table.Th>
                  <Table.Th ta="right">Subscribed</Table.Th>
                  <Table.Th>List ID</Table.Th>
                  <Table.Th ta="right">Number</Table.Th>
                  <Table.Th>
                    <span className="skip">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {page.rows.map((list) => (
                  <Table.Tr key={list.list_id}>
                    <Table.Td>
                      <Group gap={6} wrap="nowrap">
                        <TextLink to="/contacts" search={{ list: list.list_id }}>
                          {list.name}
                        </TextLink>
                        {list.favorite && <IconStarFilled size={14} role="img" aria-label="Favorite" />}
                      </Group>
                      {list.description && (
                        <Text size="sm" c="dimmed" lineClamp={1}>
                          {list.description}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="right">{list.membership_count?.toLocaleString()}</Table.Td>
                    <Table.Td ta="right">{list.active_count?.toLocaleString()}</Table.Td>
                    <Table.Td>
                      <Id value={list.list_id} label="list ID" />
                    </Table.Td>
                    <Table.Td ta="right">{list.number}</Table.Td>
                    <Table.Td ta="right">
                      {mayWrite && (
                        <Menu position="bottom-end">
                          <Menu.Target>
                            <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${list.name}`}>
                              <IconDots size={18} />
                            </ActionIcon>
                          </Menu.Target>
                          <Menu.Dropdown>
                            <Menu.Item onClick={() => setEdited(list)}>Change</Menu.Item>
                            <Menu.Item color="red" onClick={() => setDeleted(list)}>
                              Delete
                            </Menu.Item>
                          </Menu.Dropdown>
                        </Menu>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <More more={page.more} loading={page.loadingMore} />
      <ListForm list={edited} onClose={() => setEdited(undefined)} />
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title={`Delete ${deleted?.name ?? 'the list'}?`}
        confirm="Delete list"
        run={async () => {
          await api.delete(`/v3/contact_lists/${deleted?.list_id}`)
          await queries.invalidateQueries()
          notifications.show({ message: 'The list is being deleted.', color: 'teal' })
        }}
      >
        Its {deleted?.membership_count?.toLocaleString() ?? ''} contacts stay in the account; only their place on this
        list is lost.
      </Confirm>
    </Page>
  )
}

function ListForm({ list, onClose }: { list: List | 'new' | undefined; onClose: () => void }) {
  return (
    <Modal opened={list !== undefined} onClose={onClose} title={list === 'new' ? 'New list' : 'Change list'}>
      {list && <ListFields list={list} onClose={onClose} />}
    </Modal>
  )
}

function ListFields({ list, onClose }: { list: List | 'new'; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm({
    initialValues:
      list === 'new'
        ? { name: '', description: '', favorite: false }
        : { name: list.name, description: list.description ?? '', favorite: list.favorite },
  })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(async (values) => {
        setBusy(true)
        setError(undefined)
        try {
          const body = { ...values, description: values.description || undefined }
          if (list === 'new') await api.post('/v3/contact_lists', body)
          else await api.put(`/v3/contact_lists/${list.list_id}`, body)
          await queries.invalidateQueries()
          onClose()
        } catch (failure) {
          setError(failure)
          form.setErrors(byField(failure))
        } finally {
          setBusy(false)
        }
      })}
    >
      <Stack>
        {error !== undefined && <Failed error={error} />}
        <TextInput label="Name" required data-autofocus maxLength={255} {...form.getInputProps('name')} />
        <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
        <Checkbox label="Favorite" {...form.getInputProps('favorite', { type: 'checkbox' })} />
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
