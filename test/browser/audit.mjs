// What a machine can judge of a page: the accessibility rules that axe knows
// (WCAG 2.2 A and AA, contrast among them), and that nothing is wider than the
// window.
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// What opens over a page hangs outside its landmarks; and the component
// library's menus begin with an empty element that takes the first focus.
const left = { region: { enabled: false } }
const quirks = [{ id: 'aria-required-children', html: /data-menu-dropdown/ }]
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The faults of the page as it stands, a line each. */
export async function audit(page) {
  const faults = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth > clientWidth ? [`the page is ${scrollWidth - clientWidth} px wider than the window`] : []
  })
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  const violations = await page.evaluate(
    async ([values, rules]) => {
      const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values }, rules })
      // Within the API reference the library answers for everything but the colours, which are ours.
      const foreign = ({ target }) =>
        typeof target[0] === 'string' && document.querySelector(target[0])?.closest('.swagger-ui')
      return violations.map((v) => ({ ...v, nodes: v.nodes.filter((n) => v.id === 'color-contrast' || !foreign(n)) }))
    },
    [tags, left],
  )
  for (const { id, help, nodes } of violations) {
    for (const node of nodes.slice(0, 3)) {
      if (quirks.some((quirk) => quirk.id === id && quirk.html.test(node.html))) continue
      const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ')
      faults.push(
        `${id}: ${help}: ${node.html.replace(/mantine-[a-z0-9]{6,12}\b/g, 'ID').slice(0, 160)} (${why.slice(0, 220)})`,
      )
    }
  }
  return faults
}
