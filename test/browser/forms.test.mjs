// Sign-up forms: as their owner makes them, and as people meet them, on a page
// of ours, without script, and on another site.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'

import { audit } from './audit.mjs'
import { base, enter, launch, open } from './browser.mjs'
import { addList, call } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

/** Serves one page from another origin, whose policy allows ours and nothing inline. */
async function elsewhere(html) {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html; charset=utf-8')
    answer.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src ${base}; connect-src ${base}; form-action ${base}`,
    )
    answer.end(`<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1>${html}`)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

/** Does something until it is so: what is right within a second is not right at once. */
async function until(so, act) {
  for (let tries = 0; tries < 200; tries++) {
    await act()
    if (await so()) return
  }
  assert.fail('it never came so')
}

/** Presses the button of the second step, which counts after some seconds. */
async function stepOn(page) {
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await until(
    () => page.getByRole('heading', { name: 'Thank you' }).isVisible(),
    () => page.getByRole('button', { name: 'Yes, sign me up' }).click(),
  )
}

test('sign-up forms', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  // More lists than one page holds: the last can be found all the same.
  for (let i = 0; i < 55; i++) await addList(page, { name: `List ${i}` })
  await call(page, 'POST', '/v3/contact_custom_fields', { label: 'Shoe size', type: 'number' })
  const find = async (address) =>
    (await call(page, 'GET', `/v3/contacts?include=list_memberships&email=${encodeURIComponent(address)}`)).contacts[0]
  let address

  await t.test('one is made', async () => {
    await page.goto('/forms')
    await page.getByText('No sign-up forms yet').waitFor()
    await page.getByRole('button', { name: 'New form' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Make form' }).click()
    await dialog.getByText('Is missing').waitFor()
    await dialog.getByLabel('Name').fill('Spring fair')
    await dialog.getByRole('combobox', { name: 'Lists' }).fill('List 54')
    await page.getByRole('option', { name: 'List 54', exact: true }).click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Make form' }).click()
    await page.getByRole('heading', { level: 1, name: 'Spring fair' }).waitFor()
    address = await page.getByRole('textbox', { name: 'Address', exact: true }).inputValue()
    assert.match(address, /\/f\/[0-9a-f-]{36}$/)
  })

  await t.test('it is changed, and the preview follows before it is saved', async () => {
    const preview = page.frameLocator('iframe[title="The page of the form"]')
    await preview.getByRole('heading', { name: 'Sign up' }).waitFor()
    await page.getByLabel('Title').fill('Boats on paper')
    await preview.getByRole('heading', { name: 'Boats on paper' }).waitFor()
    const add = async (picker, name) => {
      await page.getByRole('combobox', { name: picker }).fill(name)
      await page.getByRole('option', { name, exact: true }).click()
    }
    await add('Add a field', 'First name')
    await add('Add a field', 'Shoe size')
    await add('Add a list', 'List 53')
    await page.getByRole('combobox', { name: 'How List 53 is joined' }).click()
    await page.getByRole('option', { name: 'A box to tick' }).click()
    await page.getByRole('button', { name: 'Move Shoe size up' }).click()
    await page.getByRole('checkbox', { name: 'First name is required' }).check()
    await page.getByLabel('What they agree to').fill('Paper Boats may mail me once a month.')
    await preview.getByLabel('Shoe size').waitFor()
    await preview.getByLabel('List 53').waitFor()
    assert.deepEqual(
      await preview
        .locator('.sign-up label')
        .allTextContents()
        .then((all) => all.slice(0, 3)),
      ['Email address', 'Shoe size (optional)', 'First name'],
    )
    await page.getByLabel('May update contacts').check()
    await page.getByText('Anybody can change your contacts').waitFor()
    await page.getByLabel('May update contacts').uncheck()
    assert.deepEqual(await audit(page), [])
    // What is wrong stands at its field, and nothing is saved.
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('#eeeeee')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Cannot be read well on the background/).waitFor()
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('#222222')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The form is saved.').waitFor()
  })

  await t.test('somebody signs up on its page', async () => {
    const { page: theirs, context, faults: met } = await open(browser)
    const heading = theirs.getByRole('heading', { name: 'Boats on paper' })
    // What was saved shows within a second.
    await until(
      () => heading.isVisible(),
      () => theirs.goto(address),
    )
    assert.deepEqual(await audit(theirs), [])
    await theirs.getByLabel('Email address').fill('lu@example.org')
    await theirs.getByLabel('First name').fill('Lu')
    await theirs.getByLabel('Shoe size').fill('large')
    await theirs.getByLabel('List 53').check()
    await theirs.getByRole('button', { name: 'Sign up' }).click()
    await theirs.getByText('Please give a number such as').waitFor()
    assert.equal(await theirs.getByLabel('First name').inputValue(), 'Lu')
    assert.deepEqual(await audit(theirs), [])
    await theirs.getByLabel('Shoe size').fill('38')
    await theirs.getByRole('button', { name: 'Sign up' }).click()
    await theirs.getByRole('heading', { name: 'Thank you' }).waitFor()
    assert.deepEqual(met, [])
    await context.close()
    const lu = await find('lu@example.org')
    assert.equal(lu.first_name, 'Lu')
    assert.equal(lu.email_address.permission_to_send, 'explicit')
    assert.equal(lu.list_memberships.length, 2)
    await page.goto(`/contacts/${lu.contact_id}`)
    await page.getByText('Paper Boats may mail me once a month.').first().waitFor()
  })

  await t.test('somebody signs up without script', async () => {
    const { page: theirs, context } = await open(browser, { javaScriptEnabled: false })
    await theirs.goto(address)
    await theirs.getByLabel('Email address').fill('mo@example.org')
    await theirs.getByLabel('First name').fill('Mo')
    await theirs.getByRole('button', { name: 'Sign up' }).click()
    await stepOn(theirs)
    await context.close()
    assert.equal((await find('mo@example.org')).first_name, 'Mo')
  })

  await t.test('the script shows it on another site', async () => {
    const { html, script } = await call(page, 'GET', `/kith/v1/forms/${address.split('/').pop()}/snippets`)
    const site = await elsewhere(script)
    const { page: theirs, context, faults: met } = await open(browser)
    await theirs.goto(site.url)
    await theirs.getByLabel('Email address').fill('em')
    await theirs.getByLabel('Email address').evaluate((input) => input.form.setAttribute('novalidate', ''))
    await theirs.getByLabel('First name').fill('Em')
    await theirs.getByRole('button', { name: 'Sign up' }).click()
    await theirs.getByText('not a complete email address').waitFor()
    await theirs.getByLabel('Email address').fill('em@example.org')
    await theirs.getByRole('button', { name: 'Sign up' }).click()
    await theirs.getByRole('heading', { name: 'Thank you' }).waitFor()
    assert.equal(theirs.url(), site.url)
    assert.deepEqual(met, [])
    await context.close()
    site.close()
    assert.equal((await find('em@example.org')).first_name, 'Em')

    const plain = await elsewhere(html)
    const { page: last, context: other } = await open(browser)
    await last.goto(plain.url)
    await last.getByLabel('Email address').fill('jo@example.org')
    await last.getByLabel('First name').fill('Jo')
    await last.getByRole('button', { name: 'Sign up' }).click()
    await stepOn(last)
    await other.close()
    plain.close()
    assert.ok(await find('jo@example.org'))
  })

  await t.test('it is counted, and deleted', async () => {
    await page.goto('/forms')
    const row = page.getByRole('row').filter({ hasText: 'Spring fair' })
    await row.getByText('4', { exact: true }).waitFor()
    await row.getByRole('button', { name: 'Actions for Spring fair' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete form' }).click()
    await page.getByText('No sign-up forms yet').waitFor()
    const { page: theirs, context } = await open(browser)
    let gone
    await until(
      () => gone.status() === 404,
      async () => {
        gone = await theirs.goto(address)
      },
    )
    await theirs.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    await context.close()
  })

  assert.deepEqual(faults, [])
})
