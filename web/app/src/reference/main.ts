// The API reference: the served documents, with sign-in by OAuth and calls
// that can be tried. It is itself a registered public client (code with PKCE).
import 'swagger-ui-dist/swagger-ui.css'
import './reference.css'

import SwaggerUIBundle from 'swagger-ui-dist/swagger-ui-es-bundle'

interface Config {
  client_id: string
  documents: { name: string; url: string }[]
  scopes: string[]
}

const config = (await (await fetch('/reference/config.json')).json()) as Config

/** The document named in the address (?api=v3), or the first. */
function chosen() {
  const name = new URLSearchParams(window.location.search).get('api')
  return config.documents.find((d) => d.name === name) ?? config.documents[0]
}

// The library chooses between documents only in a frame of its own.
if (config.documents.length > 1) {
  const nav = document.createElement('nav')
  nav.ariaLabel = 'API'
  for (const d of config.documents) {
    const link = document.createElement('a')
    link.href = `?api=${encodeURIComponent(d.name)}`
    link.textContent = d.name
    if (d === chosen()) link.ariaCurrent = 'page'
    nav.append(link)
  }
  document.body.prepend(nav)
}

const ui = SwaggerUIBundle({
  dom_id: '#reference',
  url: chosen()?.url,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  tryItOutEnabled: true,
  filter: true,
  oauth2RedirectUrl: `${window.location.origin}/reference/oauth2-redirect.html`,
})
ui.initOAuth({
  clientId: config.client_id,
  scopes: config.scopes,
  usePkceWithAuthorizationCodeGrant: true,
})
