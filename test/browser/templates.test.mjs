// Mail templates as the owner of an account writes them, the account's brand,
// and every built-in mail as it looks. With PICTURES=folder each is kept there.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { audit } from './audit.mjs'
import { enter, launch, open, owner } from './browser.mjs'
import { call } from './seed.mjs'

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

test('mail templates', async (t) => {
  const { page, faults } = await open(browser)
  await enter(page)
  const preview = page.frameLocator('iframe[title="The mail as HTML"]')
  const html = page.getByRole('textbox', { name: 'HTML' })

  await t.test('the brand shows in the preview', async () => {
    await page.goto('/settings')
    await page.getByLabel('Logo').fill('nowhere')
    await page.getByRole('button', { name: 'Save brand' }).click()
    await page.getByText('Is not the address of an image').waitFor()
    await page.getByLabel('Logo').fill('')
    await page.getByLabel('Colour').fill('#aa3300')
    await page.getByLabel('Mail is from (name)').fill('The Roys')
    await page.getByRole('button', { name: 'Save brand' }).click()
    await page.getByText('The brand is saved.').waitFor()
    await page.getByRole('link', { name: 'Mail templates' }).click()
    await page.getByRole('link', { name: 'Confirm the sign-up' }).click()
    await page.getByText('The Roys <').waitFor()
    const button = preview.getByRole('link', { name: 'Yes, send me mail' })
    await button.waitFor()
    assert.equal(
      await button.evaluate((link) => getComputedStyle(link.parentElement).backgroundColor),
      'rgb(170, 51, 0)',
    )
    assert.match((await button.getAttribute('href')) ?? '', /\/p\/confirm\/hidden$/)
    const ground = () => preview.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)
    const becomes = async (colour) => {
      for (let tries = 0; (await ground()) !== colour; tries++) {
        assert.ok(tries < 100, `the mail does not stand on ${colour}`)
        await page.waitForTimeout(100)
      }
    }
    await becomes('rgb(242, 244, 246)')
    await page.getByText('Dark', { exact: true }).click()
    await becomes('rgb(20, 24, 29)')
  })

  await t.test('what is wrong is told with its place while it is written', async () => {
    const was = await html.inputValue()
    await html.fill('<p>Well, [[Fristname]]?</p>\n<b>')
    const wrong = page.getByRole('status', { name: 'What is wrong' })
    await wrong.getByText('line 1, column 12: there is no tag “Fristname”').waitFor()
    await wrong.getByText('line 2, column 1: “b” is not closed').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('“b” is not closed. Has a fault in line 1').waitFor()
    await html.fill(was)
    await preview.getByRole('link', { name: 'Yes, send me mail' }).waitFor()
  })

  await t.test('own words are kept, tried, and given up', async () => {
    await page.getByLabel('Subject').fill('Ahoy, ')
    await page.getByRole('button', { name: 'FirstName', exact: true }).click()
    assert.equal(await page.getByLabel('Subject').inputValue(), 'Ahoy, [[FirstName]]')
    await page.getByText('Ahoy, Ada').waitFor()
    await html.fill('<p>Come aboard</p>{{ Link | button: "Aye" }}')
    await page.getByRole('textbox', { name: 'Text' }).fill('')
    await preview.getByRole('link', { name: 'Aye' }).waitFor()
    await page.getByRole('tab', { name: 'Text' }).click()
    await page.getByText('Come aboard').last().waitFor()
    await page.getByRole('tab', { name: 'HTML' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The template is saved.').waitFor()
    await page.getByRole('button', { name: 'Send me a test' }).click()
    await page.getByText(`The mail is on its way to ${owner.email}.`).waitFor()

    await page.getByRole('link', { name: '← Mail templates' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Confirm the sign-up' })
    await row.getByText('Your own').waitFor()
    await page.goto('/outbox')
    await page.getByRole('link', { name: '[Test] Ahoy, Ada' }).click()
    await page.frameLocator('iframe').getByText('Come aboard').waitFor()

    await page.goto('/settings/templates/confirm_optin')
    await page.getByRole('button', { name: 'Return to the built-in words' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Return to them' }).click()
    await preview.getByRole('link', { name: 'Yes, send me mail' }).waitFor()
    await page.getByRole('button', { name: 'Return to the built-in words' }).waitFor({ state: 'detached' })
  })

  await t.test('every language has its own', async () => {
    await page.getByRole('combobox', { name: 'Language' }).click()
    await page.getByRole('option', { name: 'Deutsch' }).click()
    await preview.getByRole('link', { name: 'Ja, ich möchte E-Mails' }).waitFor()
    await page.getByRole('link', { name: '← Mail templates' }).click()
    assert.equal(await page.getByRole('combobox', { name: 'Language' }).inputValue(), 'Deutsch')
  })

  await t.test('a list has a brand of its own', async () => {
    await page.goto('/lists')
    const opened = async () => {
      await page.getByRole('button', { name: 'Actions for General Interest' }).click()
      await page.getByRole('menuitem', { name: 'Brand of its mail' }).click()
    }
    await opened()
    const dialog = page.getByRole('dialog', { name: 'Brand of mail about General Interest' })
    await dialog.getByLabel('Mail is from (name)').fill('The young Roys')
    await dialog.getByRole('combobox', { name: 'Mail is from (address)' }).click()
    await page.getByRole('option', { name: `${owner.email} (not confirmed)` }).click()
    await dialog.getByRole('combobox', { name: 'Language of mail' }).click()
    await page.getByRole('option', { name: 'Italiano' }).click()
    await dialog.getByRole('button', { name: 'Save brand' }).click()
    await page.getByText('The brand is saved.').waitFor()
    await dialog.waitFor({ state: 'detached' })
    await opened()
    await dialog.getByRole('combobox', { name: 'Language of mail' }).waitFor()
    assert.equal(await dialog.getByRole('combobox', { name: 'Language of mail' }).inputValue(), 'Italiano')
    assert.equal(await dialog.getByLabel('Mail is from (name)').inputValue(), 'The young Roys')
    await page.keyboard.press('Escape')
  })

  await t.test('every built-in mail can be read, wide and narrow, light and dark', async () => {
    await call(page, 'PUT', '/kith/v1/brand', { colour: '#ffcc00' })
    const { templates } = await call(page, 'GET', '/kith/v1/templates')
    const found = []
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [360, 800]) {
        const { page: mail, context } = await open(browser, { viewport: { width, height: 600 }, colorScheme })
        // All in English, and in the other languages where room is scarce.
        for (const { kind, language } of templates.filter((one) => one.language === 'en' || width === 360)) {
          const { html } = await call(page, 'POST', `/kith/v1/templates/${kind}/preview?language=${language}`)
          await mail.setContent(html)
          const name = `${kind}.${language}.${width}.${colorScheme}`
          // A mail stands in a page of its program's, which has the landmarks.
          const faults = (await audit(mail)).filter((fault) => !fault.startsWith('landmark-'))
          found.push(...faults.map((fault) => `${name}: ${fault}`))
          if (process.env.PICTURES) {
            await mail.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
          }
        }
        await context.close()
      }
    }
    assert.deepEqual(found, [])
  })

  assert.deepEqual(faults, [])
})
