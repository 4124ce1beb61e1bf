// Files of contacts: workbooks, what an import would do, and stopping one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { altered, enter, launch, open } from './browser.mjs'
import { addContact } from './seed.mjs'
import { sheetOf, workbook } from './workbook.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

const rows = [
  ['E-mail Address', 'First Name', 'Anniversary'],
  ['ada@example.org', 'Ada & Co.', '2019-03-14'],
  ['not an address', 'Nobody', ''],
  ['lin@example.org', 'Lin', ''],
  ['uma@example.org', 'Uma', ''],
]

const xlsx = (sheet) => ({
  name: 'people.xlsx',
  mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  buffer: workbook(sheet),
})

test('a workbook is rehearsed and imported', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  await addContact(page, { address: 'lin@example.org', first: 'Line', last: 'Yao' }, [])
  await addContact(page, { address: 'uma@example.org', first: 'Uma', last: 'Prakash' }, [])
  const told = page.getByRole('status', { name: 'Rehearsal' })

  await t.test('one that was cut off is refused', async () => {
    await page.goto('/imports')
    const whole = sheetOf(rows)
    await page.getByLabel('CSV file').setInputFiles(xlsx(whole.slice(0, whole.indexOf('lin@'))))
    await page.getByRole('alert').getByText('sheet1.xml cannot be read beyond row 4.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Import', exact: true }).count(), 0)
  })

  await t.test('a rehearsal tells what the import would do, and changes nothing', async () => {
    await page.getByLabel('CSV file').setInputFiles(xlsx(sheetOf(rows)))
    await page.getByText('3 columns, from the first sheet.').waitFor()
    await page.getByRole('button', { name: 'Rehearse' }).click()
    await told
      .getByText('1 would be added, 1 would change, 1 would stay as they are, 1 would be rejected', { exact: true })
      .waitFor()
    const reject = page
      .getByRole('table', { name: 'Rejected rows' })
      .getByRole('row')
      .filter({ hasText: 'not an address' })
    await reject.getByRole('cell', { name: '3', exact: true }).waitFor()
    await page.goto('/contacts?search=ada')
    await page.getByText('No contact matches').waitFor()
  })

  await t.test('of other columns it is asked again', async () => {
    await page.goto('/imports')
    await page.getByLabel('CSV file').setInputFiles(xlsx(sheetOf(rows)))
    await page.getByRole('button', { name: 'Rehearse' }).click()
    await told.getByText('1 would change').waitFor()
    await page.getByRole('combobox', { name: 'What First Name becomes' }).click()
    await page.getByRole('option', { name: 'Leave out' }).click()
    await told.getByText(/would/).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Rehearse' }).click()
    await told.getByText('1 would be added, 0 would change, 2 would stay as they are').waitFor()
    await page.getByRole('combobox', { name: 'What First Name becomes' }).click()
    await page.getByRole('option', { name: 'First name', exact: true }).click()
  })

  await t.test('a rehearsal that fails says why, and can be tried again', async () => {
    const address = '**/kith/v1/imports/rehearsal'
    await page.route(address, (route) =>
      route.fulfill({
        status: 404,
        headers: { 'Kith-Error-Code': 'resource.not_found' },
        json: [{ error_key: 'not_found', error_message: 'The file is no longer kept.' }],
      }),
    )
    await page.reload()
    await page.getByLabel('CSV file').setInputFiles(xlsx(sheetOf(rows)))
    await page.getByRole('button', { name: 'Rehearse' }).click()
    await page.getByRole('alert').getByText('The file is no longer kept.').waitFor()
    await page.unroute(address)
    await page.getByRole('button', { name: 'Rehearse' }).click()
    await told.getByText('1 would be added').waitFor()
  })

  await t.test('the import does what was said', async () => {
    await page.getByRole('combobox', { name: 'Lists' }).click()
    await page.getByRole('option', { name: 'General Interest' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('status').filter({ hasText: '3 imported, 1 rejected' }).waitFor()
    await page
      .getByRole('region', { name: 'What was rejected' })
      .getByRole('link', { name: 'import that again' })
      .waitFor()
    await page.goto('/contacts?search=ada')
    await page.getByRole('row').filter({ hasText: 'ada@example.org' }).getByText('Ada & Co.').waitFor()
  })

  assert.deepEqual(faults, [], 'pages threw, or broke their content policy')
})

// The server is too quick to be seen at it, so it is made to say that it still
// runs until it was asked to stop. That it does stop is tested beside the server.
test('an import is stopped, after a question', async () => {
  const { page, faults } = await open(browser)
  await enter(page)
  const dialog = page.getByRole('dialog')
  let asked = ''
  await altered(page, '**/v3/activities/*', (activity) => ({
    ...activity,
    state: asked ? 'cancelled' : 'processing',
    status: { ...activity.status, items_completed_count: 1200 },
    percent_done: 42,
  }))
  await page.route('**/kith/v1/activities/*/cancel', async (route) => {
    asked = new URL(route.request().url()).pathname.split('/').at(-2)
    await route.fulfill({ json: {} })
  })
  await page.goto('/imports')
  await page.getByLabel('CSV file').setInputFiles({
    name: 'long.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Email\nlong@example.org\n'),
  })
  await page.getByRole('combobox', { name: 'Lists' }).click()
  await page.getByRole('option', { name: 'General Interest' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('1,200 rows so far.').waitFor()
  const activity = new URL(page.url()).searchParams.get('activity')

  await page.getByRole('button', { name: 'Cancel the import' }).click()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(asked, '', 'it was stopped without being told to')

  await page.getByRole('button', { name: 'Cancel the import' }).click()
  await dialog.getByText('What is done so far stays done.').waitFor()
  await dialog.getByRole('button', { name: 'Stop it' }).click()
  await page.getByRole('status').getByText('The import was cancelled after 1,200 rows.').waitFor()
  assert.equal(asked, activity)
  assert.equal(await page.getByRole('progressbar', { name: 'Import progress' }).count(), 0)
  assert.deepEqual(faults, [])
})
