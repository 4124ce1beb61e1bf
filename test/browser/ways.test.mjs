// Ways to use the pages: by keyboard alone, on a narrow screen, when something
// is missing or fails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { altered, enter, launch, open } from './browser.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('by keyboard alone a list is made and renamed', async () => {
  const { page, faults } = await open(browser)
  await enter(page)
  await page.goto('/')
  await page.getByRole('heading', { name: /^Welcome/ }).waitFor()
  const keys = page.keyboard
  const focused = (locator) => locator.evaluate((element) => element === document.activeElement)
  // The focus comes back once the dialog is out of sight.
  const takesFocus = (locator) => locator.and(page.locator(':focus')).waitFor()

  // The first stop jumps over the navigation.
  await keys.press('Tab')
  assert.ok(await focused(page.getByRole('link', { name: 'Skip to the page' })), 'the first stop is no skip link')

  await reach(page, page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Lists' }))
  await keys.press('Enter')
  await page.getByRole('heading', { name: 'Lists' }).waitFor()
  await takesFocus(page.getByRole('main'))

  const make = page.getByRole('button', { name: 'New list' })
  await reach(page, make)
  await keys.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'New list' })
  const begins = (d) => takesFocus(d.getByLabel('Name'))
  await begins(dialog)

  // The focus stays inside, whichever way it goes.
  for (let i = 0; i < 8; i++) {
    await keys.press('Tab')
    assert.ok(await dialog.evaluate((d) => d.contains(document.activeElement)), `stop ${i + 1} is outside the dialog`)
  }
  await keys.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await takesFocus(make)

  await keys.press('Enter')
  await begins(dialog)
  await keys.type('Monthly letter')
  await keys.press('Enter')
  await page.getByRole('row').filter({ hasText: 'Monthly letter' }).waitFor()
  await takesFocus(make)

  const actions = page.getByRole('button', { name: 'Actions for Monthly letter' })
  await reach(page, actions)
  await keys.press('Enter')
  // The menu takes the focus a moment after it is seen; a key pressed before
  // that would go to its button.
  const menu = page.getByRole('menu')
  await menu.locator(':focus').waitFor({ state: 'attached' })
  await keys.press('ArrowDown')
  await takesFocus(menu.getByRole('menuitem', { name: 'Change' }))
  await keys.press('Enter')
  const change = page.getByRole('dialog', { name: 'Change list' })
  await begins(change)
  await keys.press('ControlOrMeta+a')
  await keys.type('Quarterly letter')
  await keys.press('Enter')
  await change.waitFor({ state: 'detached' })
  await page.getByRole('row').filter({ hasText: 'Quarterly letter' }).waitFor()
  await takesFocus(page.getByRole('button', { name: 'Actions for Quarterly letter' }))
  assert.deepEqual(faults, [])
})

/** Presses Tab until the focus is there. */
async function reach(page, locator) {
  await locator.waitFor()
  for (let i = 0; i < 60; i++) {
    if (await locator.evaluate((element) => element === document.activeElement)) {
      const outline = await locator.evaluate((element) => getComputedStyle(element).outlineStyle)
      assert.notEqual(outline, 'none', `the focus cannot be seen at ${locator}`)
      return
    }
    await page.keyboard.press('Tab')
  }
  assert.fail(`the keyboard does not reach ${locator}`)
}

test('on a narrow screen', async (t) => {
  const { page, faults } = await open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true })
  await enter(page)
  const navigation = page.getByRole('navigation', { name: 'Main' })
  const link = navigation.getByRole('link', { name: 'Outbox' })

  await t.test('the navigation is folded until it is asked for', async () => {
    await page.goto('/contacts')
    await page.getByRole('button', { name: 'Open navigation' }).tap()
    await inView(link)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Open navigation' }).tap()
    await inView(link)
    await link.tap()
    await page.getByRole('heading', { name: 'Outbox' }).waitFor()
    await page.getByRole('button', { name: 'Open navigation' }).waitFor()
  })

  await t.test('folded away, it is no stop of the keyboard', async () => {
    await page.goto('/lists')
    await page.getByRole('button', { name: 'New list' }).waitFor()
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab')
      const inside = await page.evaluate(() => document.activeElement?.closest('nav[aria-label="Main"]') !== null)
      assert.equal(inside, false, `stop ${i + 1} is in the folded navigation`)
    }
  })

  await t.test('a row says what each of its values is, and nothing is cut off', async () => {
    const row = page.getByRole('row').filter({ hasText: 'General Interest' })
    const label = await row
      .getByRole('cell')
      .nth(1)
      .evaluate((cell) => getComputedStyle(cell, '::before').content)
    assert.equal(label, '"Contacts"')
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.equal(over, 0, 'the page is wider than the window')
  })

  assert.deepEqual(faults, [])
})

/** Waits until the element lies within the window. */
async function inView(locator) {
  await locator.waitFor()
  await locator.evaluate(
    (element) =>
      new Promise((resolve) => {
        const watch = new IntersectionObserver((entries) => {
          if (entries.some((entry) => entry.isIntersecting)) {
            watch.disconnect()
            resolve()
          }
        })
        watch.observe(element)
      }),
  )
}

test('what is missing or fails is said', async (t) => {
  const { page } = await open(browser)
  await enter(page)

  await t.test('no such page', async () => {
    await page.goto('/contacts/a/b')
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await page.getByRole('link', { name: 'Go to the start' }).click()
    await page.getByRole('heading', { name: /^Welcome/ }).waitFor()
  })

  await t.test('no such contact', async () => {
    await page.goto('/contacts/01a210b7-0998-7000-b6c5-234d88ac1bf8')
    await page.getByRole('alert').waitFor()
    assert.match(await page.title(), /^Contact –/)
  })

  await t.test('a refusal names its cause, and can be tried again', async () => {
    const address = '**/kith/v1/lists?*'
    await page.route(address, (route) =>
      route.fulfill({
        status: 403,
        headers: { 'Kith-Error-Code': 'access.account_suspended', 'Kith-Request-Id': 'the-request' },
        json: { error_key: 'access_denied', error_message: 'The account is suspended.' },
      }),
    )
    await page.goto('/lists')
    const alert = page.getByRole('alert')
    await alert.getByText('The account is suspended.').waitFor()
    await alert.getByText('the-request').waitFor()
    assert.equal(
      await alert.getByRole('link', { name: 'What this means and what to do' }).getAttribute('href'),
      '/errors/access.account_suspended',
    )
    await page.unroute(address)
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'General Interest' }).waitFor()
  })

  await t.test('a mail that failed is found by its state, and sent again', async () => {
    await page.goto('/outbox')
    await page.getByRole('link', { name: /confirm/i }).waitFor()
    const state = page.getByRole('combobox', { name: 'State' })
    await state.click()
    await page.getByRole('option', { name: 'Failed' }).click()
    await page.getByText('No such mail').waitFor()
    assert.equal(new URL(page.url()).searchParams.get('state'), 'failed')
    await page.getByRole('link', { name: 'Show all mails' }).click()
    // Without a relay no mail fails; so this one is said to have.
    let now = 'failed'
    const address = '**/kith/v1/outbox/*'
    await altered(page, address, (mail) => ({ ...mail, state: now }))
    await page.route(`${address}/send_again`, (route) => {
      now = 'queued'
      return route.fulfill({ json: {} })
    })
    await page.getByRole('link', { name: /confirm/i }).click()
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click()
    await page.getByText('Queued', { exact: true }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Send again' }).count(), 0)
    await page.unroute(`${address}/send_again`)
    await page.unroute(address)
  })

  await t.test('an ended session leads to sign-in and back', async () => {
    await page.goto('/lists')
    await page.getByRole('link', { name: 'General Interest' }).waitFor()
    await page.context().clearCookies()
    await page.getByRole('searchbox', { name: 'Search lists' }).fill('general')
    await page.waitForURL(/\/login\?return_to=/)
  })
})
