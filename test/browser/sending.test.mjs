// What mail needs to arrive, and what became of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { launch, logIn, open, owner, signUp } from './browser.mjs'
import { mailbox } from './mailbox.mjs'
import { names } from './names.mjs'
import { call } from './seed.mjs'

let browser
let mails
let dns
before(async () => {
  mails = await mailbox(Number(process.env.KITH_TEST_SMTP_PORT))
  dns = await names(Number(process.env.KITH_TEST_DNS_PORT))
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await mails?.close()
  await dns?.close()
})

test('a domain of one’s own', async (t) => {
  const { page, faults } = await open(browser)
  await signUp(page)
  const part = (name) => page.getByRole('region', { name, exact: true })
  // The newest key stands first.
  const published = async (section) => ({
    name: await section.getByLabel('Name (TXT record)').first().inputValue(),
    value: await section.getByLabel('Value', { exact: true }).first().inputValue(),
  })
  const publish = async (section) => {
    const { name, value } = await published(section)
    dns.put(name, value.match(/.{1,255}/g))
  }
  const check = async () => {
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('The DNS was asked').last().waitFor()
  }

  await t.test('is added once an address of it is confirmed', async () => {
    await page.goto('/settings')
    await part('Sender domains').getByText('Confirm an address to send from first').waitFor()
    await page.goto(await mails.link(owner.email, '/confirm'))
    await page.getByRole('button', { name: 'Confirm this address' }).click()
    await page.getByRole('heading', { name: /confirmed/i }).waitFor()
    await page.goto('/settings')
    await part('Sender domains').getByRole('combobox', { name: 'New domain' }).click()
    await page.getByRole('option', { name: 'example.org' }).click()
    await part('Sender domains').getByRole('button', { name: 'Add domain' }).click()
    await page.getByRole('heading', { name: 'example.org', level: 1 }).waitFor()
    await part('Signing').getByText('Mail from this domain is not signed.').waitFor()
  })

  await t.test('shows the records to publish, and sees them once they are', async () => {
    await check()
    for (const name of ['DKIM', 'SPF', 'DMARC']) await part(name).getByText('Missing').waitFor()
    assert.match((await published(part('DKIM'))).name, /^kith\w+-rsa\._domainkey\.example\.org$/)
    assert.deepEqual(await published(part('SPF')), {
      name: 'example.org',
      value: 'v=spf1 include:spf.relay.test ~all',
    })
    await publish(part('DKIM'))
    dns.put('spf.relay.test', ['v=spf1 ip4:192.0.2.1 -all'])
    dns.put('example.org', ['v=spf1 mx ~all'])
    dns.put('_dmarc.example.org', ['v=DMARC1; p=reject'])
    await check()
    await part('DKIM').getByText('In order').waitFor()
    await part('DKIM').getByText('Signs now').waitFor()
    await part('Signing').getByText('Mail from this domain is signed.').waitFor()
    await part('DMARC').getByText('by DKIM').waitFor()
    await part('SPF').getByText('it lacks include:spf.relay.test').waitFor()
    await publish(part('SPF'))
    await check()
    await part('SPF').getByText('In order').waitFor()
    await part('DKIM').getByRole('button', { name: 'Show the record' }).click()
    await part('DKIM').getByLabel('Value in pieces').waitFor()
  })

  await t.test('is signed or not, as its owner says', async () => {
    const sign = async (how) => {
      await page.getByRole('combobox', { name: 'Sign mail' }).click()
      await page.getByRole('option', { name: how }).click()
    }
    await sign('Never')
    await part('Signing').getByText('is not signed.').waitFor()
    await sign('Once the record has been seen')
    await part('Signing').getByText('is signed.').waitFor()
  })

  await t.test('gets new keys, and the old ones sign until the new are seen', async () => {
    await page.getByRole('button', { name: 'Actions for example.org' }).click()
    await page.getByRole('menuitem', { name: 'New keys' }).click()
    await page.getByRole('button', { name: 'Make new keys' }).click()
    await part('DKIM').getByText('Does not sign').waitFor()
    await part('DKIM').getByText('Signs now').waitFor()
    await publish(part('DKIM'))
    await check()
    await part('Keys that were replaced').waitFor()
    assert.equal(await part('DKIM').getByText('Signs now').count(), 1)
  })

  await t.test('is in the list, and leaves it', async () => {
    await page.getByRole('link', { name: '← Settings' }).click()
    await part('Sender domains').getByText('DKIM: In order').waitFor()
    await part('Sender domains').getByRole('link', { name: 'example.org' }).click()
    await page.getByRole('button', { name: 'Actions for example.org' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await part('Sender domains').getByText('No domains yet').waitFor()
  })
  assert.deepEqual(faults, [])
})

test('what became of mails', async (t) => {
  const { page, faults } = await open(browser)
  await logIn(page)
  const mail = (name) => page.getByRole('table', { name: 'Mails' }).getByRole('link', { name })

  await t.test('a mail that is refused tells why, and is sent again when somebody says so', async () => {
    await call(page, 'POST', '/v3/account/emails', { email_address: 'nobody@example.net' })
    await page.goto('/outbox?to=nobody')
    await page.getByRole('row').filter({ hasText: 'Failed' }).waitFor()
    await mail(/.+/).first().click()
    const delivery = page.getByRole('table', { name: 'Delivery' })
    await delivery.getByText('Refused').waitFor()
    await delivery.getByText('550 5.1.1 No such user').waitFor()
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click()
    await page.getByText('The mail is queued.').waitFor()
    await page.waitForFunction(() => document.body.innerText.split('No such user').length > 3)
  })

  await t.test('mails are found by state, kind and recipient', async () => {
    await page.goto('/outbox')
    await page.getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Failed (1)' }).click()
    await page.getByText('No relay took one mail.').waitFor()
    await page.getByRole('searchbox', { name: 'Search recipients' }).fill('ines@')
    await page.getByText('No such mail').waitFor()
    await page.getByRole('link', { name: 'Show all mails' }).click()
    await page.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Address to send from' }).click()
    await page.getByRole('row').filter({ hasText: 'nobody@example.net' }).waitFor()
  })

  await t.test('all that failed are sent again at once, after a warning', async () => {
    await page.goto('/outbox?state=failed')
    await page.getByRole('button', { name: 'Send all failed again' }).click()
    await page.getByRole('dialog').getByText('addresses that do not exist').waitFor()
    await page.getByRole('button', { name: 'Send them' }).click()
    await page.getByText('Queued: 1.').waitFor()
  })
  assert.deepEqual(faults, [])
})
