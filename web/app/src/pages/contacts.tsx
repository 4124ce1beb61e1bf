import { Button, Checkbox, Group, Select, Text } from '@mantine/core'
import { IconFileExport, IconFileImport, IconUserPlus, IconUsers, IconUserSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api/client'
import { useMay } from '../api/me'
import { usePaged } from '../api/paged'
import { tagsQuery } from '../api/known'
import type { Contact, ContactPage, ListPage } from '../api/types'
import { Breakable } from '../parts/breakable'
import { ContactForm } from '../parts/contact-form'
import { ButtonLink, TextLink } from '../parts/link'
import { More } from '../parts/more'
import { Page } from '../parts/page'
import { Permission } from '../parts/permission'
import { Rows } from '../parts/rows'
import { Search } from '../parts/search'
import { Empty, Failed, Waiting } from '../parts/states'
import { When } from '../parts/when'
import { BulkBar, mostChosen, type Chosen } from './contacts-bulk'
import { ExportDialog } from './contacts-export'
import classes from './contacts.module.css'

export interface ContactSearch {
  search?: string
  list?: string
  tag?: string
  /** A segment's number. */
  segment?: string
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
  queryFn: () => api.get<ListPage>('/kith/v1/lists', { limit: 1000 }),
}

/** The table of contacts. What is searched for stands in the address. */
export function ContactsPage() {
  const asked = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('contacts:write')
  const [adding, setAdding] = useState(false)
  const [exporting, setExporting] = useState(false)
  const [selection, setSelection] = useState<{ ids: string[]; all: boolean; of: string }>(nothing)
  const lists = useQuery(listsQuery)
  const tags = useQuery({ ...tagsQuery, enabled: asked.tag !== undefined })
  const tag = tags.data?.tags.find((t) => t.tag_id === asked.tag)
  const ask = (change: ContactSearch, replace = false) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace })

  const filter = {
    search: asked.search,
    list: asked.list,
    tag: asked.tag,
    segment_id: asked.segment,
    status: asked.status,
  }
  const page = usePaged<ContactPage, Contact>(
    '/kith/v1/contacts',
    { ...filter, sort: asked.sort ?? 'newest', limit: 50, include: 'list_memberships' },
    (p) => p.contacts,
  )
  const counted = useCount(filter, page.rows.length, !page.more)
  // A selection is of what was searched for when it was made.
  const question = JSON.stringify(filter)
  const { ids, all } = selection.of === question ? selection : nothing
  const select = (next: string[], everybody = false) => setSelection({ ids: next, all: everybody, of: question })
  const shown = page.rows.slice(0, mostChosen).map((c) => c.contact_id)
  const wholePage = shown.length > 0 && shown.every((id) => ids.includes(id))
  const chosen: Chosen = all ? { all: filter, count: counted } : { ids }
  const filtered = Boolean(asked.search || asked.list || asked.tag || asked.segment || asked.status)
  const nameOf = new Map(lists.data?.lists.map((l) => [l.list_id, l.name]))

  return (
    <Page
      title="Contacts"
      description={
        asked.segment || asked.tag ? (
          <>
            {asked.segment ? `Those in segment ${asked.segment}.` : `Those with the tag ${tag?.name ?? ''}.`}{' '}
            <TextLink to="/contacts" underline="always">
              Show everyone
            </TextLink>
          </>
        ) : (
          'Everyone in this account, whichever list they are on.'
        )
      }
      actions={
        mayWrite && (
          <>
            <ButtonLink to="/imports" variant="default" leftSection={<IconFileImport size={16} aria-hidden />}>
              Import
            </ButtonLink>
            <Button
              variant="default"
              leftSection={<IconFileExport size={16} aria-hidden />}
              disabled={page.rows.length === 0}
              onClick={() => setExporting(true)}
            >
              Export
            </Button>
            <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              New contact
            </Button>
          </>
        )
      }
    >
      <div className={classes.filters} role="search">
        <Search
          label="Search contacts"
          placeholder="Address or name"
          value={asked.search ?? ''}
          onChange={(search) => ask({ search: search || undefined }, true)}
        />
        <Select
          aria-label="List"
          placeholder="Any list"
          clearable
          searchable
          nothingFoundMessage="No such list"
          data={lists.data?.lists.map((l) => ({ value: l.list_id, label: l.name })) ?? []}
          value={asked.list ?? null}
          onChange={(list) => ask({ list: list ?? undefined })}
        />
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          data={statuses}
          value={asked.status ?? null}
          onChange={(status) => ask({ status: status ?? undefined })}
        />
        <Select
          aria-label="Order"
          allowDeselect={false}
          data={orders}
          value={asked.sort ?? 'newest'}
          onChange={(sort) => ask({ sort: sort ?? undefined })}
        />
      </div>

      {page.error ? (
        <Failed error={page.error} retry={page.retry} />
      ) : page.waiting ? (
        <Waiting label="Loading contacts" />
      ) : page.rows.length === 0 ? (
        filtered ? (
          <Empty
            icon={<IconUserSearch aria-hidden />}
            title="No contact matches"
            action={
              <ButtonLink to="/contacts" search={{}} variant="default">
                Show all contacts
              </ButtonLink>
            }
          >
            The search looks at the beginning of addresses and names. Try fewer letters, or another filter.
          </Empty>
        ) : (
          <Empty
            icon={<IconUsers aria-hidden />}
            title="No contacts yet"
            action={mayWrite && <ButtonLink to="/imports">Import contacts</ButtonLink>}
          >
            Import a file from your mail program or spreadsheet, or add people one by one.
          </Empty>
        )
      ) : (
        <>
          {mayWrite && (
            <Checkbox
              label="Select all shown"
              checked={all || wholePage}
              indeterminate={!all && !wholePage && ids.length > 0}
              onChange={(event) => select(event.currentTarget.checked ? shown : [])}
            />
          )}
          {(all || ids.length > 0) && (
            <BulkBar chosen={chosen} clear={() => select([])}>
              {!all && wholePage && counted !== undefined && counted > ids.length && (
                <Button size="xs" variant="subtle" onClick={() => select([], true)}>
                  Select all {counted.toLocaleString()} that match
                </Button>
              )}
            </BulkBar>
          )}
          <Rows
            label="Contacts"
            stale={page.stale}
            rows={page.rows}
            keyOf={(c) => c.contact_id}
            columns={[
              ...(mayWrite
                ? [
                    {
                      head: 'Selected',
                      as: 'select' as const,
                      width: '3rem',
                      cell: (c: Contact) => (
                        <Checkbox
                          aria-label={`Select ${c.email_address?.address ?? nameOfContact(c)}`}
                          checked={all || ids.includes(c.contact_id)}
                          disabled={all || (ids.length >= mostChosen && !ids.includes(c.contact_id))}
                          onChange={(event) =>
                            select(
                              event.currentTarget.checked
                                ? [...ids, c.contact_id]
                                : ids.filter((id) => id !== c.contact_id),
                            )
                          }
                        />
                      ),
                    },
                  ]
                : []),
              {
                head: 'Address',
                as: 'title',
                width: '28%',
                cell: (c) => (
                  <TextLink to="/contacts/$id" params={{ id: c.contact_id }}>
                    {c.email_address ? <Breakable text={c.email_address.address} /> : 'No address'}
                  </TextLink>
                ),
              },
              { head: 'Name', width: '18%', cell: nameOfContact },
              {
                head: 'Permission',
                width: '12rem',
                cell: (c) => <Permission value={c.deleted_at ? 'deleted' : c.email_address?.permission_to_send} />,
              },
              {
                head: 'Lists',
                cell: (c) =>
                  c.list_memberships?.length ? (
                    <Text size="sm" truncate="end">
                      {c.list_memberships.map((id) => nameOf.get(id) ?? id).join(', ')}
                    </Text>
                  ) : null,
              },
              { head: 'Changed', as: 'wide', width: '9rem', cell: (c) => <When at={c.updated_at} day /> },
            ]}
          />
          <Count shown={page.rows.length} count={counted} />
        </>
      )}
      <More more={page.more} loading={page.loadingMore} />
      <ExportDialog chosen={{ all: filter, count: counted }} opened={exporting} onClose={() => setExporting(false)} />
      <ContactForm opened={adding} onClose={() => setAdding(false)} />
    </Page>
  )
}

export function nameOfContact(c: Contact): string {
  return [c.first_name, c.last_name].filter(Boolean).join(' ')
}

const nothing = { ids: [], all: false, of: '' }

/**
 * How many match. Counting a large account takes a while, so it is asked for
 * beside the page, and not at all where the page shows everybody.
 */
function useCount(filter: ContactSearch, shown: number, all: boolean): number | undefined {
  const counted = useQuery({
    queryKey: ['/kith/v1/contacts', 'count', filter],
    queryFn: ({ signal }) =>
      api.get<ContactPage>('/kith/v1/contacts', { ...filter, limit: 1, include_count: true }, signal),
    enabled: !all,
  })
  return all ? shown : counted.data?.contacts_count
}

function Count({ shown, count }: { shown: number; count: number | undefined }) {
  return (
    <Group justify="center">
      <Text size="sm" c="dimmed" role="status">
        {count === undefined
          ? `${shown.toLocaleString()} shown`
          : count === shown
            ? `${count.toLocaleString()} ${count === 1 ? 'contact' : 'contacts'}`
            : `${shown.toLocaleString()} of ${count.toLocaleString()} contacts`}
      </Text>
    </Group>
  )
}
