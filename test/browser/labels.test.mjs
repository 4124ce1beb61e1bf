// Tags and custom fields, as their pages make, change and delete them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { enter, launch, open } from './browser.mjs'
import { addContact, call } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('tags and custom fields', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const dialog = page.getByRole('dialog')
  const row = (text) => page.getByRole('row').filter({ hasText: text })
  const act = async (name, what) => {
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
    await page.getByRole('menuitem', { name: what }).click()
    await dialog.waitFor()
  }
  const done = async (button) => {
    await dialog.getByRole('button', { name: button, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  await t.test('tags are made, with a name of their own', async () => {
    await page.goto('/tags')
    await page.getByText('No tags yet').waitFor()
    for (const name of ['Regular', 'Market']) {
      await page.getByRole('button', { name: 'New tag' }).click()
      await dialog.getByLabel('Name').fill(name)
      await done('Save')
      await row(name).waitFor()
    }
    await page.getByRole('button', { name: 'New tag' }).click()
    await dialog.getByLabel('Name').fill('regular')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Another tag has this name.').waitFor()
    await done('Cancel')
  })

  await t.test('a tag leads to its contacts', async () => {
    const { tags } = await call(page, 'GET', '/v3/contact_tags')
    const regular = tags.find((tag) => tag.name === 'Regular').tag_id
    await addContact(page, { address: 'bob@example.org', first: 'Bob', last: 'Noyce' })
    const ada = await addContact(page, { address: 'ada@example.org', first: 'Ada', last: 'Byron' })
    await call(page, 'PATCH', `/v3/contacts/${ada}`, { taggings: [regular], update_source: 'Account' })
    await page.goto('/tags')
    await row('Regular').getByText('1', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Regular' }).click()
    await page.getByText('Those with the tag Regular.').waitFor()
    await row('ada@example.org').waitFor()
    assert.equal(await row('bob@example.org').count(), 0)
  })

  await t.test('tags are searched, renamed and deleted', async () => {
    await page.goto('/tags')
    await page.getByRole('searchbox', { name: 'Search tags' }).fill('MARK')
    await row('Regular').waitFor({ state: 'detached' })
    await act('Market', 'Rename')
    await dialog.getByLabel('Name').fill('Marketplace')
    await done('Save')
    await row('Marketplace').waitFor()
    await page.getByRole('searchbox', { name: 'Search tags' }).fill('')
    await act('Regular', 'Delete')
    await done('Delete tag')
    await row('Regular').waitFor({ state: 'detached' })
  })

  await t.test('a custom field is made with its choices', async () => {
    await page.goto('/fields')
    await page.getByText('No custom fields yet').waitFor()
    await page.getByRole('button', { name: 'New custom field' }).click()
    await dialog.getByLabel('Label').fill('Favourite bread')
    await dialog.getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'One choice of several' }).click()
    await dialog.getByLabel('Choice 1', { exact: true }).fill('Oats')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('is missing').first().waitFor()
    await dialog.getByLabel('Choice 2', { exact: true }).fill('Rye')
    await dialog.getByRole('button', { name: 'Move choice 2 up' }).click()
    await done('Save')
    const made = row('Favourite bread')
    await made.getByText('Rye · Oats').waitFor()
    await made.getByText('cf:favourite_bread').waitFor()
  })

  await t.test('its choices change, and what was picked stays', async () => {
    const {
      custom_fields: [field],
    } = await call(page, 'GET', '/v3/contact_custom_fields')
    const { contacts } = await call(page, 'GET', '/v3/contacts?email=ada@example.org')
    const ada = `/v3/contacts/${contacts[0].contact_id}`
    const value = { custom_field_id: field.custom_field_id, choice_ids: [String(field.choices[0].choice_id)] }
    await call(page, 'PATCH', ada, { custom_fields: [value], update_source: 'Account' })
    await act('Favourite bread', 'Change')
    await dialog.getByLabel('Choice 1', { exact: true }).fill('Rye bread')
    await dialog.getByRole('button', { name: 'Remove choice 2' }).click()
    await dialog.getByRole('button', { name: 'Add a choice' }).click()
    await dialog.getByLabel('Choice 2', { exact: true }).fill('Spelt')
    await done('Save')
    await row('Favourite bread').getByText('Rye bread · Spelt').waitFor()
    const now = await call(page, 'GET', `${ada}?include=custom_fields`)
    assert.deepEqual(now.custom_fields, [value])
  })

  await t.test('a custom field is deleted with its values', async () => {
    await act('Favourite bread', 'Delete')
    await done('Delete custom field')
    await page.getByText('No custom fields yet').waitFor()
    const { contacts } = await call(page, 'GET', '/v3/contacts?email=ada@example.org&include=custom_fields')
    assert.deepEqual(contacts[0].custom_fields, [])
  })

  await t.test('a field of text has a place in v1 and v2, which can be changed', async () => {
    for (const label of ['Member since', 'Shoe size']) {
      await page.getByRole('button', { name: 'New custom field' }).click()
      await dialog.getByLabel('Label').fill(label)
      await done('Save')
    }
    await row('Member since').getByRole('cell', { name: '1', exact: true }).waitFor()
    await act('Shoe size', 'Change')
    await dialog.getByRole('combobox', { name: 'Place in v1 and v2' }).click()
    const taken = page.getByRole('option', { name: '1: Member since' })
    assert.equal(await taken.getAttribute('data-combobox-disabled'), 'true')
    await page.getByRole('option', { name: '7', exact: true }).click()
    await done('Save')
    await row('Shoe size').getByRole('cell', { name: '7', exact: true }).waitFor()
  })

  assert.deepEqual(faults, [], 'pages threw, or broke their content policy')
})
