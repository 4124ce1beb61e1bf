// Segments as their owner builds them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { enter, launch, open } from './browser.mjs'
import { addContact, addList, call } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('segments', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const list = await addList(page, { name: 'Sailors' })
  await addContact(page, { address: 'ada@harbour.example', first: 'Ada', last: 'Byron' }, [list])
  await addContact(page, { address: 'bo@harbour.example', first: 'Bo', last: 'Lind' }, [list], 'unsubscribed')
  await addContact(page, { address: 'cy@inland.example', first: 'Cy', last: 'Moor' }, [])
  const dialog = page.getByRole('dialog')
  const preview = dialog.getByRole('status', { name: 'Preview' })
  const row = (text) => page.getByRole('row').filter({ hasText: text })
  const choose = async (name, option) => {
    await dialog.getByRole('combobox', { name }).last().click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  await t.test('the count follows the rules, and the segment is kept', async () => {
    await page.goto('/segments')
    await page.getByText('No segments yet').waitFor()
    await page.getByRole('button', { name: 'New segment' }).click()
    await preview.getByText('Complete the rules').waitFor()
    assert.ok(await dialog.getByRole('button', { name: 'Save' }).isDisabled(), 'an unfinished rule can be saved')
    await choose('List', 'Sailors')
    await preview.getByText('2 contacts, 1 of them may be mailed').waitFor()
    await page.keyboard.press('Escape') // the list of lists; the window stays
    await dialog.getByLabel('Name').fill('Harbour')
    await dialog.getByRole('button', { name: 'Add rule' }).last().click()
    await dialog.getByRole('textbox', { name: 'Email address' }).fill('ADA@harbour.example')
    await preview.getByText('1 contact, 1 of them may be mailed').waitFor()
    await preview.getByText('ada@harbour.example').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('Harbour').waitFor()
  })

  await t.test('its contacts are shown', async () => {
    await row('Harbour').getByRole('link', { name: 'Harbour' }).click()
    await page.getByText(/Those in segment \d+/).waitFor()
    await row('ada@harbour.example').waitFor()
    assert.equal(await row(/@/).count(), 1, 'the segment has one contact')
    await page.getByRole('link', { name: 'Show everyone' }).click()
    await row('cy@inland.example').waitFor()
    await page.goto('/segments')
  })

  await t.test('it is opened as it was, and changed', async () => {
    await row('Harbour').getByRole('button', { name: 'Actions for Harbour' }).click()
    await page.getByRole('menuitem', { name: 'Change' }).click()
    await preview.getByText('1 contact, 1 of them may be mailed').waitFor()
    await dialog.getByRole('button', { name: 'Remove the rule' }).first().click()
    await dialog.getByRole('button', { name: 'Add group' }).click()
    await dialog
      .getByRole('group', { name: 'Group of rules' })
      .getByRole('textbox', { name: 'Email address' })
      .fill('nobody')
    await preview.getByText('0 contacts').waitFor()
    await dialog.getByRole('button', { name: 'Remove the group' }).click()
    await preview.getByText('1 contact,').waitFor()
    await dialog.getByLabel('Name').fill('Ada alone')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('Ada alone').waitFor()
  })

  await t.test('a rule about days takes two of them', async () => {
    const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
    const change = async () => {
      await row('Ada alone').getByRole('button', { name: 'Actions for Ada alone' }).click()
      await page.getByRole('menuitem', { name: 'Change' }).click()
    }
    await change()
    await choose('Field', 'Added')
    await choose('Comparison', 'between')
    await dialog.getByLabel('Added, from').fill(day(3))
    await preview.getByText('Complete the rules').waitFor()
    await dialog.getByLabel('Added, to').fill(day(-1))
    await preview.getByText('4 contacts, 3 of them may be mailed').waitFor()
    await dialog.getByRole('button', { name: 'Add rule' }).click()
    await choose('Field', 'Was not sent')
    await choose('Which mails', 'between two days')
    await dialog.getByLabel('Was not sent, from').fill(day(3))
    await dialog.getByLabel('Was not sent, to').fill(day(1))
    await preview.getByText('4 contacts, 3 of them may be mailed').waitFor()
    await choose('Field', 'Opened')
    await choose('Which mails', 'before a day')
    await dialog.getByLabel('Opened', { exact: true }).fill(day(0))
    await preview.getByText('0 contacts').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await change()
    assert.equal(await dialog.getByLabel('Added, to').inputValue(), day(-1))
    assert.equal(await dialog.getByLabel('Opened', { exact: true }).inputValue(), day(0))
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  await t.test('custom fields are asked by their types, tags by their names', async () => {
    const { custom_field_id } = await call(page, 'POST', '/v3/contact_custom_fields', {
      label: 'Shoe size',
      type: 'number',
    })
    const { tag_id } = await call(page, 'POST', '/v3/contact_tags', { name: 'Regular' })
    for (const [name, size] of [
      ['dot', '38'],
      ['eve', '44'],
    ]) {
      await call(page, 'POST', '/v3/contacts', {
        email_address: { address: `${name}@harbour.example`, permission_to_send: 'implicit' },
        create_source: 'Account',
        custom_fields: [{ custom_field_id, value: size }],
        taggings: [tag_id],
      })
    }
    await page.reload()
    await page.getByRole('button', { name: 'New segment' }).click()
    await choose('Field', 'Shoe size')
    await choose('Comparison', 'is between')
    await dialog.getByLabel('Shoe size, from').fill('40')
    await dialog.getByLabel('Shoe size, to').fill('44.5')
    await preview.getByText('1 contact, 1 of them may be mailed').waitFor()
    await preview.getByText('eve@harbour.example').waitFor()
    await choose('Comparison', 'is not empty')
    await preview.getByText('2 contacts, 2 of them may be mailed').waitFor()
    await choose('Field', 'Tag')
    await choose('Comparison', 'is none of')
    await choose('Tag', 'Regular')
    await preview.getByText('4 contacts, 3 of them may be mailed').waitFor()
    await page.keyboard.press('Escape') // the list of tags
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  await t.test('it is deleted', async () => {
    await row('Ada alone').getByRole('button', { name: 'Actions for Ada alone' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete segment' }).click()
    await page.getByText('No segments yet').waitFor()
  })
  assert.deepEqual(faults, [])
})
