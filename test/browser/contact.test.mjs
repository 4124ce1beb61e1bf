// One contact, as their page shows and changes them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { enter, launch, open } from './browser.mjs'
import { addContact, addList, call } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('one contact', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const dialog = page.getByRole('dialog')
  const part = (name) => page.getByRole('region', { name, exact: true })
  const history = part('History')
  const gold = await addList(page, { name: 'Gold' })
  await addList(page, { name: 'Silver' })
  const id = await addContact(page, { address: 'ada@example.org', first: 'Ada', last: 'Byron' }, [gold])
  const shown = () => page.getByRole('heading', { level: 1, name: 'ada@example.org' }).waitFor()
  const read = (include = '') => call(page, 'GET', `/v3/contacts/${id}?include=${include}`)

  await t.test('details are changed, and what is not shown is kept', async () => {
    await call(page, 'PATCH', `/v3/contacts/${id}`, { notes: [{ content: 'Keeps pigeons.' }] })
    await page.goto(`/contacts/${id}`)
    await shown()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByLabel('Job title').fill('Countess')
    await dialog.getByRole('button', { name: 'Dates' }).click()
    await dialog.getByRole('combobox', { name: 'Month of birth' }).click()
    await page.getByRole('option', { name: 'December' }).click()
    await dialog.getByLabel('Day of birth').fill('10')
    await dialog.getByRole('button', { name: 'Phones' }).click()
    await dialog.getByLabel('Work phone').fill('+44 20 1')
    await dialog.getByRole('button', { name: 'Home address' }).click()
    await dialog.getByRole('textbox', { name: 'City' }).fill('London')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const about = part('About')
    for (const text of ['Countess', 'December 10', '+44 20 1', 'London']) await about.getByText(text).waitFor()
    await part('Notes').getByText('Keeps pigeons.').waitFor()
    const now = await read('list_memberships')
    assert.deepEqual([now.first_name, now.list_memberships], ['Ada', [gold]])
  })

  await t.test('what is emptied goes', async () => {
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByLabel('Job title').fill('')
    await dialog.getByLabel('Work phone').fill('')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await part('About').getByText('Countess').waitFor({ state: 'detached' })
    const now = await read('phone_numbers')
    assert.deepEqual([now.job_title, now.phone_numbers], [undefined, []])
  })

  await t.test('a fault of a part that is folded up is shown there', async () => {
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByRole('button', { name: 'Phones' }).click()
    await dialog.getByLabel('Mobile phone').fill('1'.repeat(26))
    await dialog.getByRole('button', { name: 'Phones' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByLabel('Mobile phone').and(page.locator('[aria-invalid="true"]')).waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  await t.test('lists are joined and left one by one', async () => {
    const lists = part('Lists')
    await lists.getByRole('combobox', { name: 'Add to a list' }).click()
    await page.getByRole('option', { name: 'Silver' }).click()
    await lists.getByRole('button', { name: 'Take off Silver' }).waitFor()
    await lists.getByRole('button', { name: 'Take off Gold' }).click()
    await lists.getByRole('button', { name: 'Take off Gold' }).waitFor({ state: 'detached' })
    await lists.getByText('Silver').waitFor()
    await history.getByText('DELETE /v3/contacts/{contact_id}/list_memberships').waitFor()
  })

  await t.test('tags are put on and taken off', async () => {
    for (const name of ['Regular', 'Market']) await call(page, 'POST', '/v3/contact_tags', { name })
    await page.reload()
    const tags = part('Tags')
    await tags.getByText('No tags.').waitFor()
    await tags.getByRole('combobox', { name: 'Add a tag' }).click()
    await page.getByRole('option', { name: 'Market' }).click()
    await tags.getByRole('button', { name: 'Remove the tag Market' }).waitFor()
    await tags.getByRole('combobox', { name: 'Add a tag' }).click()
    await page.getByRole('option', { name: 'Regular' }).click()
    await tags.getByRole('button', { name: 'Remove the tag Regular' }).waitFor()
    await tags.getByRole('button', { name: 'Remove the tag Market' }).click()
    await tags.getByRole('button', { name: 'Remove the tag Market' }).waitFor({ state: 'detached' })
    await history.getByText('Tags taken off').waitFor()
  })

  await t.test('custom fields of every kind are filled, and a fault stands at its field', async () => {
    const choices = ['Rye', 'Oats'].map((choice_label, i) => ({ choice_label, display_order: i + 1 }))
    for (const field of [
      { label: 'Shoe size', type: 'number', metadata: { integer: true } },
      { label: 'Remark', type: 'text_area' },
      { label: 'Vegetarian', type: 'boolean' },
      { label: 'Favourite bread', type: 'single_select', choices, metadata: { display_type: 'dropdown' } },
      { label: 'Interests', type: 'multi_select', choices, metadata: { display_type: 'checkbox' } },
    ]) {
      await call(page, 'POST', '/v3/contact_custom_fields', field)
    }
    await page.reload()
    const fields = part('Custom fields')
    await fields.getByText('No values.').waitFor()
    await fields.getByRole('button', { name: 'Change custom fields' }).click()
    await dialog.getByLabel('Remark').fill('Asks for walnuts.')
    await dialog.getByLabel('Shoe size').fill('large')
    for (const [name, option] of [
      ['Vegetarian', 'Yes'],
      ['Favourite bread', 'Oats'],
      ['Interests', 'Rye'],
    ]) {
      await dialog.getByRole('combobox', { name }).click()
      await page.getByRole('option', { name: option }).click()
    }
    await page.keyboard.press('Escape')
    await page.getByRole('option').first().waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByLabel('Shoe size').and(page.locator('[aria-invalid="true"]')).waitFor()
    await dialog.getByLabel('Shoe size').fill('38')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    for (const text of ['38', 'Asks for walnuts.', 'Yes', 'Oats', 'Rye']) {
      await fields.getByText(text, { exact: true }).waitFor()
    }
    await fields.getByRole('button', { name: 'Change custom fields' }).click()
    await dialog.getByLabel('Remark').fill('')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await fields.getByText('Asks for walnuts.').waitFor({ state: 'detached' })
    await fields.getByText('38', { exact: true }).waitFor()
  })

  await t.test('a note is added, and another deleted', async () => {
    const notes = part('Notes')
    await notes.getByLabel('New note').fill('Writes programs.')
    await notes.getByRole('button', { name: 'Add note' }).click()
    await notes.getByRole('button', { name: 'Delete the note “Writes programs.”' }).waitFor()
    assert.equal(await notes.getByLabel('New note').inputValue(), '')
    await notes.getByRole('button', { name: 'Delete the note “Keeps pigeons.”' }).click()
    await notes.getByText('Keeps pigeons.').waitFor({ state: 'detached' })
    await notes.getByText('Writes programs.').waitFor()
  })

  await t.test('the permission is told with whose word it was', async () => {
    const permission = part('Permission')
    await permission.getByText('Subscribed (implied)').waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByRole('combobox', { name: 'Permission' }).click()
    await page.getByRole('option', { name: 'Unsubscribed' }).click()
    await dialog.getByLabel('Reason').fill('By telephone')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await permission.getByText('By telephone').waitFor()
    await permission.getByText('You unsubscribed them, and can subscribe them again.').waitFor()
    await history.getByText('Subscribed (implied) → Unsubscribed').waitFor()
  })

  await t.test('so is that for short messages', async () => {
    await call(page, 'PATCH', `/v3/contacts/${id}`, {
      sms_channel: {
        full_sms_address: '+12025550134',
        sms_channel_consents: [{ sms_consent_permission: 'explicit', consent_type: 'promotional_sms' }],
      },
    })
    await page.reload()
    await part('About').getByText('+1 2025550134').waitFor()
    await part('Permission').getByText('Subscribed', { exact: true }).waitFor()
  })

  await t.test('a long history comes in pages', async () => {
    for (let i = 0; i < 25; i++) {
      await call(page, 'PATCH', `/v3/contacts/${id}`, { company_name: `Engine works ${i}` })
    }
    await page.reload()
    await shown()
    const items = history.locator('time')
    await items.nth(24).waitFor()
    assert.equal(await items.count(), 25)
    await history.getByRole('button', { name: 'Show more' }).click()
    await items.nth(30).waitFor()
  })

  await t.test('a deleted contact is found, shown and restored', async () => {
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('ada@example.org is deleted.').waitFor()
    await page.goto('/contacts?status=deleted')
    await page.getByRole('link', { name: 'ada@example.org' }).click()
    await shown()
    await part('Permission').getByText('Deleted', { exact: true }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Change', exact: true }).count(), 0)
    await page.getByRole('button', { name: 'Restore' }).click()
    await dialog.getByText('stays unsubscribed').waitFor()
    await dialog.getByRole('button', { name: 'Restore' }).click()
    await dialog.getByRole('combobox', { name: 'Lists' }).and(page.locator('[aria-invalid="true"]')).waitFor()
    await dialog.getByRole('combobox', { name: 'Lists' }).click()
    await page.getByRole('option', { name: 'Gold' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('option').first().waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('ada@example.org is restored.').waitFor()
    await part('Lists').getByText('Gold').waitFor()
    await part('Permission').getByText('Unsubscribed', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).waitFor()
  })

  assert.deepEqual(faults, [], 'pages threw, or broke their content policy')
})
