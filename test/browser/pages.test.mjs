// Every page and state of one that has a picture (screens.mjs) is held to what
// a machine can judge, in one shape each, the shapes taking turns.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { audit } from './audit.mjs'
import { enter, launch, open } from './browser.mjs'
import { seed, seedLong } from './seed.mjs'
import { shapes } from './shapes.mjs'
import { show, views } from './views.mjs'

let browser
let storageState
before(async () => {
  browser = await launch()
  const { page, context } = await open(browser)
  await enter(page)
  await seed(page)
  await seedLong(page)
  storageState = await context.storageState()
  await context.close()
})
after(() => browser?.close())

const names = Object.keys(shapes)
for (const [i, view] of views.entries()) {
  const shape = names[i % names.length]
  test(`${view.name}, ${shape}`, async () => {
    const { page, context, faults } = await open(browser, {
      ...shapes[shape],
      storageState: view.out ? undefined : storageState,
    })
    await show(page, view)
    assert.deepEqual([...faults, ...(await audit(page))], [])
    await context.close()
  })
}
