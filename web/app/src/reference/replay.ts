// A request of the log, filled into the form of its operation: the page
// /requests leads here (?request=…).

import type { SwaggerUISystem } from './swagger'

/** What is read of a request of the log. */
interface Logged {
  method: string
  path: string
  route?: string
  query?: string
  body?: { text: string; cut?: boolean }
}

interface Operation {
  operationId: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: unknown
}

interface Parameter {
  name: string
  in: string
  schema?: { type?: string }
}

interface Spec {
  servers?: { url: string }[]
  paths: Record<string, Record<string, Operation>>
}

/** What is to be said about the request, where it can be opened, and how it is filled in. */
interface Replay {
  note: string
  /** The end of the address that opens the operation. */
  hash?: string
  fill?: (ui: SwaggerUISystem) => void
}

/** Looks up a request of the log and its operation in a document. */
export async function replay(id: string, document: string): Promise<Replay> {
  const [answer, described] = await Promise.all([fetch(`/kith/v1/requests/${encodeURIComponent(id)}`), fetch(document)])
  if (answer.status === 401) return { note: 'The request of the log can be filled in when you are logged in.' }
  if (!answer.ok || !described.ok)
    return { note: 'The request of the log could not be read. It may be older than the log keeps.' }
  const logged = (await answer.json()) as Logged
  const spec = (await described.json()) as Spec
  const below = new URL(spec.servers?.[0]?.url ?? '', window.location.origin).pathname.replace(/\/$/, '')
  const path = logged.route?.startsWith(below) ? logged.route.slice(below.length) : ''
  const method = logged.method.toLowerCase()
  const operation = spec.paths[path]?.[method]
  if (!operation) return { note: 'The request of the log has no operation in this reference.' }
  return {
    note: logged.body?.cut
      ? 'This is a request of the log. Its body was too long to be kept whole.'
      : 'This is a request of the log. Where it has asterisks, addresses and secrets stood: put them in, sign in with Authorize, and execute it.',
    hash: `#/${encodeURIComponent(operation.tags?.[0] ?? 'default')}/${encodeURIComponent(operation.operationId)}`,
    fill: (ui) => {
      const place: [string, string] = [path, method]
      const given = values(below + path, logged)
      for (const p of operation.parameters ?? []) {
        const all = given(p)
        if (all.length > 0)
          ui.specActions.changeParam(place, p.name, p.in, p.schema?.type === 'array' ? all : all.join(','), false)
      }
      const body = logged.body
      if (!operation.requestBody || !body || body.cut) return
      // The form is drawn with an example in it; what is put there before is lost.
      void drawn('.opblock.is-open textarea').then(() => {
        ui.oas3Actions.setRetainRequestBodyValueFlag({ value: true, pathMethod: place })
        ui.oas3Actions.setRequestBodyValue({ value: body.text, pathMethod: place })
      })
    },
  }
}

/** The values that a request has for a parameter. */
export function values(route: string, logged: Pick<Logged, 'path' | 'query'>) {
  const query = new URLSearchParams(logged.query ?? '')
  const names = route.split('/').filter(Boolean)
  const texts = logged.path.split('/').filter(Boolean)
  return (p: Pick<Parameter, 'name' | 'in'>): string[] => {
    if (p.in === 'query') return query.getAll(p.name)
    const at = names.indexOf(`{${p.name}}`)
    const text = p.in === 'path' ? texts[at] : undefined
    return text === undefined ? [] : [decodeURIComponent(text)]
  }
}

/** Waits until the page has such an element, for as long as the page is looked at. */
function drawn(selector: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(selector)) resolve()
      else requestAnimationFrame(look)
    }
    look()
  })
}
