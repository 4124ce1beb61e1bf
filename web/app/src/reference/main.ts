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

const ui = SwaggerUIBundle({
  dom_id: '#reference',
  urls: config.documents,
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
