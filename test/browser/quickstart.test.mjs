// The quick start as a new user takes it, in a browser.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { launch, open, owner, signUp } from './browser.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('from sign-up to imported contacts', async (t) => {
  const { page, context, faults } = await open(browser)
  let clientId

  await t.test('the first page invites to sign up', async () => {
    await page.goto('/')
    await page.waitForURL(/\/signup/)
    await signUp(page)
  })

  await t.test('the confirmation mail is in the outbox', async () => {
    await page.goto('/outbox')
    await page
      .getByRole('link', { name: /confirm/i })
      .first()
      .click()
    await page.getByRole('tab', { name: 'Text' }).click()
    await page.getByText(/http.*\/confirm/).waitFor()
  })

  await t.test('an application with a secret', async () => {
    await page.goto('/applications')
    await page.getByRole('button', { name: 'New application' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Application name').fill('Newsletter plugin')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const key = page.getByRole('textbox', { name: 'API key (client ID)' })
    clientId = await key.inputValue()
    assert.match(clientId, /^[0-9a-f-]{36}$/)
    assert.equal(await key.getAttribute('readonly'), '')
    assert.equal(await page.getByRole('textbox', { name: 'Redirect URIs' }).inputValue(), 'https://localhost')
    await page.getByRole('button', { name: 'Generate client secret' }).click()
    const secret = await page.getByRole('textbox', { name: 'Client secret' }).inputValue()
    assert.ok(secret.length >= 20, `the secret is ${secret.length} characters long`)
    await page.getByRole('textbox', { name: 'Redirect URIs' }).fill('https://localhost\nhttps://app.example/callback')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The application is saved.').waitFor()
    await page.reload()
    await page.getByRole('textbox', { name: 'API key (client ID)' }).waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Client secret' }).count(), 0, 'the secret is shown twice')
  })

  await t.test('the reference signs in by OAuth and shows one contact', async () => {
    await page.goto('/reference')
    await page.getByRole('button', { name: 'Authorize', exact: true }).first().click()
    await page
      .getByLabel(/contact_data/)
      .first()
      .check()
    const popup = context.waitForEvent('page')
    await page.locator('.modal-ux').getByRole('button', { name: 'Apply given OAuth2 credentials' }).first().click()
    const consent = await popup
    await consent.getByRole('heading', { name: /API reference/ }).waitFor()
    await consent.getByRole('button', { name: 'Allow' }).click()
    const authorizations = page.locator('.modal-ux')
    await authorizations.getByRole('button', { name: 'Remove authorization' }).first().waitFor()
    await authorizations.getByRole('button', { name: 'Close' }).first().click()
    // What is far down is drawn only when it comes into sight. getContacts is
    // folded: open it and run it.
    await page.getByPlaceholder('Filter by tag or path').fill('/contacts')
    const operation = page
      .locator('.opblock-get')
      .filter({ has: page.locator('[data-path="/contacts"], [data-path="/v3/contacts"]') })
      .first()
    await operation.locator('.opblock-summary').click()
    const tryOut = operation.getByRole('button', { name: 'Try it out' })
    if (await tryOut.count()) await tryOut.click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.locator('.live-responses-table').getByText(owner.email).first().waitFor()
  })

  await t.test('an import with its mapping and its progress', async () => {
    await page.goto('/imports')
    await page.getByLabel('CSV file').setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        'E-mail Address,First Name,Last Name,Company,Shoe size\n' +
          'ada@example.org,Ada,Byron,Analytical,38\n' +
          'not an address,Nobody,,,\n' +
          'lin@example.org,Lin,Yao,,41\n',
      ),
    })
    await page.getByRole('combobox', { name: 'Lists' }).or(page.getByLabel('Lists')).first().click()
    await page.getByRole('option', { name: 'General Interest' }).click()
    await page.keyboard.press('Escape')
    await page.getByText('Heading in the file').waitFor()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('status').filter({ hasText: '2 imported, 1 rejected' }).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Rejected rows' }).click()
    const rows = await (await (await download).createReadStream()).toArray()
    const text = Buffer.concat(rows).toString()
    assert.match(text, /not an address/)
    assert.match(text, /(^|\n)"?3"?,/, `line 3 is not named: ${text}`)
  })

  await t.test('the contacts and their lists are seen', async () => {
    await page.goto('/contacts')
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill('ada')
    await page.getByRole('link', { name: 'ada@example.org' }).waitFor()
    await page.getByRole('link', { name: 'lin@example.org' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'ada@example.org' }).click()
    await page.getByRole('region', { name: 'Lists' }).getByText('General Interest').waitFor()
    await page
      .getByRole('region', { name: 'History' })
      .getByText(/Added|Imported/)
      .first()
      .waitFor()
  })

  await t.test('the lists count them', async () => {
    await page.goto('/lists')
    const row = page.getByRole('row').filter({ hasText: 'General Interest' })
    await row.getByRole('cell', { name: '3', exact: true }).first().waitFor()
  })

  await t.test('an access key works with one header', async () => {
    await page.goto('/access-keys')
    await page.getByRole('button', { name: 'New access key' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('script')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    const key = await page.getByRole('textbox', { name: 'Access key' }).inputValue()
    assert.match(key, /^kith_/)
    const answer = await fetch(new URL('/v3/contacts', page.url()), { headers: { Authorization: `Bearer ${key}` } })
    assert.equal(answer.status, 200)
    assert.equal((await answer.json()).contacts.length, 3)
  })

  await t.test('signing out and in', async () => {
    await page.goto('/')
    await page.getByRole('button', { name: /Signed in as/ }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.waitForURL(/\/login/)
    await page.goto('/contacts')
    await page.waitForURL(/\/login/)
    await page.getByLabel('Email').fill(owner.email)
    await page.getByLabel('Password').fill(owner.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('link', { name: 'ada@example.org' }).waitFor()
  })

  assert.deepEqual(faults, [], 'pages threw, or broke their content policy')
})
