// The API reference: the served documents, with sign-in by OAuth and calls
// that can be tried. It is itself a registered public client (code with PKCE).
import 'swagger-ui-dist/swagger-ui.css'
import './reference.css'

import SwaggerUIBundle from 'swagger-ui-dist/swagger-ui-es-bundle'

import { replay } from './replay'
import type { SwaggerUISystem } from './swagger'

interface Document {
  name: string
  url: string
}

interface Config {
  client_id: string
  documents: Document[]
  scopes: string[]
}

/** The library's sheet for the dark hangs on a class, not on what the system says. */
function followScheme() {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
  dark.addEventListener('change', follow)
  follow()
}

/** The document named in the address (?api=v3), or the first. */
function chosen(documents: Document[]): Document | undefined {
  const name = new URLSearchParams(window.location.search).get('api')
  return documents.find((d) => d.name === name) ?? documents[0]
}

/** Links to the other documents: the library would choose between them only in a frame of its own. */
function list(documents: Document[], present: Document | undefined) {
  const nav = document.getElementById('documents')
  for (const d of documents) {
    const link = document.createElement('a')
    link.href = `?api=${encodeURIComponent(d.name)}`
    link.textContent = d.name
    if (d === present) link.ariaCurrent = 'page'
    nav?.append(link)
  }
}

async function show(config: Config) {
  const present = chosen(config.documents)
  list(config.documents, present)
  const request = new URLSearchParams(window.location.search).get('request')
  const filled = request && present ? await replay(request, present.url) : undefined
  // The library opens what the address names when it has drawn the document.
  if (filled?.hash) window.location.replace(filled.hash)
  if (filled) say(filled.note)
  const ui: SwaggerUISystem = SwaggerUIBundle({
    dom_id: '#reference',
    url: present?.url,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    tryItOutEnabled: true,
    filter: true,
    oauth2RedirectUrl: `${window.location.origin}/reference/oauth2-redirect.html`,
    onComplete: () => filled?.fill?.(ui),
  }) as unknown as SwaggerUISystem
  ui.initOAuth({
    clientId: config.client_id,
    scopes: config.scopes,
    usePkceWithAuthorizationCodeGrant: true,
  })
}

/** Says something above the operations. */
function say(text: string) {
  const note = document.getElementById('note')
  if (!note) return
  note.textContent = text
  note.hidden = false
}

followScheme()
try {
  const answer = await fetch('/reference/config.json')
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  await show((await answer.json()) as Config)
} catch (failure) {
  const trouble = document.getElementById('trouble')
  if (trouble) {
    trouble.hidden = false
    trouble.textContent = `The reference could not be loaded: ${failure instanceof Error ? failure.message : failure}. Reload the page to try again.`
  }
}
