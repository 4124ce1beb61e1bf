// The pictures of the README, on a server that has no account yet:
//
//   KITH_URL=http://localhost:8080 node picture.mjs ../../docs/img
import { join } from 'node:path'

import { enter, launch, open } from './browser.mjs'
import { seed } from './seed.mjs'
import { shapes } from './shapes.mjs'
import { show } from './views.mjs'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node picture.mjs FOLDER')
  process.exit(2)
}
const browser = await launch()
const first = await open(browser)
if (!(await enter(first.page))) throw new Error('the server has an account already; the picture is of invented people')
await seed(first.page)
const storageState = await first.context.storageState()

for (const [name, shape] of [
  ['contacts.png', 'wide-light'],
  ['contacts-dark.png', 'wide-dark'],
]) {
  const { page } = await open(browser, { ...shapes[shape], storageState, deviceScaleFactor: 1.25 })
  await show(page, { path: '/contacts' })
  await page.screenshot({ path: join(folder, name) })
}
await browser.close()
