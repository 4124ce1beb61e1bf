// Every page, and the states of it worth a picture.
import { altered } from './browser.mjs'

import { contacts } from './people.mjs'

const dialog = (button) => async (page) => {
  await page.getByRole('button', { name: button, exact: true }).first().click()
  await page.getByRole('dialog').waitFor()
}

async function chosen(page) {
  await page.getByLabel('Select all shown').check()
  await page.getByRole('region', { name: 'Selection' }).waitFor()
}

async function firstLink(page) {
  await page.getByRole('table').getByRole('link').first().click()
  await page.getByRole('navigation', { name: 'Back' }).waitFor()
}

const menu = (name) => async (page) => {
  await page.getByRole('button', { name }).first().click()
  await page.getByRole('menu').waitFor()
}

const file = {
  name: 'friends.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    'E-mail Address,First Name,Last Name,Shoe size\nada@example.org,Ada,Byron,38\nnot an address,Nobody,,\n',
  ),
}

async function preview(page) {
  await page.getByLabel('CSV file').setInputFiles(file)
  await page.getByText('Heading in the file').waitFor()
}

async function imported(page) {
  await preview(page)
  await page.getByRole('combobox', { name: 'Lists' }).click()
  await page.getByRole('option').first().click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
}

/** Holds an import in the middle: the server is too quick to be seen at it. */
const halfDone = (page) =>
  altered(page, '**/v3/activities/*', ({ completed_at: _, ...activity }) => ({
    ...activity,
    state: 'processing',
    percent_done: 42,
  }))

/** Work of every kind, in every state, with its faults. */
async function everyKind(page) {
  const of = (i, kind, state, status = {}, more = {}) => ({
    activity_id: `01a2e06b-34c5-7000-8000-00000000000${i}`,
    kind,
    state,
    created_at: '2026-07-14T09:20:00.000Z',
    started_at: '2026-07-14T09:20:00.000Z',
    updated_at: '2026-07-14T09:21:00.000Z',
    ...(state === 'completed' || state === 'failed' ? { completed_at: '2026-07-14T09:21:00.000Z' } : {}),
    percent_done: state === 'completed' ? 100 : state === 'initialized' ? 0 : 42,
    activity_errors: [],
    status: {
      items_total_count: 120_000,
      items_completed_count: state === 'completed' ? 120_000 : state === 'initialized' ? 0 : 50_400,
      person_count: 50_400,
      error_count: 0,
      correctable_count: 0,
      cannot_add_to_list_count: 0,
      list_count: 0,
      ...status,
    },
    _links: { self: { href: '' } },
    ...more,
  })
  const activities = [
    of(0, 'list_add', 'processing', { cannot_add_to_list_count: 1_204 }),
    of(1, 'tag_remove', 'initialized'),
    of(
      2,
      'contact_export',
      'completed',
      {},
      { _links: { self: { href: '' }, results: { href: '/v3/contact_exports/1' } } },
    ),
    of(
      3,
      'file_import',
      'failed',
      {},
      {
        source_file_name: 'everyone-who-came-to-the-summer-market-of-2026.csv',
        activity_errors: ['The file could not be read beyond line 50,401: a quote is never closed.'],
      },
    ),
    of(
      4,
      'tag_add',
      'completed',
      { error_count: 1 },
      {
        activity_errors: ['Contact 01a2e06b-34c5-7000-8000-0000000000ff: the contact would have more than 50 tags.'],
      },
    ),
    of(5, 'list_delete', 'processing'),
    of(6, 'contact_delete', 'cancelled'),
    of(7, 'json_import', 'completed', { person_count: 119_997, error_count: 3 }),
  ]
  await page.route(/kith\/v1\/activities\?/, (route) => route.fulfill({ json: { activities } }))
  await page.route(/kith\/v1\/activities\/[0-9a-f-]+$/, (route) =>
    route.fulfill({ json: activities.find((a) => route.request().url().endsWith(a.activity_id)) }),
  )
  await page.route(/rejected_rows\?/, (route) =>
    route.fulfill({
      json: {
        rejected_rows: [
          { line: 12, column: 'email', value: 'ann@@example.org', reason: 'is no email address' },
          { line: 40_017, column: 'birthday', value: '31/02', reason: 'is no day of a year' },
          { line: 40_018, column: 'email', value: '', reason: 'is missing' },
        ],
      },
    }),
  )
}

const activity = (i) => `/activities/01a2e06b-34c5-7000-8000-00000000000${i}`

async function exported(page) {
  await dialog('Export')(page)
  await page.getByRole('combobox', { name: 'Columns' }).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
}

/** Tags and custom fields of every type, of which one contact has some. */
async function tagged(page) {
  const fields = [
    ['f1', 'Shoe size', 'number'],
    ['f2', 'What they said at the stall', 'text_area'],
    ['f3', 'Came first', 'date'],
    ['f4', 'Vegetarian', 'boolean'],
    ['f5', 'Favourite bread', 'single_select'],
    ['f6', 'Interests', 'multi_select'],
  ].map(([custom_field_id, label, type]) => ({
    custom_field_id,
    label,
    type,
    choices: ['Rye', 'Oats', 'Spelt'].map((choice_label, i) => ({ choice_id: i + 1, choice_label })),
  }))
  const tags = ['Regular', 'Market', 'Met at the fair in Lyon'].map((name, i) => ({ tag_id: `t${i}`, name }))
  await answers('**/v3/contact_custom_fields?*', { json: { custom_fields: fields } })(page)
  await answers('**/v3/contact_tags?*', { json: { tags } })(page)
  await altered(page, '**/v3/contacts/*', (contact) => ({
    ...contact,
    taggings: ['t0', 't2'],
    custom_fields: [
      { custom_field_id: 'f1', value: '38' },
      { custom_field_id: 'f2', value: 'Likes the walnut loaf.\nAsks for more of it in autumn.' },
      { custom_field_id: 'f4', value: 'true' },
      { custom_field_id: 'f6', choice_ids: ['1', '3'] },
    ],
  }))
}

// What is far down the reference is drawn only when it comes into sight.
const described = (page) => page.locator('.opblock').first().waitFor()

const answers = (path, answer) => (page) => page.route(path, (route) => route.fulfill(answer))

/** Addresses that are not mailed, for every reason, and providers that tell. */
async function bounced(page) {
  const entry = (i, email_address, reason, more = {}) => ({
    suppression_id: `0000000000000000000000000000000${i}`,
    email_address,
    reason,
    since: '2026-07-14T09:20:00Z',
    ...more,
  })
  await altered(page, '**/kith/v1/suppressions?*', () => ({
    suppressions: [
      entry(1, 'edsger@example.org', 'soft', {
        cause: 'full',
        until: '2026-07-28T09:20:00Z',
        said: '452 4.2.2 The recipient’s mailbox is full and can’t accept messages now',
        mail_id: '1',
      }),
      entry(2, 'grace.brewster.hopper.the.admiral@a-rather-long-name-of-a-department.example.org', 'hard', {
        cause: 'no_address',
        said: '550 5.1.1 The account that you tried to reach does not exist',
        mail_id: '2',
      }),
      entry(3, 'barbara@example.org', 'complaint', { said: 'abuse' }),
      entry(4, 'alan@example.org', 'owner', { said: 'Asked by phone.' }),
      entry(5, undefined, 'hard', { cause: 'no_address' }),
    ],
  }))
  await altered(page, '**/kith/v1/notice-keys', () => ({
    notice_keys: [
      {
        notice_key_id: '2',
        provider: 'sendgrid',
        name: 'Our relay',
        created_at: '2026-07-01T08:00:00Z',
        used_at: '2026-07-14T09:20:00Z',
      },
      {
        notice_key_id: '1',
        provider: 'ses',
        name: '',
        created_at: '2026-07-01T08:00:00Z',
        refused_at: '2026-07-14T09:20:00Z',
        refused: 'notice.forged',
      },
    ],
    bounce_address: 'bounces@mail.example.org',
    bounces_taken_in: true,
  }))
}

const unavailable = {
  status: 503,
  headers: { 'Kith-Error-Code': 'server.unavailable', 'Kith-Request-Id': '01a210b7-0998-7000-b6c5-234d88ac1bf8' },
  json: [{ error_key: 'contacts.api.unavailable', error_message: 'The server cannot do this now; try again.' }],
}

async function taken(page) {
  await dialog('New contact')(page)
  const address = await page.getByRole('table').getByRole('link').first().textContent()
  await page.getByRole('dialog').getByLabel('Email').fill(address)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Open it' }).waitFor()
}

/** Opens the editor of the first form. */
async function formEditor(page) {
  await firstLink(page)
  await page.frameLocator('iframe').getByRole('heading').waitFor()
}

/** Goes to the page of a form. */
const formOf = (name) => async (page) => {
  const { forms } = await page.evaluate(() => fetch('/kith/v1/forms').then((answer) => answer.json()))
  await page.goto(new URL(forms.find((form) => form.name === name).url).pathname)
}

/** Sends a form as somebody who does not see that something is missing. */
async function sent(page) {
  await page.locator('.sign-up form').evaluate((form) => form.setAttribute('novalidate', ''))
  await page.getByRole('button').click()
  await page.getByRole('alert').waitFor()
}

/** Brings a page to one of the states below. */
export async function show(page, view) {
  await view.before?.(page)
  await page.goto(view.path)
  await settled(page)
  await view.act?.(page)
  await settled(page)
}

/** Waits until nothing on the page is being loaded. */
async function settled(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  const waiting = page.getByRole('status', { name: /^Loading/ })
  while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: 'detached' })
}

/** A domain to send from whose records were looked for, as they may be found. */
const domain = (change) => async (page) => {
  const name = 'kith7q2xab-rsa._domainkey.paper-boats.example'
  const key = `v=DKIM1; k=rsa; p=${'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A'.repeat(12)}`
  const record = (name, value) => ({ name, type: 'TXT', value, strings: value.match(/.{1,255}/g) })
  const found = {
    name: 'paper-boats.example',
    signing: 'published',
    signed: false,
    spf: {
      state: 'wrong',
      says: 'The policy does not name the relay that sends for this server: it lacks include:spf.relay.example.',
      found: ['v=spf1 mx ~all'],
      publish: record('paper-boats.example', 'v=spf1 mx include:spf.relay.example ~all'),
    },
    dmarc: {
      state: 'good',
      says: 'The policy asks for nothing (p=none): mail arrives whether it is signed or not.',
      found: ['v=DMARC1; p=none'],
    },
    keys: [
      {
        selector: 'kith7q2xab-rsa',
        algorithm: 'rsa',
        in_use: false,
        state: 'missing',
        says: 'The record is not there yet. After it was published it may take some hours until it is seen everywhere.',
        found: [],
        publish: record(name, key),
        record: record(name, key),
        created_at: '2026-07-14T09:20:00.000Z',
      },
    ],
    created_at: '2026-07-14T09:20:00.000Z',
    checked_at: '2026-07-14T10:20:00.000Z',
  }
  const json = change ? change(found) : found
  await page.route('**/kith/v1/sender-domains/*', (route) => route.fulfill({ json }))
  await page.route('**/kith/v1/sender-domains', (route) => route.fulfill({ json: { domains: [json] } }))
}

/** The same with nothing left to do, and a key that was replaced. */
const signed = domain(({ spf, keys: [key], ...d }) => ({
  ...d,
  signed: true,
  spf: { state: 'good', says: 'The policy lets the relay send for the domain.', found: spf.found },
  keys: [
    {
      ...key,
      publish: undefined,
      in_use: true,
      state: 'good',
      says: 'The record is right.',
      found: [key.record.value],
    },
    {
      ...key,
      selector: 'old',
      publish: undefined,
      state: 'good',
      record: { ...key.record, name: 'kith1abcde-rsa._domainkey.paper-boats.example' },
      retired_at: '2026-07-14T10:20:00.000Z',
      remove_at: '2026-07-21T10:20:00.000Z',
    },
  ],
}))

// out: nobody is signed in. whole: false, the window and not the whole page.
export const views = [
  { name: 'login', path: '/login', out: true },
  {
    name: 'login-wrong',
    path: '/login',
    out: true,
    act: async (page) => {
      await page.getByLabel('Email').fill('nobody@example.org')
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'signup', path: '/signup', out: true },
  { name: 'reset', path: '/reset', out: true },
  { name: 'invite-spent', path: '/invite?token=spent', out: true },
  { name: 'errors', path: '/errors', out: true },
  { name: 'error', path: '/errors/request.invalid', out: true },
  { name: 'nowhere', path: '/no/such/page', out: true },
  { name: 'welcome', path: '/welcome' },
  { name: 'logout', path: '/logout' },
  { name: 'home', path: '/' },
  { name: 'contacts', path: '/contacts' },
  { name: 'contacts-chosen', path: '/contacts', act: chosen },
  {
    name: 'contacts-add-to-lists',
    path: '/contacts',
    whole: false,
    act: async (page) => {
      await chosen(page)
      await dialog('Add to lists')(page)
    },
  },
  {
    name: 'contacts-export',
    path: '/contacts',
    whole: false,
    act: async (page) => {
      await dialog('Export')(page)
      const columns = page.getByRole('combobox', { name: 'Columns' })
      await columns.click()
      await page.getByRole('option', { name: 'Email address' }).click()
      await page.getByRole('option', { name: 'First name' }).click()
      await columns.press('Escape')
    },
  },
  {
    name: 'contacts-export-running',
    path: '/contacts',
    whole: false,
    before: halfDone,
    act: async (page) => {
      await exported(page)
      await page.getByRole('progressbar', { name: 'Export progress' }).waitFor()
    },
  },
  {
    name: 'contacts-export-done',
    path: '/contacts',
    whole: false,
    act: async (page) => {
      await exported(page)
      await page.getByRole('link', { name: 'Download' }).waitFor()
    },
  },
  { name: 'contacts-none', path: '/contacts?search=nobody' },
  { name: 'contacts-new', path: '/contacts', act: dialog('New contact'), whole: false },
  {
    name: 'contacts-failed',
    path: '/contacts',
    before: answers('**/kith/v1/contacts?*', unavailable),
    act: (page) => page.getByRole('alert').waitFor(),
  },
  { name: 'contacts-empty', path: '/contacts', before: answers('**/kith/v1/contacts?*', { json: { contacts: [] } }) },
  { name: 'contacts-taken', path: '/contacts', act: taken, whole: false },
  { name: 'contact', path: '/contacts', act: (page) => firstLink(page) },
  {
    name: 'contact-known',
    path: `/contacts?search=${contacts[0].address}`,
    before: tagged,
    act: (page) => firstLink(page),
  },
  {
    name: 'contact-change',
    whole: false,
    path: `/contacts?search=${contacts[0].address}`,
    act: async (page) => {
      await firstLink(page)
      await dialog('Change')(page)
    },
  },
  {
    name: 'contact-fields',
    whole: false,
    path: `/contacts?search=${contacts[0].address}`,
    before: tagged,
    act: async (page) => {
      await firstLink(page)
      await dialog('Change custom fields')(page)
    },
  },
  {
    name: 'contact-restore',
    path: '/contacts?status=deleted',
    whole: false,
    act: async (page) => {
      await firstLink(page)
      await dialog('Restore')(page)
    },
  },
  {
    name: 'contact-delete',
    path: '/contacts',
    whole: false,
    act: async (page) => {
      await firstLink(page)
      await dialog('Delete')(page)
    },
  },
  { name: 'lists', path: '/lists' },
  { name: 'lists-new', path: '/lists', act: dialog('New list'), whole: false },
  { name: 'lists-menu', path: '/lists', act: menu(/Actions for/), whole: false },
  {
    name: 'lists-sign-ups',
    path: '/lists',
    act: async (page) => {
      await menu(/Actions for/)(page)
      await page.getByRole('menuitem', { name: 'Sign-ups' }).click()
      await page.getByRole('combobox', { name: 'Welcome mail' }).waitFor()
    },
    whole: false,
  },
  { name: 'tags', path: '/tags' },
  { name: 'tags-none', path: '/tags', before: answers('**/v3/contact_tags?*', { json: { tags: [] } }) },
  { name: 'tags-failed', path: '/tags', before: answers('**/v3/contact_tags?*', unavailable) },
  { name: 'tags-new', path: '/tags', act: dialog('New tag'), whole: false },
  { name: 'fields', path: '/fields' },
  {
    name: 'fields-none',
    path: '/fields',
    before: answers('**/v3/contact_custom_fields?*', { json: { custom_fields: [] } }),
  },
  {
    name: 'fields-change',
    path: '/fields',
    whole: false,
    act: async (page) => {
      await menu('Actions for Favourite bread')(page)
      await page.getByRole('menuitem', { name: 'Change' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'forms', path: '/forms' },
  { name: 'forms-none', path: '/forms', before: answers('**/kith/v1/forms?*', { json: { forms: [] } }) },
  { name: 'forms-failed', path: '/forms', before: answers('**/kith/v1/forms?*', unavailable) },
  { name: 'forms-new', path: '/forms', act: dialog('New form'), whole: false },
  { name: 'form', path: '/forms', act: formEditor },
  {
    name: 'form-risk',
    path: '/forms',
    whole: false,
    act: async (page) => {
      await formEditor(page)
      await page.getByLabel('May update contacts').check()
      await page.getByText('Anybody can change your contacts').scrollIntoViewIfNeeded()
    },
  },
  { name: 'f', path: '/forms', act: formOf('Spring fair') },
  { name: 'f-colors', path: '/forms', act: formOf('Counter, in French') },
  {
    name: 'f-wrong',
    path: '/forms',
    act: async (page) => {
      await formOf('Spring fair')(page)
      await page.getByLabel('Email address').fill('ada')
      await sent(page)
    },
  },
  {
    name: 'f-thanks',
    path: '/forms',
    act: async (page) => {
      await formOf('Spring fair')(page)
      await page.goto(page.url() + '/thanks')
    },
  },
  { name: 'segments-none', path: '/segments', before: answers('**/v3/segments?*', { json: { segments: [] } }) },
  { name: 'segments', path: '/segments' },
  {
    name: 'segments-change',
    path: '/segments',
    whole: false,
    act: async (page) => {
      await menu(/Actions for/)(page)
      await page.getByRole('menuitem', { name: 'Change' }).click()
      await page.getByRole('status', { name: 'Preview' }).getByText('may be mailed').waitFor()
    },
  },
  {
    name: 'segments-fields',
    path: '/segments',
    whole: false,
    before: answers('**/v3/contact_custom_fields?*', {
      json: {
        custom_fields: [
          { custom_field_id: '019f0000-0000-7000-8000-000000000001', label: 'Shoe size', type: 'number', version: 1 },
          {
            custom_field_id: '019f0000-0000-7000-8000-000000000002',
            label: 'Boats',
            type: 'multi_select',
            version: 1,
            choices: [{ choice_id: 1, choice_label: 'Ketch' }],
          },
        ],
      },
    }),
    act: async (page) => {
      await dialog('New segment')(page)
      const choose = async (name, option) => {
        await page.getByRole('combobox', { name }).last().click()
        await page.getByRole('option', { name: option, exact: true }).click()
      }
      await choose('Field', 'Shoe size')
      await choose('Comparison', 'is between')
      await page.getByRole('button', { name: 'Add rule' }).click()
      await choose('Field', 'Boats')
      await page.getByRole('button', { name: 'Add rule' }).click()
      await choose('Field', 'Opened')
      await choose('Which mails', 'between two days')
    },
  },
  { name: 'imports', path: '/imports' },
  { name: 'imports-preview', path: '/imports', act: preview },
  {
    name: 'imports-rehearsed',
    path: '/imports',
    act: async (page) => {
      await preview(page)
      await page.getByRole('button', { name: 'Rehearse' }).click()
      await page.getByText(/would be added/).waitFor()
    },
  },
  {
    name: 'imports-running',
    path: '/imports',
    before: halfDone,
    act: async (page) => {
      await imported(page)
      await page.getByRole('progressbar', { name: 'Import progress' }).waitFor()
    },
  },
  {
    name: 'imports-cancel',
    path: '/imports',
    before: halfDone,
    whole: false,
    act: async (page) => {
      await imported(page)
      await dialog('Cancel the import')(page)
    },
  },
  {
    name: 'imports-done',
    path: '/imports',
    act: async (page) => {
      await imported(page)
      await page.getByText(/imported, .* rejected/).waitFor()
    },
  },
  { name: 'activities', path: '/activities', before: everyKind },
  { name: 'activities-of-state', path: '/activities?state=failed' },
  { name: 'activities-failed', path: '/activities', before: answers(/kith\/v1\/activities/, unavailable) },
  {
    name: 'activities-cancel',
    path: '/activities',
    whole: false,
    before: everyKind,
    act: dialog('Cancel Contacts added to lists'),
  },
  { name: 'activity-running', path: activity(0), before: everyKind },
  { name: 'activity-export', path: activity(2), before: everyKind },
  { name: 'activity-failed', path: activity(3), before: everyKind },
  { name: 'activity-faults', path: activity(4), before: everyKind },
  { name: 'activity-rejects', path: activity(7), before: everyKind },
  { name: 'activity-none', path: '/activities/01a2e06b-34c5-7000-8000-000000000009' },
  { name: 'outbox', path: '/outbox' },
  { name: 'outbox-locked', path: '/outbox', act: (page) => page.getByRole('link', { name: /invites you/i }).click() },
  { name: 'mail', path: '/outbox', act: (page) => page.getByRole('link', { name: /confirm/i }).click() },
  { name: 'outbox-none', path: '/outbox?state=uncertain' },
  {
    name: 'mail-failed',
    path: '/outbox',
    act: async (page) => {
      await altered(page, '**/kith/v1/outbox/*', (mail) => ({
        ...mail,
        state: 'failed',
        error: '550 5.1.1 No such user here',
      }))
      await page.getByRole('link', { name: /confirm/i }).click()
      await page.getByRole('button', { name: 'Send again' }).waitFor()
    },
  },
  {
    name: 'mail-text',
    path: '/outbox',
    act: async (page) => {
      await page.getByRole('link', { name: /confirm/i }).click()
      await page.getByRole('tab', { name: 'Text' }).click()
    },
  },
  {
    name: 'outbox-uncertain',
    path: '/outbox?state=uncertain',
    before: (page) =>
      altered(page, '**/kith/v1/outbox/counts', (counts) => ({ ...counts, sent: 12_450, uncertain: 3 })),
    act: async (page) => {
      await page.getByRole('button', { name: 'Send all uncertain again' }).click()
      await page.getByRole('dialog').waitFor()
    },
    whole: false,
  },
  {
    name: 'mail-delivery',
    path: '/outbox',
    act: async (page) => {
      await altered(page, '**/kith/v1/outbox/*', (mail) => ({
        ...mail,
        state: 'sent',
        sent_at: '2026-07-14T10:20:00.000Z',
        relay: 'mail.relay.example:587',
        attempts: [
          {
            at: '2026-07-14T09:20:00.000Z',
            relay: 'mail.relay.example:587',
            outcome: 'later',
            reply: '451 4.7.1 Greylisted, please try again in five minutes',
            status: '4.7.1',
          },
          {
            at: '2026-07-14T09:25:00.000Z',
            relay: 'other.relay.example:587',
            outcome: 'broken',
            reply: 'The connection to the mail relay broke: EOF',
          },
        ],
      }))
      await page.getByRole('link', { name: /confirm/i }).click()
      await page.getByRole('table', { name: 'Delivery' }).waitFor()
    },
  },
  { name: 'applications', path: '/applications' },
  { name: 'applications-new', path: '/applications', act: dialog('New application'), whole: false },
  { name: 'application', path: '/applications', act: (page) => firstLink(page) },
  { name: 'requests', path: '/requests' },
  { name: 'requests-failed-ones', path: '/requests?status=failed&time=day' },
  { name: 'requests-no-such', path: '/requests?search=zebra' },
  { name: 'requests-none', path: '/requests', before: answers('**/kith/v1/requests?*', { json: { requests: [] } }) },
  { name: 'requests-failed', path: '/requests', before: answers('**/kith/v1/requests?*', unavailable) },
  { name: 'request', path: '/requests?search=create_source+is', act: (page) => firstLink(page) },
  { name: 'request-malformed', path: '/requests?search=malformed', act: (page) => firstLink(page) },
  { name: 'request-granted', path: '/requests?status=2xx', act: (page) => firstLink(page) },
  { name: 'request-gone', path: '/requests/01a210b7-0998-7000-b6c5-234d88ac1bf8' },
  { name: 'access-keys', path: '/access-keys' },
  { name: 'access-keys-new', path: '/access-keys', act: dialog('New access key'), whole: false },
  {
    name: 'access-keys-made',
    path: '/access-keys',
    whole: false,
    act: async (page) => {
      await dialog('New access key')(page)
      await page.getByLabel('Name').fill('script')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('textbox', { name: 'Access key' }).waitFor()
    },
  },
  { name: 'users', path: '/users' },
  { name: 'users-invite', path: '/users', act: dialog('Invite'), whole: false },
  { name: 'settings', path: '/settings' },
  {
    name: 'list-brand',
    path: '/lists',
    whole: false,
    act: async (page) => {
      await page
        .getByRole('button', { name: /Actions for/ })
        .first()
        .click()
      await page.getByRole('menuitem', { name: 'Brand of its mail' }).click()
      await page.getByLabel('Mail is from (name)').waitFor()
    },
  },
  { name: 'templates', path: '/settings/templates' },
  {
    name: 'template',
    path: '/settings/templates/welcome',
    act: (page) => page.frameLocator('iframe').getByRole('heading').waitFor(),
  },
  {
    name: 'template-faults',
    path: '/settings/templates/welcome',
    act: async (page) => {
      await page.getByRole('textbox', { name: 'HTML' }).fill('<p>[[Fristname]]\n<b>')
      await page.getByRole('status', { name: 'What is wrong' }).waitFor()
    },
  },
  { name: 'settings-domain', path: '/settings', before: domain() },
  { name: 'sender-domain', path: '/settings/domains/paper-boats.example', before: domain() },
  { name: 'sender-domain-signed', path: '/settings/domains/paper-boats.example', before: signed },
  { name: 'sender-domain-none', path: '/settings/domains/nowhere.example' },
  { name: 'bounces', path: '/settings/bounces', before: bounced },
  { name: 'bounces-none', path: '/settings/bounces?search=nobody' },
  {
    name: 'bounces-lift',
    path: '/settings/bounces',
    before: bounced,
    act: dialog('Lift edsger@example.org'),
    whole: false,
  },
  {
    name: 'bounces-made',
    path: '/settings/bounces',
    whole: false,
    act: async (page) => {
      await dialog('New address for a provider')(page)
      await page.getByRole('button', { name: 'Make it' }).click()
      await page.getByRole('textbox', { name: 'Address for Amazon SES' }).waitFor()
    },
  },
  {
    name: 'contact-suppressed',
    path: '/contacts',
    act: async (page) => {
      await bounced(page)
      await firstLink(page)
      await page.getByText('This address is not mailed').waitFor()
    },
  },
  { name: 'missing', path: '/contacts/a/b/c' },
  { name: 'missing-contact', path: '/contacts/01a210b7-0998-7000-b6c5-234d88ac1bf8' },
  {
    name: 'navigation',
    path: '/contacts',
    whole: false,
    act: async (page) => {
      const open = page.getByRole('button', { name: 'Open navigation' })
      if (await open.isVisible()) await open.click()
    },
  },
  { name: 'menu', path: '/contacts', act: menu(/Signed in as/), whole: false },
  { name: 'reference', path: '/reference', whole: false, act: described },
  {
    name: 'reference-open',
    path: '/reference',
    act: async (page) => {
      await described(page)
      await page.getByPlaceholder('Filter by tag or path').fill('/contacts')
      await page
        .getByRole('button', { name: /^GET .*contacts/i })
        .or(page.locator('#operations-Contacts-getContacts button').first())
        .first()
        .click()
      await page.getByRole('button', { name: 'Execute' }).waitFor()
    },
    whole: false,
  },
  {
    name: 'reference-replay',
    path: '/requests?search=create_source+is',
    act: async (page) => {
      await firstLink(page)
      await page.getByRole('link', { name: 'Open in the reference' }).click()
      await page.getByText('This is a request of the log').waitFor()
      await page.getByRole('button', { name: 'Execute' }).waitFor()
    },
    whole: false,
  },
  {
    name: 'reference-authorize',
    path: '/reference',
    act: async (page) => {
      await described(page)
      await page.getByRole('button', { name: 'Authorize', exact: true }).first().click()
      await page
        .getByLabel(/contact_data/)
        .first()
        .waitFor()
    },
    whole: false,
  },
]
