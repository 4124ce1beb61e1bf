// A client that we did not write goes through the contact side of version 3:
// what a shop's synchronisation would do in its first week. Which client,
// server and token is said by the environment; v3_test.go sets it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

const { client } = await import(`./${process.env.KITH_CLIENT}.mjs`)

/** The data of an answer that has a status. */
async function want(status, call) {
  const got = await call
  assert.equal(got.status, status, JSON.stringify(got.data))
  return got.data
}

/** Waits until an activity has ended, and returns it. */
async function finished(begun) {
  assert.ok(begun.activity_id, JSON.stringify(begun))
  for (;;) {
    const activity = await want(200, client.activity(begun.activity_id))
    if (activity.state !== 'initialized' && activity.state !== 'processing') {
      assert.equal(activity.state, 'completed', JSON.stringify(activity))
      return activity
    }
    await pause(50)
  }
}

/** Everything on all pages. */
async function pages(read, key) {
  const all = []
  for (let cursor; ;) {
    const page = await want(200, read(cursor))
    all.push(...page[key])
    const next = page._links?.next?.href
    if (!next) return all
    cursor = new URL(next, process.env.KITH_URL).searchParams.get('cursor')
    assert.ok(cursor, next)
  }
}

const list = {}
for (const name of ['Readers', 'Writers', 'Guests']) {
  test(`the list ${name}`, async () => {
    list[name] = (await want(201, client.createList({ name, description: 'By a client', favorite: false }))).list_id
  })
}

test('the account', async () => {
  const account = await want(200, client.account())
  assert.equal(account.contact_email, 'ines@example.org')
  assert.ok((await want(200, client.privileges())).length > 0)
})

test('lists: rename, read, pages to the end', async () => {
  const renamed = await want(200, client.updateList(list.Guests, { name: 'Visitors', favorite: true }))
  assert.equal(renamed.name, 'Visitors')
  const [refusal] = await want(409, client.createList({ name: 'readers' }))
  assert.ok(refusal.error_key && refusal.error_message)
  const all = await pages((cursor) => client.lists(cursor ? { cursor } : { limit: 1 }), 'lists')
  assert.deepEqual(all.map((l) => l.name).toSorted(), ['General Interest', 'Readers', 'Visitors', 'Writers'])
})

test('a contact: create, read, update, unsubscribe, ask again, delete', async () => {
  const body = {
    email_address: { address: 'Jo@Example.org', permission_to_send: 'implicit' },
    first_name: 'Jo',
    create_source: 'Account',
    list_memberships: [list.Readers],
    phone_numbers: [{ phone_number: '+1 202 555 0100', kind: 'home' }],
    street_addresses: [{ kind: 'home', street: '1 Long Street', city: 'Springfield', country: 'United States' }],
  }
  const { contact_id: id } = await want(201, client.createContact(body))
  const [twice] = await want(409, client.createContact(body))
  assert.match(twice.error_message, new RegExp(`already exists for contact ${id}`))

  const read = await want(200, client.contact(id, 'list_memberships'))
  assert.equal(read.email_address.address.toLowerCase(), 'jo@example.org')
  assert.deepEqual(read.list_memberships, [list.Readers])

  // What was read is sent back with one change, read-only fields included.
  const changed = {
    ...read,
    last_name: 'Roy',
    list_memberships: [list.Readers, list.Writers],
    update_source: 'Account',
  }
  assert.equal((await want(200, client.updateContact(id, changed))).last_name, 'Roy')
  const [found] = (await want(200, client.contacts({ email: 'jo@example.org', count: true }))).contacts
  assert.equal(found.contact_id, id)

  const left = {
    email_address: { address: 'jo@example.org', permission_to_send: 'unsubscribed' },
    update_source: 'Account',
  }
  assert.equal((await want(200, client.updateContact(id, left))).email_address.permission_to_send, 'unsubscribed')
  await want(200, client.resubscribe(id, { list_ids: [list.Readers] }))
  assert.equal((await want(200, client.contact(id))).email_address.permission_to_send, 'pending_confirmation')

  await want(204, client.deleteContact(id))
  assert.ok((await want(200, client.contact(id))).deleted_at)
  const [missing] = await want(404, client.contact('019f0000-0000-7000-8000-000000000001'))
  assert.equal(missing.error_key, 'contacts.api.not_found')
  assert.ok((await want(400, client.createContact({ create_source: 'Account' })))[0].error_key)
})

test('a sign-up adds, then changes', async () => {
  const body = { email_address: 'form@example.org', list_memberships: [list.Readers] }
  const { contact_id, action } = await want(201, client.signUp(body))
  assert.equal(action, 'created')
  assert.deepEqual(await want(200, client.signUp({ ...body, first_name: 'Fo' })), { contact_id, action: 'updated' })
})

test('imports, pages to the end, counts', async () => {
  const rows = Array.from({ length: 120 }, (_, i) => `p${i}@example.org,First ${i},03/14/2019`)
  const file = new File([`email,first_name,anniversary\n${rows.join('\n')}\n`], 'people.csv', { type: 'text/csv' })
  const done = await finished(await want(201, client.importFile(file, `${list.Writers},${list.Guests}`)))
  assert.equal(done.status.person_count, 120)
  const import_data = [
    { email: 'json@example.org', first_name: 'Js' },
    { email: 'p1@example.org', last_name: 'Roy' },
  ]
  await finished(await want(201, client.importJSON({ import_data, list_ids: [list.Writers] })))

  const page = await want(200, client.contacts({ lists: list.Writers, limit: 50, count: true }))
  assert.equal(page.contacts_count, 121)
  const all = await pages(
    (cursor) => client.contacts(cursor ? { cursor } : { lists: list.Writers, limit: 50 }),
    'contacts',
  )
  assert.equal(new Set(all.map((c) => c.contact_id)).size, 121)
  assert.equal(all.find((c) => c.email_address.address === 'p1@example.org').last_name, 'Roy')
  assert.equal((await want(200, client.list(list.Writers))).membership_count, 121)
  assert.equal((await want(200, client.counts())).total, 123) // with the owner and the one who signed up
})

test('tags: one by one, onto many, off them', async () => {
  const tags = []
  for (const name of ['vip', 'late'])
    tags.push((await want(201, client.createTag({ name, tag_source: 'By a client' }))).tag_id)
  const [twice] = await want(409, client.createTag({ name: 'VIP' }))
  assert.ok(twice.error_key)
  assert.equal((await want(200, client.updateTag(tags[1], { name: 'early' }))).name, 'early')
  const all = await pages((cursor) => client.tags(cursor ? { cursor } : { limit: 1 }), 'tags')
  assert.deepEqual(all.map((t) => t.name).toSorted(), ['early', 'vip'])

  await finished(await want(201, client.tagMany({ source: { list_ids: [list.Guests] }, tag_ids: tags })))
  assert.equal((await want(200, client.tag(tags[0]))).contacts_count, 120)
  await finished(await want(201, client.untagMany({ source: { tag_ids: [tags[0]] }, tag_ids: [tags[1]] })))
  assert.equal((await want(200, client.tag(tags[1]))).contacts_count, 0)
  assert.equal((await want(200, client.contacts({ tags: tags[0], limit: 1, count: true }))).contacts_count, 120)
  await finished(await want(202, client.deleteTag(tags[0])))
  await want(404, client.tag(tags[0]))
})

test('custom fields and their values', async () => {
  const { custom_field_id: id } = await want(201, client.createField({ label: 'Favourite colour', type: 'string' }))
  await want(201, client.createField({ label: 'Shelf', type: 'string' }))
  await want(409, client.createField({ label: 'shelf', type: 'string' }))
  const field = await want(200, client.updateField(id, { label: 'Colour' }))
  assert.equal(field.label, 'Colour')
  const all = await pages((cursor) => client.fields(cursor ? { cursor } : { limit: 1 }), 'custom_fields')
  assert.deepEqual(all.map((f) => f.label).toSorted(), ['Colour', 'Shelf'])

  const file = new File([`email,cf:${field.name}\np2@example.org,teal\n`], 'people.csv', { type: 'text/csv' })
  await finished(await want(201, client.importFile(file, list.Writers)))
  const [{ contact_id }] = (await want(200, client.contacts({ email: 'p2@example.org' }))).contacts
  const values = async () => (await want(200, client.contact(contact_id, 'custom_fields'))).custom_fields
  assert.deepEqual(await values(), [{ custom_field_id: id, value: 'teal' }])
  const body = { update_source: 'Account', custom_fields: [{ custom_field_id: id, value: 'red' }] }
  await want(200, client.updateContact(contact_id, body))
  assert.deepEqual(await values(), [{ custom_field_id: id, value: 'red' }])
  await want(204, client.deleteField(id))
  assert.deepEqual(await values(), [])
})

test('a segment and who is in it', async () => {
  const criteria = { type: 'and', group: [{ source: 'contact', field: 'last_name', op: 'equals', value: 'Roy' }] }
  const segment_criteria = JSON.stringify({ version: '1.0.0', criteria })
  const { segment_id } = await want(201, client.createSegment({ name: 'Family', segment_criteria }))
  const page = await want(200, client.contacts({ segment: String(segment_id), limit: 10 }))
  assert.deepEqual(
    page.contacts.map((c) => c.last_name),
    ['Roy', 'Roy'],
  ) // the owner as well
  await want(204, client.deleteSegment(segment_id))
})

test('many contacts: onto a list, off it, deleted', async () => {
  const source = { list_ids: [list.Guests] }
  await finished(await want(201, client.addToLists({ source, list_ids: [list.Readers] })))
  assert.equal((await want(200, client.list(list.Readers))).membership_count, 121)
  await finished(await want(201, client.removeFromLists({ source, list_ids: [list.Readers] })))
  assert.equal((await want(200, client.list(list.Readers))).membership_count, 1)
  const contact_ids = (await want(200, client.contacts({ lists: list.Guests, limit: 20 }))).contacts.map(
    (c) => c.contact_id,
  )
  await finished(await want(201, client.deleteContacts({ contact_ids })))
  assert.equal((await want(200, client.list(list.Guests))).membership_count, 100)
})

test('an export and its file', async () => {
  const begun = await want(201, client.export({ list_ids: [list.Guests], fields: ['email_address', 'first_name'] }))
  const done = await finished(begun)
  const file = await want(200, client.exported(done._links.results.href.split('/').at(-1)))
  const lines = (typeof file === 'string' ? file : await file.text()).trim().split(/\r?\n/)
  assert.equal(lines.length, 101)
  assert.ok(lines[0].startsWith('Email address,First name'), lines[0])
})

test('a list is deleted, its members stay', async () => {
  await finished(await want(202, client.deleteList(list.Guests)))
  await want(404, client.list(list.Guests))
  assert.equal((await want(200, client.counts())).total, 103)
  assert.ok((await want(200, client.activities())).activities.length >= 6)
})
