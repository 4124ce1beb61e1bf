// oauth4webapi, a client that we did not write and that is strict about the
// RFCs, goes through every flow that it knows. Which server, user and
// applications is said by the environment; oauth_test.go sets it.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as oauth from 'oauth4webapi'

const {
  KITH_URL: base,
  KITH_EMAIL: email,
  KITH_PASSWORD: password,
  KITH_REDIRECT_URI: redirectURI,
  KITH_SERVER_ID: serverID,
  KITH_SERVER_SECRET: serverSecret,
  KITH_PUBLIC_ID: publicID,
  KITH_DEVICE_ID: deviceID,
} = process.env

const insecure = { [oauth.allowInsecureRequests]: true }
const scope = 'contact_data offline_access'

const issuer = new URL(`${base}/oauth2/default`)
const server = await oauth
  .discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  .then((answer) => oauth.processDiscoveryResponse(issuer, answer))

const confidential = { client_id: serverID }
const open = { client_id: publicID }
const device = { client_id: deviceID }

// A browser of the simplest kind: it keeps one cookie and sends forms.
const cookie = await (async () => {
  const answer = await fetch(`${base}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: base },
    body: new URLSearchParams({ email, password }),
  })
  assert.equal(answer.status, 303, 'log in')
  return answer.headers.getSetCookie()[0].split(';')[0]
})()

/** The text of an attribute. */
const plain = (html) => html.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll('&amp;', '&')

/** Opens a consent page and answers it; returns what the server said to that. */
async function consent(address, decision) {
  const page = await fetch(address, { headers: { cookie }, redirect: 'manual' })
  assert.equal(page.status, 200, `consent page at ${address}`)
  const html = await page.text()
  const form = new URLSearchParams({ decision })
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)) {
    if (name !== 'account' && name !== 'return_to') form.set(name, plain(value))
  }
  const action = plain(html.match(/<form method="post" action="([^"]+)"/)[1])
  return fetch(new URL(action, base), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: base },
    body: form,
  })
}

function authorizeURL(client, more) {
  const at = new URL(server.authorization_endpoint)
  at.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectURI,
    response_type: 'code',
    scope,
    ...more,
  })
  return at
}

/** Code with PKCE; returns the tokens. */
async function signIn(client, authentication) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  const answer = await consent(
    authorizeURL(client, { state, code_challenge: challenge, code_challenge_method: 'S256' }),
    'allow',
  )
  const back = oauth.validateAuthResponse(server, client, new URL(answer.headers.get('location')), state)
  const grant = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    back,
    redirectURI,
    verifier,
    insecure,
  )
  return oauth.processAuthorizationCodeResponse(server, client, grant)
}

const clients = [
  ['public', open, oauth.None()],
  ['secret in a header', confidential, oauth.ClientSecretBasic(serverSecret)],
  ['secret in the form', confidential, oauth.ClientSecretPost(serverSecret)],
]

for (const [name, client, authentication] of clients) {
  test(`code, refresh and revoke: ${name}`, async () => {
    const tokens = await signIn(client, authentication)
    assert.equal(tokens.token_type, 'bearer')
    assert.equal(tokens.expires_in, 86400)
    assert.equal(tokens.id_token, undefined)

    const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure)
    const next = await oauth.processRefreshTokenResponse(server, client, answer)
    assert.notEqual(next.refresh_token, tokens.refresh_token)
    assert.notEqual(next.access_token, tokens.access_token)

    const revoked = await oauth.revocationRequest(server, client, authentication, next.refresh_token, insecure)
    await oauth.processRevocationResponse(revoked)
    const late = await oauth.refreshTokenGrantRequest(server, client, authentication, next.refresh_token, insecure)
    await assert.rejects(oauth.processRefreshTokenResponse(server, client, late), {
      error: 'invalid_grant',
      status: 400,
    })
  })
}

test('introspection', async () => {
  const tokens = await signIn(confidential, oauth.ClientSecretBasic(serverSecret))
  const answer = await oauth.introspectionRequest(
    server,
    confidential,
    oauth.ClientSecretBasic(serverSecret),
    tokens.access_token,
    insecure,
  )
  const said = await oauth.processIntrospectionResponse(server, confidential, answer)
  assert.equal(said.active, true)
  assert.equal(said.client_id, serverID)
  assert.equal(said.username, email)
})

test('the user refuses', async () => {
  const answer = await consent(
    authorizeURL(open, {
      state: 'x',
      code_challenge: await oauth.calculatePKCECodeChallenge('a'.repeat(43)),
      code_challenge_method: 'S256',
    }),
    'deny',
  )
  assert.throws(() => oauth.validateAuthResponse(server, open, new URL(answer.headers.get('location')), 'x'), {
    error: 'access_denied',
  })
})

test('a wrong secret', async () => {
  const wrong = oauth.ClientSecretPost('wrong')
  const answer = await oauth.refreshTokenGrantRequest(server, confidential, wrong, 'x', insecure)
  await assert.rejects(oauth.processRefreshTokenResponse(server, confidential, answer), {
    error: 'invalid_client',
    status: 401,
  })
})

test('device', async () => {
  const began = await oauth.deviceAuthorizationRequest(
    server,
    device,
    oauth.None(),
    new URLSearchParams({ scope }),
    insecure,
  )
  const { device_code, verification_uri_complete, interval } = await oauth.processDeviceAuthorizationResponse(
    server,
    device,
    began,
  )
  assert.equal(interval, 5)
  const poll = async () =>
    oauth.processDeviceCodeResponse(
      server,
      device,
      await oauth.deviceCodeGrantRequest(server, device, oauth.None(), device_code, insecure),
    )
  await assert.rejects(poll(), { error: 'authorization_pending' })
  assert.equal((await consent(verification_uri_complete, 'allow')).status, 200)
  const tokens = await poll()
  assert.ok(tokens.refresh_token)
})

test('the key set checks access tokens', async () => {
  const tokens = await signIn(open, oauth.None())
  const [head, body, signature] = tokens.access_token.split('.')
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url'))
  assert.equal(alg, 'RS256')
  const { keys } = await (await fetch(server.jwks_uri)).json()
  const key = await crypto.subtle.importKey(
    'jwk',
    keys.find((k) => k.kid === kid),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    false,
    ['verify'],
  )
  assert.ok(
    await crypto.subtle.verify(key.algorithm, key, Buffer.from(signature, 'base64url'), Buffer.from(`${head}.${body}`)),
  )
  const claims = JSON.parse(Buffer.from(body, 'base64url'))
  assert.equal(claims.iss, server.issuer)
  assert.equal(claims.sub, email)
})
