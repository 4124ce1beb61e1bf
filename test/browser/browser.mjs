// What every browser test shares: one Chromium, a fresh context a test, and a
// failure when a page throws or breaks its own content policy.
import { chromium } from 'playwright-core'

export const base = process.env.KITH_URL ?? 'http://localhost:8080'

export async function launch() {
  return chromium.launch({
    executablePath: process.env.KITH_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page of its own, and the faults it has met. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ baseURL: base, ...options })
  const faults = []
  context.on('page', (page) => watch(page, faults))
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return { context, page, faults }
}

function watch(page, faults) {
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) {
      faults.push(`${page.url()}: ${message.text()}`)
    }
  })
}

/** Changes what the server answers at addresses that match. */
export function altered(page, address, change) {
  return page.route(address, async (route) => {
    try {
      const answer = await route.fetch()
      await route.fulfill({ json: change(await answer.json()) })
    } catch {
      // The page was left or closed meanwhile. Where it was not, it misses an answer and says so.
      await route.abort().catch(() => {})
    }
  })
}

export const owner = {
  email: 'ines@example.org',
  password: 'correct horse battery staple',
  first: 'Ines',
  last: 'Roy',
  organization: 'Roy & Daughters',
  phone: '+33 1 23 45 67 89',
}

export async function signUp(page, who = owner) {
  await page.goto('/signup')
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByLabel('First name').fill(who.first)
  await page.getByLabel('Last name').fill(who.last)
  await page.getByLabel('Organization name').fill(who.organization)
  await page.getByLabel('Phone number').fill(who.phone)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('heading', { name: /welcome/i }).waitFor()
}

export async function logIn(page, who = owner) {
  await page.goto('/login')
  await page.getByLabel('Email').fill(who.email)
  await page.getByLabel('Password').fill(who.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: /welcome/i }).waitFor()
}

/** Signs up where the server has no account yet, and says so; else signs in. */
export async function enter(page, who = owner) {
  await page.goto('/')
  if (new URL(page.url()).pathname === '/signup') {
    await signUp(page, who)
    await page.goto('/')
    await page.getByRole('heading', { name: /welcome/i }).waitFor()
    return true
  }
  await logIn(page, who)
  return false
}
