// The app is a client like any other: it calls /v3 for the product and
// /kith/v1 for the rest, with the session's cookie.

import { problemOf } from './problem'

type Query = Record<string, string | number | boolean | undefined>

export function withQuery(path: string, query?: Query): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  if (given.length === 0) return path
  return `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}

/** The session ended: sign in and come back to this page. */
function signIn(): Promise<never> {
  window.location.assign(`/login?return_to=${encodeURIComponent(window.location.pathname + window.location.search)}`)
  return new Promise<never>(() => {})
}

async function read<T>(answer: Response): Promise<T> {
  if (answer.status === 401) return signIn()
  if (!answer.ok) throw await problemOf(answer)
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

async function call<T>(method: string, path: string, init: RequestInit = {}): Promise<T> {
  return read<T>(await fetch(path, { ...init, method, credentials: 'same-origin' }))
}

function send<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return call<T>(method, path, {
    ...(signal && { signal }),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  })
}

/**
 * Sends a file as the form field "file". fetch cannot tell how far an upload
 * has come, so this is the older way. tell is given the part that is sent, 0
 * to 1.
 */
function upload<T>(path: string, file: File, tell: (part: number) => void, signal: AbortSignal): Promise<T> {
  const form = new FormData()
  form.append('file', file)
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) tell(event.loaded / event.total)
    }
    request.onload = () => {
      const headers = new Headers()
      for (const name of ['Kith-Error-Code', 'Kith-Request-Id']) {
        const value = request.getResponseHeader(name)
        if (value) headers.set(name, value)
      }
      resolve(read<T>(new Response(request.responseText || null, { status: request.status, headers })))
    }
    request.onerror = () => reject(new TypeError('the upload broke off'))
    request.onabort = () => reject(new DOMException('the upload was given up', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>('GET', withQuery(path, query), { signal }),
  post: <T>(path: string, body?: unknown, signal?: AbortSignal) => send<T>('POST', path, body, signal),
  put: <T>(path: string, body: unknown) => send<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => send<T>('PATCH', path, body),
  delete: <T>(path: string, body?: unknown) =>
    body === undefined ? call<T>('DELETE', path) : send<T>('DELETE', path, body),
  upload,
}
