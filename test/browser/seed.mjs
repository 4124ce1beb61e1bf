// Fills an account as its owner's browser would, through the APIs that the web
// app itself uses, so that its pages have something to show.
import { base } from './browser.mjs'
import { contacts, lists, long } from './people.mjs'

/** Calls an API from the page, with the session that it has. */
export async function call(page, method, path, body) {
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path, {
        method,
        headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      const text = await answer.text()
      return { status: answer.status, body: text && JSON.parse(text) }
    },
    [method, path, body],
  )
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export async function addList(page, list) {
  return (await call(page, 'POST', '/v3/contact_lists', { favorite: false, ...list })).list_id
}

export async function addContact(page, who, list_memberships, permission = 'implicit') {
  const made = await call(page, 'POST', '/v3/contacts', {
    email_address: { address: who.address, permission_to_send: permission },
    first_name: who.first,
    last_name: who.last,
    company_name: who.company || undefined,
    create_source: 'Account',
    list_memberships,
  })
  return made.contact_id
}

/** Lists, contacts in every state, an application of each kind, keys and invitations. */
export async function seed(page) {
  const { lists: known } = await call(page, 'GET', '/kith/v1/lists')
  const general = known[0].list_id
  const made = []
  for (const list of lists) made.push(await addList(page, list))
  for (const name of ['Regular', 'Market', 'Met at the fair in Lyon'])
    await call(page, 'POST', '/v3/contact_tags', { name })
  for (const field of [
    { label: 'Shoe size', type: 'number' },
    { label: 'What they said at the stall', type: 'text_area' },
    {
      label: 'Favourite bread',
      type: 'single_select',
      choices: ['Rye', 'Oats', 'Spelt'].map((choice_label) => ({ choice_label })),
    },
  ])
    await call(page, 'POST', '/v3/contact_custom_fields', field)
  await call(page, 'POST', '/v3/segments', {
    name: 'On the first list, and either near or quiet',
    segment_criteria: {
      version: '1.0.0',
      criteria: {
        type: 'and',
        group: [
          { source: 'contact', field: 'list_membership', op: 'contains-any', value: [made[0]] },
          {
            type: 'or',
            group: [
              { source: 'contact', field: 'email_domain', op: 'ends-with', value: 'example.org' },
              {
                source: 'tracking',
                field: 'not_opened',
                op: 'contains-any',
                const_value: 'last-n-campaigns',
                param: '3',
              },
            ],
          },
        ],
      },
    },
  })
  for (const [i, who] of contacts.entries()) {
    const on = [general, ...(i % 2 ? [made[0]] : []), ...(i % 3 === 0 ? [made[1]] : [])]
    const contact = await addContact(page, who, on, i % 3 ? 'implicit' : 'explicit')
    if (i % 7 === 5) {
      await call(page, 'PUT', `/v3/contacts/${contact}`, {
        email_address: {
          address: who.address,
          permission_to_send: 'unsubscribed',
          opt_out_reason: 'Too many mails in June',
        },
        first_name: who.first,
        last_name: who.last,
        update_source: 'Account',
      })
    }
  }
  await detail(page, contacts[0].address, made)
  const gone = await addContact(page, { address: 'gone@example.com', first: 'Gil', last: 'Gone' }, [general])
  await call(page, 'DELETE', `/v3/contacts/${gone}`)
  for (const [name, flow] of [
    ['Newsletter plugin', 'code'],
    ['Shop counter tablet', 'device'],
    ['Old website', 'pkce'],
  ]) {
    const app = await call(page, 'POST', '/kith/v1/applications', { name, flow })
    if (flow === 'pkce') await call(page, 'POST', `/kith/v1/applications/${app.client_id}/deactivate`)
  }
  await call(page, 'POST', '/kith/v1/forms', {
    name: 'Spring fair',
    lists: [
      { list_id: general },
      { list_id: made[0], offered: true, ticked: true },
      { list_id: made[1], offered: true },
    ],
    fields: [
      { kind: 'email_address' },
      { kind: 'first_name', required: true },
      { kind: 'birthday' },
      { kind: 'street_address' },
    ],
    texts: { title: 'Letters from the bakery', intro: 'One letter a month, with a recipe.' },
  })
  await call(page, 'POST', '/kith/v1/forms', {
    name: 'Counter, in French',
    language: 'fr',
    lists: [{ list_id: general }],
    colors: { background: '#fff8e7', text: '#3b2f1e', accent: '#c2410c' },
  })
  const key = await call(page, 'POST', '/kith/v1/api_keys', { name: 'Form on our site', scopes: ['contact_data'] })
  await askedOf(page, key.api_key, general)
  await call(page, 'POST', '/kith/v1/invitations', { email: 'sam@example.org', role: 'campaign_creator' })
}

/** Calls an API as a script of the owner's does, with an access key and without the browser. */
export async function script(key, method, path, body) {
  const answer = await fetch(base + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'User-Agent': 'bakery-form/1.0' },
    body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  })
  await answer.arrayBuffer()
  return { status: answer.status, request: answer.headers.get('Kith-Request-Id') }
}

/** Waits until the request log shows a request; it is written a moment after the answer. */
export async function logged(page, request) {
  for (;;) {
    const { requests } = await call(page, 'GET', `/kith/v1/requests?search=${request}`)
    if (requests.length > 0) return requests[0]
    await page.waitForTimeout(100)
  }
}

/** Requests that were granted and refused in several ways; the last one has faults in its body. */
async function askedOf(page, key, list) {
  await script(key, 'GET', '/v3/contacts?limit=50&include=notes')
  await script(key, 'GET', '/v3/account/summary')
  await script(key, 'GET', '/v3/contact_lists/01a210b7-0998-7000-b6c5-234d88ac1bf8')
  await script(key, 'POST', '/v3/contact', { first_name: 'Ada' })
  await script('kith_x' + key.slice(6), 'GET', '/v3/contacts')
  await script(
    key,
    'POST',
    '/v3/contacts',
    '{\n  "email_address": {"address": "ada@example.org"},\n  "create_source" "Account"\n}',
  )
  const { request } = await script(
    key,
    'POST',
    '/v3/contacts',
    JSON.stringify(
      {
        email_address: { address: 'ada@example', permission_to_send: 'yes' },
        first_name: 'Ada',
        phone_numbers: [{ kind: 'home', phone_number: '+33 1 23 45 67 89' }],
        list_memberships: [list, 'the market'],
      },
      null,
      2,
    ),
  )
  await logged(page, request)
}

/** A contact of whom much is known. */
async function detail(page, address, lists) {
  const found = await call(page, 'GET', `/v3/contacts?email=${encodeURIComponent(address)}`)
  await call(page, 'PATCH', `/v3/contacts/${found.contacts[0].contact_id}`, {
    job_title: 'Bookbinder',
    birthday_month: 12,
    birthday_day: 10,
    anniversary: '2019-05-04',
    phone_numbers: [
      { kind: 'home', phone_number: '+33 1 23 45 67 89' },
      { kind: 'mobile', phone_number: '+33 6 12 34 56 78' },
    ],
    street_addresses: [
      { kind: 'home', street: '1 quai des Brumes', postal_code: '69002', city: 'Lyon', country: 'France' },
    ],
    notes: [
      { content: 'Prefers mails in the evening.\nHas a stall at the market.' },
      { content: 'Asked about the course.' },
    ],
    list_memberships: lists.slice(0, 3),
  })
}

/** What is as long as the rules allow: pages must bear it as well. */
export async function seedLong(page) {
  const list = await addList(page, { name: long.list, description: long.list })
  const word = await addList(page, { name: long.word })
  await addContact(page, { address: long.address, first: long.word.slice(0, 50), last: long.word.slice(0, 50) }, [
    list,
    word,
  ])
  await call(page, 'POST', '/kith/v1/applications', { name: long.list.slice(0, 100) })
  await call(page, 'POST', '/kith/v1/api_keys', {
    name: 'Nightly copy of the accounts, made by the bookkeeper',
    scopes: ['contact_data', 'campaign_data', 'account_read', 'account_update'],
    expires_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  })
}
