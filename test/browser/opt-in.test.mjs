// What becomes of people who sign up by themselves: set, set otherwise for a
// list, and told in a contact's history.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { enter, launch, open } from './browser.mjs'
import { call } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('sign-ups', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const section = page.getByRole('region', { name: 'Sign-ups' })
  const choose = async (within, label, option) => {
    await within.getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  const list = async (name) => (await call(page, 'POST', '/v3/contact_lists', { name })).list_id
  const gold = await list('Gold')
  const silver = await list('Silver')

  await t.test('are confirmed where the account wants it', async () => {
    await page.goto('/settings')
    const reminder = section.getByRole('combobox', { name: 'Remind after' })
    await section.getByLabel('Ask for confirmation').check()
    await choose(section, 'Remind after', '7 days')
    await choose(section, 'Time to answer', '3 days')
    await section.getByRole('button', { name: 'Save sign-ups' }).click()
    await section.getByText(/must be 0, for never, or less than/i).waitFor()
    await choose(section, 'Remind after', 'Never')
    await section.getByRole('button', { name: 'Save sign-ups' }).click()
    await page.getByText('What becomes of sign-ups is saved.').first().waitFor()
    await page.reload()
    await section.getByLabel('Ask for confirmation').waitFor()
    assert.ok(await section.getByLabel('Ask for confirmation').isChecked())
    assert.equal(await reminder.inputValue(), 'Never')
  })

  await t.test('a list wants it otherwise', async () => {
    await page.goto('/lists')
    await page.getByRole('button', { name: 'Actions for Silver' }).click()
    await page.getByRole('menuitem', { name: 'Sign-ups' }).click()
    const dialog = page.getByRole('dialog')
    await choose(dialog, 'Confirmation', 'Do not ask')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.deepEqual(await call(page, 'GET', `/kith/v1/lists/${silver}/opt-in`), { confirm: false })
  })

  await t.test('and the history tells which mail there was', async () => {
    const signUp = async (address, lists) =>
      (await call(page, 'POST', '/v3/contacts/sign_up_form', { email_address: address, list_memberships: lists }))
        .contact_id
    const history = page.getByRole('region', { name: 'History' })
    await page.goto(`/contacts/${await signUp('ada@example.org', [gold])}`)
    await history.getByText(/Confirmation mail, because they came by themselves/).waitFor()
    await page.goto(`/contacts/${await signUp('bob@example.org', [silver])}`)
    await history.getByText(/Welcome mail, because they came by themselves/).waitFor()
  })

  assert.deepEqual(faults, [])
})
