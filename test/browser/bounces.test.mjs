// Addresses that are not mailed, and the addresses at which providers tell.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { enter, launch, open } from './browser.mjs'
import { addContact } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('bounces', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const dialog = page.getByRole('dialog')
  const row = (text) => page.getByRole('row').filter({ hasText: text })
  const ada = await addContact(page, { address: 'ada@example.org', first: 'Ada', last: 'Byron' })

  await t.test('an address is added by hand, and its contact tells of it', async () => {
    await page.goto('/settings')
    await page.getByRole('link', { name: 'Show bounces' }).click()
    await page.getByText('Every address is mailed').waitFor()
    await page.getByRole('button', { name: 'Add an address' }).click()
    await dialog.getByLabel('Address').fill('nobody')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByText('Has no @ sign').waitFor()
    await dialog.getByLabel('Address').fill('Ada@Example.org')
    await dialog.getByLabel('Note').fill('Asked by phone.')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('ada@example.org').getByText('Added by hand').waitFor()
    await row('ada@example.org').getByText('Asked by phone.').waitFor()

    await page.goto(`/contacts/${ada}`)
    const told = page.getByRole('status').filter({ hasText: 'This address is not mailed' })
    await told.getByText('Added by hand').waitFor()
    await page.getByText('Address no longer mailed').waitFor()
    await told.getByRole('link', { name: 'Show it on the list' }).click()
    assert.equal(await page.getByRole('searchbox', { name: 'Search addresses' }).inputValue(), 'ada@example.org')
  })

  await t.test('the list is searched, and an address is lifted', async () => {
    const search = page.getByRole('searchbox', { name: 'Search addresses' })
    await search.fill('grace')
    await page.getByText('None of these').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('button', { name: 'Lift ada@example.org' }).click()
    await dialog.getByRole('button', { name: 'Lift', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Every address is mailed').waitFor()
    await page.goto(`/contacts/${ada}`)
    await page.getByText('Address mailed again').waitFor()
    assert.equal(await page.getByText('This address is not mailed').count(), 0)
  })

  await t.test('a provider gets an address, which tells what came there', async () => {
    await page.goto('/settings/bounces')
    await page.getByRole('button', { name: 'New address for a provider' }).click()
    await dialog.getByRole('combobox', { name: 'Provider' }).click()
    await page.getByRole('option', { name: 'Mailgun' }).click()
    await dialog.getByLabel('Name').fill('Our relay')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    await dialog.getByText('Is not the HTTP webhook signing key').waitFor()
    await dialog.getByLabel('HTTP webhook signing key').fill('a key of Mailgun’s own')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    const address = await dialog.getByRole('textbox', { name: 'Address for Mailgun' }).inputValue()
    assert.match(new URL(address).pathname, /^\/kith\/v1\/notices\/mailgun\/[a-z2-7]{26}$/)
    await dialog.getByRole('button', { name: 'Done' }).click()
    await row('Mailgun: Our relay').getByText('Never').waitFor()

    // Whoever makes something up is refused, and that is told.
    const answer = await page.request.post(new URL(address).pathname, {
      data: { signature: { timestamp: '1', token: 't', signature: '00' }, 'event-data': { event: 'complained' } },
    })
    assert.equal(answer.status(), 403)
    assert.equal(answer.headers()['kith-error-code'], 'notice.forged')
    await page.reload()
    await row('Mailgun: Our relay').getByText('signature not right').waitFor()

    await page.getByRole('button', { name: 'End Our relay' }).click()
    await dialog.getByRole('button', { name: 'End it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('Mailgun: Our relay').waitFor({ state: 'detached' })
    const gone = await page.request.post(new URL(address).pathname, { data: {} })
    assert.equal(gone.status(), 404)
  })

  assert.deepEqual(faults, [])
})
