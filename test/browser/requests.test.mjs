// The request log: what a script asked is found, opened, explained and replayed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { enter, launch, open } from './browser.mjs'
import { call, logged, script } from './seed.mjs'

let browser, page, context, faults, key

before(async () => {
  browser = await launch()
  ;({ page, context, faults } = await open(browser))
  await enter(page)
  key = (await call(page, 'POST', '/kith/v1/api_keys', { name: 'form', scopes: ['contact_data'] })).api_key
})

after(async () => {
  await context.close()
  await browser.close()
  assert.deepEqual(faults, [])
})

const rows = () => page.getByRole('table', { name: 'Requests' }).getByRole('link', { name: /^(GET|POST) / })

test('before the first request the page says what it is for', async () => {
  await page.goto('/requests')
  await page.getByText('No requests yet').waitFor()
  await page.getByRole('link', { name: 'Make an access key' }).waitFor()
})

test('a request that failed is found, and says why and where', async () => {
  await script(key, 'GET', '/v3/contacts')
  await script(key, 'GET', '/v3/account/summary')
  const { status, request } = await script(
    key,
    'POST',
    '/v3/contacts',
    '{\n  "email_address": {"address": "lu@example"},\n  "first_name": "Lu",\n  "create_source": "Account"\n}',
  )
  assert.equal(status, 400)
  await logged(page, request)
  await page.goto('/requests')
  await rows().first().waitFor()
  assert.equal(await rows().count(), 3, 'what the page itself asks is not among them')

  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Failed', exact: true }).click()
  await page.waitForURL(/status=failed/)
  await page.getByRole('link', { name: 'access.scope' }).waitFor()
  await page.getByRole('row', { name: /GET \/v3\/contacts 200/ }).waitFor({ state: 'detached' })
  await page.getByRole('combobox', { name: 'Time' }).click()
  await page.getByRole('option', { name: 'Last hour' }).click()
  await page.getByRole('searchbox', { name: 'Search requests' }).fill(request)
  await page.getByRole('link', { name: 'access.scope' }).waitFor({ state: 'detached' })
  assert.equal(await rows().count(), 1)

  await rows().first().click()
  await page.getByRole('heading', { name: 'POST /v3/contacts' }).waitFor()
  await page.getByRole('note').getByText('(line 2, column 32)').waitFor()
  const body = page.getByRole('region', { name: 'Body of the request' })
  assert.equal(await body.locator('mark').textContent(), '"l*@*******"')
  assert.ok(!(await page.textContent('body')).includes('lu@example'), 'the address is shown')
  await page.getByRole('region', { name: 'Body of the answer' }).getByText('validation.error').waitFor()
  await page.getByRole('link', { name: 'request.invalid', exact: true }).click()
  await page.getByRole('heading', { name: 'request.invalid' }).waitFor()
  await page.goBack()

  await page.getByRole('link', { name: 'Open in the reference' }).click()
  await page.getByText('This is a request of the log').waitFor()
  await page.getByRole('button', { name: 'Execute' }).waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.opblock.is-open textarea')].some((t) => t.value.includes('"first_name": "Lu"')),
  )
})

test('what is looked for in vain is said, and led back from', async () => {
  await page.goto('/requests?search=zebra')
  await page.getByText('No such requests').waitFor()
  await page.getByRole('link', { name: 'Show all requests' }).click()
  await rows().first().waitFor()
})

test('an application shows what it was refused last', async () => {
  const app = await call(page, 'POST', '/kith/v1/applications', { name: 'Shop' })
  await page.goto(`/applications/${app.client_id}`)
  await page.getByText('No request of this application was refused lately').waitFor()
  // A token request names it; that the secret is wrong is told here alone.
  const answer = await fetch(new URL('/oauth2/default/v1/token', page.url()), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: 'never-given',
      client_id: app.client_id,
      client_secret: 'wrong-one',
    }),
  })
  assert.equal(answer.status, 401)
  await logged(page, answer.headers.get('Kith-Request-Id'))
  await page.reload()
  await page.getByRole('table', { name: 'Last failures' }).getByRole('link', { name: /token/ }).click()
  await page.getByText('Nothing proves that this came from the application').waitFor()
  await page
    .getByText(/no client secret yet|secret is another/)
    .first()
    .waitFor()
  const body = await page.getByRole('region', { name: 'Body of the request' }).textContent()
  assert.ok(!/never-given|wrong-one/.test(body), body)
})
