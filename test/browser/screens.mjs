// Pictures of every page, wide and narrow, light and dark, to be looked at:
//
//   KITH_URL=http://localhost:8080 node screens.mjs FOLDER [VIEW…]
//
// The server needs no account yet: the first one is made and filled. Beside
// each picture the page is held to what a machine can judge: nothing throws,
// nothing breaks the content policy, nothing is wider than the window, and axe
// finds no fault. SHAPES=wide-dark,… takes some of the shapes only.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { audit } from './audit.mjs'
import { enter, launch, open } from './browser.mjs'
import { seed, seedLong } from './seed.mjs'
import { shapes } from './shapes.mjs'
import { show, views } from './views.mjs'

const [folder, ...only] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node screens.mjs FOLDER [VIEW…]')
  process.exit(2)
}
await mkdir(folder, { recursive: true })

const wanted = Object.entries(shapes).filter(
  ([name]) => !process.env.SHAPES || process.env.SHAPES.split(',').includes(name),
)

const browser = await launch()
const storageState = await prepare()
const found = new Map() // a fault, and where it was met
for (const [shape, options] of wanted) {
  for (const view of views.filter((v) => only.length === 0 || only.some((name) => v.name.startsWith(name)))) {
    const state = view.out ? undefined : storageState
    const { page, context, faults } = await open(browser, { ...options, storageState: state })
    try {
      await show(page, view)
      await page.screenshot({
        path: join(folder, `${view.name}.${shape}.png`),
        fullPage: view.whole !== false,
        animations: 'disabled',
      })
      faults.push(...(await audit(page)))
    } catch (error) {
      faults.push(String(error).slice(0, 600))
    }
    for (const fault of faults) found.set(fault, [...(found.get(fault) ?? []), `${view.name} ${shape}`])
    await context.close()
  }
}
await browser.close()
for (const [fault, where] of found) console.log(`${fault}\n    ${where.join(', ')}`)
process.exitCode = found.size > 0 ? 1 : 0

/** Signs in, fills the account where it is new, and returns the session. */
async function prepare() {
  const { page, context } = await open(browser)
  if (await enter(page)) {
    await seed(page)
    await seedLong(page)
  }
  const state = await context.storageState()
  await context.close()
  return state
}
