// Lists and contacts as their owner keeps them.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { altered, enter, launch, open } from './browser.mjs'
import { addContact, addList } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('lists and contacts', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const dialog = page.getByRole('dialog')
  const row = (text) => page.getByRole('row').filter({ hasText: text })

  await t.test('a list is made, and a second one cannot have its name', async () => {
    await page.goto('/lists')
    await page.getByRole('button', { name: 'New list' }).click()
    await dialog.getByLabel('Name').fill('Market days')
    await dialog.getByLabel('Description').fill('Where the stall stands next week.')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('Market days').getByText('Where the stall stands next week.').waitFor()

    await page.getByRole('button', { name: 'New list' }).click()
    await dialog.getByLabel('Name').fill('market days')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await described(dialog.getByLabel('Name'), 'Another list has this name.')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  await t.test('a list without a name is refused at its field', async () => {
    await page.getByRole('button', { name: 'New list' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await described(dialog.getByLabel('Name'), /./)
    assert.ok(
      await dialog.getByLabel('Name').evaluate((field) => field === document.activeElement),
      'the field has no focus',
    )
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  await t.test('a list is renamed and found by a part of its name', async () => {
    await row('Market days').getByRole('button', { name: 'Actions for Market days' }).click()
    await page.getByRole('menuitem', { name: 'Change' }).click()
    await dialog.getByLabel('Name').fill('Market and fair')
    await dialog.getByLabel('Favorite').check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await row('Market and fair').getByRole('img', { name: 'Favorite' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search lists' }).fill('AND FAIR')
    await row('General Interest').waitFor({ state: 'detached' })
    await row('Market and fair').waitFor()
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await row('General Interest').waitFor()
  })

  await t.test('a contact is added to it', async () => {
    await page.goto('/contacts')
    await page.getByRole('button', { name: 'New contact' }).click()
    await dialog.getByLabel('Email').fill('lars@example.org')
    await dialog.getByLabel('First name').fill('Lars')
    await dialog.getByLabel('Last name').fill('Østergaard')
    await dialog.getByRole('combobox', { name: 'Lists' }).click()
    await page.getByRole('option', { name: 'Market and fair' }).click()
    await dialog.getByLabel('First name').click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row('lars@example.org').getByText('Market and fair').waitFor()
  })

  await t.test('the same address again is refused at its field, with a way to the contact', async () => {
    await page.getByRole('button', { name: 'New contact' }).click()
    await dialog.getByLabel('Email').fill('LARS@example.org')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await described(dialog.getByLabel('Email'), /A contact has this address already/)
    await dialog.getByRole('link', { name: 'Open it' }).click()
    await page.getByRole('heading', { level: 1, name: 'lars@example.org' }).waitFor()
  })

  await t.test('every fault of a contact stands at its own field', async () => {
    await page.goto('/contacts')
    await page.getByRole('button', { name: 'New contact' }).click()
    await dialog.getByLabel('Email').fill('not an address')
    await dialog.getByLabel('First name').fill('x'.repeat(60))
    await dialog.getByRole('button', { name: 'Save' }).click()
    await described(dialog.getByLabel('Email'), /./)
    await described(dialog.getByLabel('First name'), /50/)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  await t.test('a contact is changed, and its history tells', async () => {
    await page.getByRole('link', { name: 'lars@example.org' }).click()
    await page.getByRole('button', { name: 'Change' }).click()
    await dialog.getByLabel('Company').fill('Østergaard Boats')
    await dialog.getByRole('combobox', { name: 'Permission' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('option').first().waitFor({ state: 'detached' })
    assert.ok(await dialog.isVisible(), 'Escape closed the dialog, not only the choice in it')
    await dialog.getByRole('combobox', { name: 'Permission' }).click()
    await page.getByRole('option', { name: 'Unsubscribed' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'About' }).getByText('Østergaard Boats').waitFor()
    await page.getByRole('region', { name: 'Permission' }).getByText('Unsubscribed', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Take off Market and fair' }).click()
    await page.getByRole('region', { name: 'Lists' }).getByText('On no list.').waitFor()
    const history = page.getByRole('region', { name: 'History' })
    await history.getByText('Subscribed (implied) → Unsubscribed').waitFor()
    await history.getByText('Taken off lists').waitFor()
  })

  await t.test('filters and the search stand in the address', async () => {
    const list = await addList(page, { name: 'Course alumni' })
    await addContact(page, { address: 'uma@example.net', first: 'Uma', last: 'Prakash' }, [list])
    await page.goto('/contacts')
    await page.getByRole('combobox', { name: 'Status' }).click()
    await page.getByRole('option', { name: 'Unsubscribed' }).click()
    await page.getByRole('link', { name: 'uma@example.net' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'lars@example.org' }).waitFor()
    await page
      .getByRole('status')
      .filter({ hasText: /^1 contact$/ })
      .waitFor()
    assert.equal(new URL(page.url()).searchParams.get('status'), 'unsubscribed')

    await page.goto('/lists')
    await page.getByRole('link', { name: 'Course alumni' }).click()
    await page.getByRole('link', { name: 'uma@example.net' }).waitFor()
    await page.getByRole('link', { name: 'lars@example.org' }).waitFor({ state: 'detached' })
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill('nobody')
    await page.getByText('No contact matches').waitFor()
    await page.reload()
    await page.getByText('No contact matches').waitFor()
    await page.getByRole('link', { name: 'Show all contacts' }).click()
    await page.getByRole('link', { name: 'lars@example.org' }).waitFor()
    assert.equal(await page.getByRole('searchbox', { name: 'Search contacts' }).inputValue(), '')
  })

  await t.test('more contacts than a page holds are counted and shown', async () => {
    for (let i = 0; i < 55; i++) {
      await addContact(page, { address: `many${i}@example.com`, first: 'Many', last: String(i) }, [])
    }
    await page.goto('/contacts?search=many')
    await page.getByRole('status').filter({ hasText: '50 of 55 contacts' }).waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^55 contacts$/ })
      .waitFor()
    assert.equal(await page.getByRole('link', { name: /^many/ }).count(), 55)
  })

  await t.test('all that match are put on a list', async () => {
    await addList(page, { name: 'Autumn walk' })
    await page.goto('/contacts?search=many')
    await page.getByRole('status').filter({ hasText: '50 of 55 contacts' }).waitFor()
    await page.getByLabel('Select all shown').check()
    const chosen = page.getByRole('region', { name: 'Selection' })
    await chosen.getByText('50 contacts selected').waitFor()
    await chosen.getByRole('button', { name: 'Select all 55 that match' }).click()
    await chosen.getByText('55 contacts selected').waitFor()
    await chosen.getByRole('button', { name: 'Add to lists' }).click()
    await dialog.getByRole('combobox', { name: 'Lists' }).click()
    await page.getByRole('option', { name: 'Autumn walk' }).click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Add to lists' }).click()
    await dialog.getByRole('link', { name: 'See how far it is' }).click()
    await page.getByRole('heading', { name: 'Contacts added to lists' }).waitFor()
    await page.getByRole('status').filter({ hasText: '55 contacts on the lists' }).waitFor()
    await page.getByRole('link', { name: 'All activities' }).click()
    await page
      .getByRole('row')
      .filter({ hasText: 'Contacts added to lists' })
      .filter({ hasText: 'Done' })
      .getByText('55', { exact: true })
      .waitFor()
    await page.goto('/lists')
    await row('Autumn walk').getByText('55').first().waitFor()
  })

  await t.test('all that match are exported, with the columns that are chosen', async () => {
    await page.goto('/contacts?search=many')
    await page.getByRole('status').filter({ hasText: '50 of 55 contacts' }).waitFor()
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const columns = dialog.getByRole('combobox', { name: 'Columns' })
    for (const name of ['First name', 'Email address']) {
      await columns.fill(name)
      await page.getByRole('option', { name, exact: true }).click()
    }
    await columns.press('Escape')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await dialog.getByRole('status').filter({ hasText: '55 exported' }).waitFor()
    const file = await downloaded(page, dialog.getByRole('link', { name: 'Download' }))
    assert.equal(file.split('\r\n')[0], 'First name,Email address')
    assert.equal(file.match(/,many\d+@example.com\r\n/g).length, 55)
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await dialog.waitFor({ state: 'detached' })
    // The file stays with its activity.
    await page.goto('/activities')
    const line = page.getByRole('row').filter({ hasText: 'Export of contacts' })
    assert.equal(await downloaded(page, line.getByRole('link', { name: /^Download/ })), file)
  })

  await t.test('two that are chosen are exported with all columns', async () => {
    await page.goto('/contacts?search=many1')
    await page.getByLabel('Select many1@example.com').check()
    await page.getByLabel('Select many10@example.com').check()
    const chosen = page.getByRole('region', { name: 'Selection' })
    await chosen.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('heading', { name: 'Export 2 contacts' }).waitFor()
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await dialog.getByRole('status').filter({ hasText: '2 exported' }).waitFor()
    const file = await downloaded(page, dialog.getByRole('link', { name: 'Download' }))
    assert.match(file, /^Email address,First name,.*,Updated At\r\n/)
    assert.equal(file.match(/^many10?@example.com,/gm).length, 2)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  await t.test('two of them are chosen and deleted', async () => {
    await page.goto('/contacts?search=many')
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByLabel('Select many3@example.com').check()
    await page.getByLabel('Select many4@example.com').check()
    const chosen = page.getByRole('region', { name: 'Selection' })
    await chosen.getByText('2 contacts selected').waitFor()
    await chosen.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete 2 contacts' }).click()
    await dialog.getByRole('link', { name: 'See how far it is' }).click()
    await page.getByRole('status').filter({ hasText: '2 contacts deleted' }).waitFor()
    await page.goto('/contacts?search=many3@')
    await page.getByText('No contact matches').waitFor()
  })

  await t.test('activities are looked through by their state', async () => {
    await page.goto('/activities')
    await page.getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Failed' }).click()
    await page.getByText('None of that state').waitFor()
    await page.getByRole('link', { name: 'Show all activities' }).click()
    await page.getByRole('link', { name: 'Deletion of contacts' }).waitFor()
    await page.goto('/activities?state=completed')
    await page.getByRole('link', { name: 'Deletion of contacts' }).waitFor()
    assert.equal(await page.getByRole('combobox', { name: 'State' }).inputValue(), 'Done')
  })

  await t.test('work is stopped after a question, unless it has ended meanwhile', async () => {
    // The server is too quick to be met at it.
    const running = (a) => ({ ...a, state: 'processing', percent_done: 42, completed_at: undefined })
    await altered(page, /kith\/v1\/activities\?/, (of) => ({ ...of, activities: of.activities.map(running) }))
    await page.goto('/activities')
    const line = page.getByRole('row').filter({ hasText: 'Contacts added to lists' })
    await line.getByRole('progressbar').waitFor()
    await line.getByRole('button', { name: 'Cancel' }).click()
    await dialog.getByText('What is done so far stays done.').waitFor()
    await dialog.getByRole('button', { name: 'Stop it' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'The activity has ended.' }).waitFor()
    await page.unroute(/kith\/v1\/activities\?/)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  await t.test('a file that is dropped is read, and lists must be chosen', async () => {
    await page.goto('/imports')
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['Email,First name\nviggo@example.com,Viggo\n'], 'dropped.csv', { type: 'text/csv' }))
      return data
    })
    await page.getByText('Choose one, or drop it here.').dispatchEvent('drop', { dataTransfer: dropped })
    await page.getByText('dropped.csv').waitFor()
    await page.getByRole('combobox', { name: 'What First name becomes' }).waitFor()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('Choose at least one list.').waitFor()
    await page.getByRole('combobox', { name: 'Lists' }).click()
    await page.getByRole('option', { name: 'General Interest' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('status').filter({ hasText: '1 imported, 0 rejected' }).waitFor()
    // Its activity tells the same.
    await page.goto('/activities')
    await page.getByRole('link', { name: 'Import of dropped.csv' }).click()
    await page.getByRole('status').filter({ hasText: '1 imported, 0 rejected' }).waitFor()
  })

  await t.test('a file that cannot be used is refused with the reason', async () => {
    await page.goto('/imports')
    const file = (text) => ({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByLabel('CSV file').setInputFiles(file(''))
    await page.getByRole('alert').waitFor()
    await page.getByLabel('CSV file').setInputFiles(file('Shoe size,Colour\n38,red\n'))
    await page.getByText('One column must become the email address or the SMS number.').waitFor()
    assert.ok(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled())
  })

  await t.test('a contact is deleted', async () => {
    await page.goto('/contacts?search=lars')
    await page.getByRole('link', { name: 'lars@example.org' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('lars@example.org is deleted.').waitFor()
    await page.getByRole('heading', { name: 'Contacts' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill('lars')
    await page.getByText('No contact matches').waitFor()
  })

  await t.test('a list is deleted as bulk work, which its page tells of', async () => {
    await page.goto('/lists')
    await page.getByRole('button', { name: 'Actions for Market and fair' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete list' }).click()
    await page.getByText('The list is being deleted.').waitFor()
    await page.goto('/activities')
    await row('Deletion of lists').getByText('Done').waitFor()
    await page.goto('/lists')
    await row('General Interest').waitFor()
    assert.equal(await row('Market and fair').count(), 0)
  })

  assert.deepEqual(faults, [], 'pages threw, or broke their content policy')
})

/** The text of the file that a link leads to. */
async function downloaded(page, link) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  assert.match(file.suggestedFilename(), /^contacts-.*\.csv$/)
  return readFile(await file.path(), 'utf8')
}

/** Waits until a field is marked as wrong and what is said about it matches. */
async function described(field, text) {
  await field.and(field.page().locator('[aria-invalid="true"]')).waitFor()
  const said = await field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )
  assert.match(said, text instanceof RegExp ? text : new RegExp(text))
}
