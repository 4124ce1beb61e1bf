// The app is a client like any other: it calls /v3 for the product and
// /kith/v1 for the rest, with the session's cookie.

import { problemOf } from './problem'

type Query = Record<string, string | number | boolean | undefined>

function withQuery(path: string, query?: Query): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  if (given.length === 0) return path
  return `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}

async function call<T>(method: string, path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, { ...init, method, credentials: 'same-origin' })
  if (answer.status === 401) {
    // The session ended: sign in and come back to this page.
    window.location.assign(`/login?return_to=${encodeURIComponent(window.location.pathname + window.location.search)}`)
    return new Promise<T>(() => {})
  }
  if (!answer.ok) throw await problemOf(answer)
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

function send<T>(method: string, path: string, body: unknown): Promise<T> {
  return call<T>(method, path, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  })
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>('GET', withQuery(path, query), { signal }),
  post: <T>(path: string, body?: unknown) => send<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => send<T>('PUT', path, body),
  delete: <T>(path: string) => call<T>('DELETE', path),
  upload: <T>(path: string, form: FormData) => call<T>('POST', path, { body: form }),
}
