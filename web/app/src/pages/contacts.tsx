import { Button, Card, Group, Select, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import type { Contact, ContactPage, List } from '../api/types'
import { ContactForm } from '../parts/contact-form'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Permission } from '../parts/permission'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { ButtonLink, TextLink } from '../parts/link'

export interface ContactSearch {
  search?: string
  list?: string
  status?: string
  sort?: string
}

const route = getRouteApi('/contacts')

const statuses = [
  { value: 'active', label: 'Subscribed' },
  { value: 'pending_confirmation', label: 'Waiting for confirmation' },
  { value: 'unsubscribed', label: 'Unsubscribed' },
  { value: 'not_set', label: 'No permission' },
  { value: 'deleted', label: 'Deleted' },
]

const orders = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'updated_first', label: 'Last changed first' },
]

export const listsQuery = {
  queryKey: ['lists', 'picker'],
  queryFn: () => api.get<{ lists: List[] }>('/kith/v1/lists', { limit: 1000 }),
}

/** The table of contacts. What is searched for stands in the address. */
export function ContactsPage() {
  const asked = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('contacts:write')
  const [adding, setAdding] = useState(false)
  const [typed, setTyped] = useState(asked.search ?? '')
  const [search] = useDebouncedValue(typed, 250)
  const lists = useQuery(listsQuery)

  useEffect(() => {
    if ((asked.search ?? '') !== search) {
      void navigate({ search: (now) => ({ ...now, search: search || undefined }), replace: true })
    }
  }, [search, asked.search, navigate])

  const page = usePaged<ContactPage, Contact>(
    '/kith/v1/contacts',
    {
      search: asked.search,
      list: asked.list,
      status: asked.status,
      sort: asked.sort ?? 'newest',
      limit: 50,
      include: 'list_memberships',
    },
    (p) => p.contacts,
  )
  const filtered = Boolean(asked.search || asked.list || asked.status)
  const nameOf = new Map(lists.data?.lists.map((l) => [l.list_id, l.name]))

  return (
    <Page
      title="Contacts"
      description="Everyone in this account, whichever list they are on."
      actions={
        mayWrite && (
          <>
            <ButtonLink to="/imports" variant="default">
              Import
            </ButtonLink>
            <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              New contact
            </Button>
          </>
        )
      }
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          type="search"
          role="searchbox"
          aria-label="Search contacts"
          placeholder="Address or name"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          flex={1}
          miw={220}
        />
        <Select
          aria-label="List"
          placeholder="Any list"
          clearable
          searchable
          nothingFoundMessage="No such list"
          data={lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
          value={asked.list ?? null}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, list: value ?? undefined }) })}
        />
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          data={statuses}
          value={asked.status ?? null}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, status: value ?? undefined }) })}
        />
        <Select
          aria-label="Order"
          allowDeselect={false}
          data={orders}
          value={asked.sort ?? 'newest'}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, sort: value ?? undefined }) })}
        />
      </Group>

      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading contacts" />
      ) : page.rows.length === 0 ? (
        filtered ? (
          <Empty title="No contact matches">
            The search looks at the beginning of addresses and names. Try fewer letters, or another filter.
          </Empty>
        ) : (
          <Empty title="No contacts yet" action={mayWrite && <ButtonLink to="/imports">Import contacts</ButtonLink>}>
            Import a file from your mail program or spreadsheet, or add people one by one.
          </Empty>
        )
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={640}>
            <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Address</Table.Th>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Permission</Table.Th>
                  <Table.Th>Lists</Table.Th>
                  <Table.Th>Changed</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {page.rows.map((c) => (
                  <Table.Tr key={c.contact_id}>
                    <Table.Td>
                      <TextLink to="/contacts/$id" params={{ id: c.contact_id }} className="break">
                        {c.email_address?.address ?? 'No address'}
                      </TextLink>
                    </Table.Td>
                    <Table.Td>{[c.first_name, c.last_name].filter(Boolean).join(' ')}</Table.Td>
                    <Table.Td>
                      <Permission value={c.deleted_at ? 'deleted' : c.email_address?.permission_to_send} />
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" lineClamp={1} maw={260}>
                        {c.list_memberships?.map((id) => nameOf.get(id) ?? id).join(', ')}
                      </Text>
                    </Table.Td>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <When at={c.updated_at} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <More more={page.more} loading={page.loadingMore} />
      <ContactForm opened={adding} onClose={() => setAdding(false)} />
    </Page>
  )
}
