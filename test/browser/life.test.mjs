// One person's life with an account, from the first sign-up to the return: by
// pages and mails as they come, with a real relay. Afterwards the history must
// tell the same story.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { launch, open, signUp } from './browser.mjs'
import { mailbox } from './mailbox.mjs'
import { addList, call } from './seed.mjs'

const ada = 'ada@example.org'

let browser
let mails
let owner // the page of the account's owner
let person // that of whom this is about
let form
before(async () => {
  mails = await mailbox(Number(process.env.KITH_TEST_SMTP_PORT))
  browser = await launch()
  owner = await open(browser)
  person = await open(browser)
  await signUp(owner.page)
  await owner.page.goto('/') // whose content policy lets scripts ask the API
  await owner.page.getByRole('heading', { name: /welcome/i }).waitFor()
})
after(async () => {
  await browser?.close()
  await mails?.close()
})

const ask = (...what) => call(owner.page, ...what)

async function contact() {
  const { contacts } = await ask('GET', `/v3/contacts?email=${ada}&include=list_memberships`)
  return contacts[0]
}

/** Signs up by the form, once its page has been there for as long as people need at least. */
async function signsUp() {
  const { page } = person
  await page.goto(`/f/${form.form_id}`)
  await page.getByLabel('Email address').fill(ada)
  await page.waitForTimeout(2_100)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
}

test("a person's whole life", async (t) => {
  const letter = await addList(owner.page, { name: 'Monthly letter' })
  const market = await addList(owner.page, { name: 'Market days' })
  await ask('PUT', '/kith/v1/settings/opt-in', { confirm: true })
  form = await ask('POST', '/kith/v1/forms', {
    name: 'News',
    lists: [{ list_id: letter }],
  })

  await t.test('a form brings a mail, and nothing before it is answered', async () => {
    await signsUp()
    const [mail] = await mails.all(ada, 1)
    assert.ok(mail.subject, 'the mail has no subject')
    assert.equal((await contact()).email_address.permission_to_send, 'pending_confirmation')
  })

  await t.test('the link changes nothing, its button does; then comes the welcome', async () => {
    const { page } = person
    await page.goto(await mails.page(ada, '/p/confirm'))
    assert.equal((await contact()).email_address.permission_to_send, 'pending_confirmation')
    await page.getByRole('button', { name: 'Yes, send me email' }).click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    const is = await contact()
    assert.equal(is.email_address.permission_to_send, 'explicit')
    assert.equal(is.email_address.confirm_status, 'confirmed')
    assert.deepEqual(is.list_memberships, [letter])
    const welcome = (await mails.all(ada, 2))[1]
    assert.ok(welcome.oneClick, 'the welcome mail lacks the header for one click')
    assert.ok(welcome.leave, 'the welcome mail lacks the address for one click')
  })

  await t.test('preferences show what they get', async () => {
    const { page } = person
    await page.goto(await mails.page(ada, '/p/preferences'))
    assert.ok(await page.getByRole('checkbox', { name: 'Monthly letter' }).isChecked())
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('status').getByText('Saved.').waitFor()
  })

  await t.test('one click in the mail program unsubscribes', async () => {
    const { leave } = (await mails.all(ada, 2))[1]
    assert.equal((await fetch(leave)).status, 200) // a scanner follows the link
    assert.equal((await contact()).email_address.permission_to_send, 'explicit')
    const answer = await fetch(leave, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    assert.equal(answer.status, 200)
    const is = await contact()
    assert.equal(is.email_address.permission_to_send, 'unsubscribed')
    assert.equal(is.email_address.opt_out_source, 'Contact')
  })

  await t.test('an import does not bring them back', async () => {
    let activity = await ask('POST', '/v3/activities/contacts_json_import', {
      import_data: [{ email: ada, first_name: 'Ada' }],
      list_ids: [market],
    })
    while (!activity.completed_at) {
      await owner.page.waitForTimeout(100)
      activity = await ask('GET', `/v3/activities/${activity.activity_id}`)
    }
    const is = await contact()
    assert.equal(is.email_address.permission_to_send, 'unsubscribed')
    assert.equal(is.first_name, 'Ada')
  })

  await t.test('the form again changes nothing, and brings a mail that asks what they want', async () => {
    await signsUp()
    await mails.all(ada, 3)
    assert.equal((await contact()).email_address.permission_to_send, 'unsubscribed')
    await signsUp() // pestering brings no second one
  })

  await t.test('its answer brings them back', async () => {
    const { page } = person
    await page.goto(await mails.page(ada, '/p/return'))
    assert.equal((await contact()).email_address.permission_to_send, 'unsubscribed')
    await page.getByRole('checkbox', { name: 'Monthly letter' }).check()
    await page.getByRole('main').getByRole('button').click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    const is = await contact()
    assert.equal(is.email_address.permission_to_send, 'explicit')
    assert.ok(is.list_memberships.includes(letter))
    assert.equal((await mails.all(ada, 3)).length, 3, 'who was welcomed once is not welcomed again')
  })

  await t.test('the ledger tells the same story', async () => {
    const { contact_id } = await contact()
    const { history } = await ask('GET', `/kith/v1/contacts/${contact_id}/history?limit=100`)
    const steps = history
      .filter((e) => e.kind === 'permission.changed')
      .reverse()
      .map(({ via, detail: { from = 'new', to, source } }) => `${from} > ${to} by ${source} through ${via}`)
    assert.deepEqual(steps, [
      'new > pending_confirmation by Contact through public',
      'pending_confirmation > explicit by Contact through public',
      'explicit > unsubscribed by Contact through public',
      'unsubscribed > explicit by Contact through public',
    ])
    for (const e of history.filter((e) => e.kind === 'permission.changed' && e.detail.to === 'explicit'))
      assert.match(e.detail.shown, /agree/, 'what they agreed to is not kept')
    assert.ok(
      history.some((e) => e.kind === 'contact.updated' && e.activity_id),
      'the import is not told',
    )
    const told = history
      .reverse()
      .flatMap((e) => (e.detail?.mail || e.detail?.why ? [e.detail.mail ?? e.detail.why] : []))
    assert.deepEqual(told, ['confirm_optin', 'welcome', 'update_profile', 'asked_recently', 'known_before'])
  })

  await t.test("the contact's page shows it", async () => {
    const { page, faults } = owner
    const { contact_id } = await contact()
    await page.goto(`/contacts/${contact_id}`)
    const told = page.getByRole('region', { name: 'History' })
    await told.getByText('unsubscribed', { exact: false }).first().waitFor()
    assert.deepEqual(faults, [])
  })

  assert.deepEqual(person.faults, [], 'pages threw, or broke their content policy')
})
