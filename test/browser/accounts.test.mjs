// People and programs that may act in an account.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { launch, logIn, open, owner, signUp } from './browser.mjs'
import { mailbox } from './mailbox.mjs'

const jo = {
  email: 'jo@example.net',
  password: 'an umbrella left in the rain',
  first: 'Jo',
  last: 'Lindqvist',
  organization: 'Paper Boats',
  phone: '+46 8 123 456',
}

let browser
let mails
before(async () => {
  mails = await mailbox(Number(process.env.KITH_TEST_SMTP_PORT))
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await mails?.close()
})

test('users of several accounts', async (t) => {
  const ines = await open(browser)
  const other = await open(browser)
  await signUp(ines.page)
  await signUp(other.page, jo)
  const row = (page, text) => page.getByRole('row').filter({ hasText: text })

  await t.test('the address is confirmed by the button behind the link in the mail', async () => {
    const { page } = ines
    await page.goto('/')
    await page.getByText('A mail is on its way to ines@example.org').waitFor()
    await page.goto(await mails.link(owner.email, '/confirm'))
    await page.getByRole('button', { name: 'Confirm this address' }).click()
    await page.getByRole('heading', { name: /confirmed/i }).waitFor()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Welcome, Ines' }).waitFor()
    assert.equal(await page.getByText('A mail is on its way').count(), 0)
  })

  await t.test('the account says whose it is, where, and in which time zone', async () => {
    const { page } = ines
    await page.goto('/settings')
    await page.getByLabel('Organization name').fill('Roy & Granddaughters')
    await page.getByLabel('Contact phone').fill('+33 6 12')
    await page.getByLabel('Country code', { exact: true }).fill('US')
    await page.getByLabel('State code', { exact: true }).fill('QC')
    await page.getByRole('combobox', { name: 'Time zone' }).fill('New_York')
    await page.getByRole('option', { name: 'America/New_York' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('is not the code of a state of the country US').waitFor()
    await page.getByLabel('State code', { exact: true }).fill('ma')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The settings are saved.').waitFor()

    await page.getByLabel('Address line 1').fill('1 Elm Street')
    await page.getByLabel('Country code of the address').fill('US')
    await page.getByRole('button', { name: 'Save address' }).click()
    await page.getByText('is missing, which the country US needs').first().waitFor()
    await page.getByLabel('City').fill('Boston')
    await page.getByLabel('Postal code').fill('02110')
    await page.getByLabel('State code (US and Canada)').fill('MA')
    await page.getByRole('button', { name: 'Save address' }).click()
    await page.getByText('The address is saved.').waitFor()

    await page.reload()
    await page.getByTitle('This account').filter({ hasText: 'Roy & Granddaughters' }).waitFor()
    assert.equal(await page.getByLabel('State code', { exact: true }).inputValue(), 'MA')
    assert.equal(await page.getByRole('combobox', { name: 'Time zone' }).inputValue(), 'America/New_York')
    assert.equal(await page.getByLabel('City').inputValue(), 'Boston')

    // The tests after this one know the account by its first name.
    await page.getByLabel('Organization name').fill(owner.organization)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByTitle('This account').filter({ hasText: owner.organization }).waitFor()
  })

  await t.test('an address to send from is added, and confirmed by its owner', async () => {
    const { page } = ines
    await page.goto('/settings')
    const table = page.getByRole('table', { name: 'Addresses to send from' })
    await table.getByRole('row').filter({ hasText: owner.email }).getByText('Confirmed', { exact: true }).waitFor()
    await page.getByLabel('New address').fill('nobody')
    await page.getByRole('button', { name: 'Add address' }).click()
    await page.getByText('has no @ sign').waitFor()
    await page.getByLabel('New address').fill('news@example.org')
    await page.getByRole('button', { name: 'Add address' }).click()
    const added = table.getByRole('row').filter({ hasText: 'news@example.org' })
    await added.getByText('Unconfirmed').waitFor()
    await added.getByRole('button', { name: 'Send again to news@example.org' }).click()
    await page.getByText('A mail has just left to this address; wait a minute.').waitFor()

    const stranger = await open(browser)
    await stranger.page.goto(await mails.link('news@example.org', '/sender'))
    await page.reload()
    await added.getByText('Unconfirmed').waitFor()
    await stranger.page.getByRole('button', { name: 'Confirm this address' }).click()
    await stranger.page.getByRole('heading', { name: 'The address is confirmed' }).waitFor()
    await stranger.context.close()
    await page.reload()
    await added.getByText('Confirmed', { exact: true }).waitFor()

    await added.getByRole('button', { name: 'Actions for news@example.org' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await added.waitFor({ state: 'detached' })
  })

  await t.test('somebody with an account of their own is invited and joins', async () => {
    const { page } = ines
    await page.goto('/users')
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Email').fill(jo.email)
    await dialog.getByRole('button', { name: 'Invite' }).click()
    await row(page, jo.email).getByText('Invited').waitFor()

    await other.page.goto(await mails.link(jo.email, '/invite'))
    await other.page.getByRole('heading', { name: `Join ${owner.organization}` }).waitFor()
    await other.page.getByRole('button', { name: 'Accept the invitation' }).click()
    await other.page.getByTitle('This account').filter({ hasText: owner.organization }).waitFor()
    await page.reload()
    await row(page, jo.email).getByText('Manager').waitFor()
  })

  await t.test('they switch between the accounts, and see the contacts of one at a time', async () => {
    const { page } = other
    await page.goto('/contacts')
    await page.getByRole('link', { name: owner.email }).waitFor()
    await page.getByRole('button', { name: 'Signed in as Jo Lindqvist' }).click()
    await page.getByRole('menuitem', { name: jo.organization }).click()
    await page.getByTitle('This account').filter({ hasText: jo.organization }).waitFor()
    await page.goto('/contacts')
    await page.getByRole('link', { name: jo.email }).waitFor()
    assert.equal(await page.getByRole('link', { name: owner.email }).count(), 0)
    await page.getByRole('button', { name: 'Signed in as Jo Lindqvist' }).click()
    await page.getByRole('menuitem', { name: owner.organization }).click()
    await page.getByTitle('This account').filter({ hasText: owner.organization }).waitFor()
  })

  await t.test('a lesser role sees less', async () => {
    await row(ines.page, jo.email)
      .getByRole('button', { name: `Actions for ${jo.email}` })
      .click()
    await ines.page.getByRole('menuitem', { name: 'Make campaign creator' }).click()
    await row(ines.page, jo.email).getByText('Campaign creator').waitFor()

    const { page } = other
    await page.goto('/settings')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'Contacts', exact: true }).count(), 0)
    assert.ok(await page.getByLabel('Organization name').isDisabled(), 'only an owner changes the settings')
    await page.goto('/contacts')
    await page.getByRole('alert').waitFor()
  })

  await t.test('the last owner stays', async () => {
    const { page } = ines
    await page.goto('/users')
    await row(page, owner.email).getByText('Owner').waitFor()
    assert.equal(await page.getByRole('button', { name: `Actions for ${owner.email}` }).count(), 0)
  })

  await t.test('who is removed is out at once', async () => {
    const { page } = ines
    await page.getByRole('button', { name: `Actions for ${jo.email}` }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await row(page, jo.email).waitFor({ state: 'detached' })
    await other.page.goto('/users')
    await other.page.waitForURL(/\/login/)
    await logIn(other.page, jo)
    await other.page.goto('/contacts')
    await other.page.getByRole('link', { name: jo.email }).waitFor()
    assert.equal(await other.page.getByRole('link', { name: owner.email }).count(), 0)
  })

  await t.test('an invitation is withdrawn, and its link is worth nothing', async () => {
    const { page } = ines
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Email').fill('sam@example.org')
    await dialog.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'Owner' }).click()
    await dialog.getByRole('button', { name: 'Invite' }).click()
    const link = await mails.link('sam@example.org', '/invite')
    await page.getByRole('button', { name: 'Withdraw the invitation of sam@example.org' }).click()
    await row(page, 'sam@example.org').waitFor({ state: 'detached' })
    await other.page.goto(link)
    await other.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  })

  assert.deepEqual([...ines.faults, ...other.faults], [], 'pages threw, or broke their content policy')
})

test('an application is deactivated, activated and deleted', async (t) => {
  const { page, faults } = await open(browser)
  await logIn(page)
  const dialog = page.getByRole('dialog')

  await t.test('its flow is what one says one builds', async () => {
    await page.goto('/applications')
    await page.getByRole('button', { name: 'New application' }).click()
    await dialog.getByLabel('Application name').fill('Shop counter')
    await dialog.getByLabel('A browser, desktop or mobile app').check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('textbox', { name: 'API key (client ID)' }).waitFor()
    assert.equal(
      await page.getByRole('button', { name: 'Generate client secret' }).count(),
      0,
      'a public client has no secret',
    )
  })

  await t.test('a faulty redirect URI is named at its field', async () => {
    const uris = page.getByRole('textbox', { name: 'Redirect URIs' })
    await uris.fill('https://app.example/callback#part')
    await page.getByRole('button', { name: 'Save' }).click()
    await uris.and(page.locator('[aria-invalid="true"]')).waitFor()
    await uris.fill('https://app.example/callback')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The application is saved.').waitFor()
  })

  await t.test('deactivated and activated', async () => {
    await page.getByRole('button', { name: 'Deactivate' }).click()
    await dialog.getByRole('button', { name: 'Deactivate it' }).click()
    await page.getByText('This application is deactivated').waitFor()
    await page.getByRole('button', { name: 'Activate', exact: true }).click()
    await page.getByRole('button', { name: 'Deactivate', exact: true }).waitFor()
    assert.equal(await page.getByText('This application is deactivated').count(), 0)
  })

  await t.test('a second secret ends the first only after it was asked for twice', async () => {
    await page.getByRole('combobox', { name: 'What are you building?' }).click()
    await page.getByRole('option', { name: 'A web server or plugin' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    const make = page.getByRole('button', { name: 'Generate client secret' })
    const secret = page.getByRole('textbox', { name: 'Client secret' })
    await make.click()
    const first = await secret.inputValue()
    await make.click()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await secret.inputValue(), first)
    await make.click()
    await dialog.getByRole('button', { name: 'Make a new secret' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.notEqual(await secret.inputValue(), first)
  })

  await t.test('deleted', async () => {
    await page.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('No applications yet').waitFor()
  })

  assert.deepEqual(faults, [], 'pages threw, or broke their content policy')
})
