// The pages behind the links in mails to contacts: what they do, that they do
// it without script, and how they look. With KITH_TEST_PICTURES=FOLDER each is
// kept as a picture in every shape.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { audit } from './audit.mjs'
import { base, launch, open, signUp } from './browser.mjs'
import { mailbox } from './mailbox.mjs'
import { addList, call } from './seed.mjs'

const shapes = {
  'wide-light': { viewport: { width: 800, height: 900 }, colorScheme: 'light' },
  'wide-dark': { viewport: { width: 800, height: 900 }, colorScheme: 'dark' },
  'narrow-light': { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
  'narrow-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
}
const pictures = process.env.KITH_TEST_PICTURES

let browser
let mails
let owner // the page of the account's owner
const lists = {}
before(async () => {
  mails = await mailbox(Number(process.env.KITH_TEST_SMTP_PORT))
  browser = await launch()
  if (pictures) await mkdir(pictures, { recursive: true })
  owner = (await open(browser)).page
  await signUp(owner)
  await owner.goto('/') // whose content policy lets scripts ask the API
  await owner.getByRole('heading', { name: /welcome/i }).waitFor()
  for (const [name, description] of [
    ['Monthly letter', 'What we baked, and what we are going to bake.'],
    ['Market days', ''],
  ])
    lists[name] = await addList(owner, { name, description })
  // A colour on which nothing can be read as it is.
  await call(owner, 'PUT', '/kith/v1/brand', { colour: '#f7d038' })
})
after(async () => {
  await browser?.close()
  await mails?.close()
})

/** Signs an address up as somebody's own act, and returns the links of the mail that follows. */
async function comes(email_address) {
  await call(owner, 'POST', '/v3/contacts/sign_up_form', { email_address, list_memberships: Object.values(lists) })
  return {
    preferences: await mails.page(email_address, '/p/preferences'),
    leave: await mails.page(email_address, '/u'),
  }
}

/** A visitor whose browser runs no script. */
async function visitor() {
  const { page, context, faults } = await open(browser, { ...shapes['wide-light'], javaScriptEnabled: false })
  return { page, context, faults, text: () => page.getByRole('main').innerText() }
}

test('a contact chooses, leaves and takes it back, without script', async () => {
  const links = await comes('ada@example.org')
  const { page, faults } = await visitor()
  await page.goto(links.preferences)
  await page.getByRole('checkbox', { name: 'Market days' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('status').getByText('Saved.').waitFor()
  assert.equal(await page.getByRole('checkbox', { name: 'Market days' }).isChecked(), false)

  await page.goto(links.leave)
  await page.getByRole('radio', { name: 'Too many emails' }).check()
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor()
  const { contacts } = await call(owner, 'GET', '/v3/contacts?email=ada@example.org&include=list_memberships')
  assert.equal(contacts[0].email_address.permission_to_send, 'unsubscribed')
  assert.equal(contacts[0].email_address.opt_out_reason, 'Too many emails')
  assert.deepEqual(contacts[0].list_memberships, [])

  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByText('It is all as it was before.').waitFor()
  assert.ok(await page.getByRole('checkbox', { name: 'Monthly letter' }).isChecked())
  assert.deepEqual(faults, [])
})

test('a list that its owner offers can be joined', async () => {
  await owner.goto('/lists')
  await owner.getByRole('button', { name: 'New list' }).click()
  const dialog = owner.getByRole('dialog', { name: 'New list' })
  await dialog.getByLabel('Name').fill('Recipes')
  await dialog.getByLabel('Offered to contacts').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await owner.getByRole('row').filter({ hasText: 'Recipes' }).waitFor()

  const links = await comes('fay@example.org')
  const { page, faults } = await visitor()
  await page.goto(links.preferences)
  await page.getByRole('checkbox', { name: 'Recipes' }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  assert.ok(await page.getByRole('checkbox', { name: 'Recipes' }).isChecked())

  await owner.getByRole('button', { name: 'Actions for Recipes' }).click()
  await owner.getByRole('menuitem', { name: 'Change' }).click()
  const change = owner.getByRole('dialog', { name: 'Change list' })
  assert.ok(await change.getByLabel('Offered to contacts').isChecked())
  await change.getByLabel('Offered to contacts').uncheck()
  await change.getByRole('button', { name: 'Save' }).click()
  await change.waitFor({ state: 'detached' })
  const again = await comes('gil@example.org')
  await page.goto(again.preferences)
  await page.getByRole('checkbox', { name: 'Market days' }).waitFor()
  assert.equal(await page.getByRole('checkbox', { name: 'Recipes' }).count(), 0)
  assert.deepEqual(faults, [])
})

test('a mail program unsubscribes by one click', async () => {
  const { leave } = await comes('bob@example.org')
  const answer = await fetch(leave, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
    redirect: 'manual',
  })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('set-cookie'), null)
  const { contacts } = await call(owner, 'GET', '/v3/contacts?email=bob@example.org')
  assert.equal(contacts[0].email_address.permission_to_send, 'unsubscribed')
})

test('a contact confirms, moves to another address, and has everything erased', async () => {
  await call(owner, 'POST', '/v3/contacts', {
    email_address: { address: 'cleo@example.org', permission_to_send: 'pending_confirmation' },
    first_name: 'Cleo',
    create_source: 'Account',
    list_memberships: [lists['Monthly letter']],
  })
  const { page, faults, context } = await visitor()
  await page.goto(await mails.page('cleo@example.org', '/p/confirm'))
  await page.getByRole('button', { name: 'Yes, send me email' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await page.getByRole('link', { name: 'See and change what you get' }).click()

  await page.getByRole('link', { name: 'Change my address' }).click()
  await page.getByLabel('New email address').fill('cleo')
  await page.getByRole('button', { name: 'Write to this address' }).click()
  await page.getByText('This is not an email address.').waitFor()
  await page.getByLabel('New email address').fill('cleopatra@example.org')
  await page.getByRole('button', { name: 'Write to this address' }).click()
  await page.getByRole('heading', { name: 'Look into the mailbox of your new address' }).waitFor()
  await page.goto(await mails.page('cleopatra@example.org', '/p/address'))
  await page.getByRole('button', { name: 'Yes, it is mine' }).click()
  await page.getByRole('heading', { name: 'Your address is changed' }).waitFor()

  await page.getByRole('link', { name: 'See and change what you get' }).click()
  await page.getByRole('link', { name: 'See or erase my data' }).click()
  await page.getByText('cleopatra@example.org').waitFor()
  const file = await context.request.get(await page.getByRole('link', { name: /JSON/ }).getAttribute('href'))
  assert.equal((await file.json()).first_name, 'Cleo')
  await page.getByRole('link', { name: 'Erase everything about you' }).click()
  await page.getByRole('checkbox', { name: 'Yes, erase everything' }).check()
  await page.getByRole('button', { name: 'Erase' }).click()
  await page.getByRole('heading', { name: 'Everything is erased' }).waitFor()
  const { contacts } = await call(owner, 'GET', '/v3/contacts?email=cleopatra@example.org&status=all')
  assert.deepEqual(contacts, [])
  assert.deepEqual(faults, [])
})

test('every page looks right, in light and dark, on a wide and a narrow screen', async (t) => {
  const dora = await comes('dora.with-a-rather-long-address@subdomain.example.org')
  const gone = await comes('gone@example.org')
  await call(owner, 'POST', '/v3/contacts', {
    email_address: { address: 'eve@example.org', permission_to_send: 'pending_confirmation' },
    create_source: 'Account',
    list_memberships: Object.values(lists),
  })
  await fetch(gone.leave, { method: 'POST', body: new URLSearchParams({ act: 'unsubscribe' }) })
  const form = await call(owner, 'POST', '/kith/v1/forms', {
    name: 'News',
    lists: Object.values(lists).map((list_id) => ({ list_id })),
    captcha: false,
  })
  const views = {
    preferences: dora.preferences,
    'preferences-de': `${dora.preferences}?lang=de`,
    'preferences-saved': `${dora.preferences}?done=saved`,
    'preferences-out': gone.preferences,
    unsubscribe: dora.leave,
    'unsubscribe-fr': `${dora.leave}?lang=fr`,
    unsubscribed: gone.leave,
    confirm: await mails.page('eve@example.org', '/p/confirm'),
    change: `${dora.preferences}/address`,
    'change-sent': `${dora.preferences}/address?done=asked`,
    data: `${dora.preferences}/data`,
    erase: `${dora.preferences}/erase`,
    'link-broken': `${dora.preferences.slice(0, -4)}`,
    nowhere: `${base}/p/nowhere`,
    form: `${base}/f/${form.form_id}`,
    login: `${base}/login`,
    signup: `${base}/signup`,
  }
  for (const [shape, options] of Object.entries(shapes)) {
    await t.test(shape, async () => {
      const { page, context, faults } = await open(browser, { ...options, reducedMotion: 'reduce' })
      for (const [name, address] of Object.entries(views)) {
        await page.goto(address)
        await page.getByRole('heading', { level: 1 }).waitFor()
        if (pictures) await page.screenshot({ path: join(pictures, `${name}.${shape}.png`), fullPage: true })
        faults.push(...(await audit(page)).map((fault) => `${name}: ${fault}`))
      }
      await context.close()
      assert.deepEqual(faults, [])
    })
  }
})
