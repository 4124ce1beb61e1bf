import { describe, expect, it } from 'vitest'

import { ApiError, byField, messageOf, problemOf } from './problem'

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

describe('a refusal', () => {
  it('is read from an array of one, with the problems of its fields', async () => {
    const error = await problemOf(
      answer(
        400,
        [
          {
            error_key: 'contacts.api.validation.error',
            error_message: 'name is missing',
            problems: [{ path: 'name', code: 'required', message: 'is missing' }],
          },
        ],
        { 'Kith-Error-Code': 'request.invalid', 'Kith-Request-Id': 'r1' },
      ),
    )
    expect(error.message).toBe('name is missing')
    expect(error.code).toBe('request.invalid')
    expect(error.requestId).toBe('r1')
    expect(byField(error)).toEqual({ name: 'is missing' })
  })

  it('is read from one object', async () => {
    const error = await problemOf(
      answer(403, { error_key: 'access_denied', error_message: 'Your role does not allow this.' }),
    )
    expect(error.status).toBe(403)
    expect(error.message).toBe('Your role does not allow this.')
    expect(byField(error)).toEqual({})
  })

  it('has words also where the body is no JSON', async () => {
    const error = await problemOf(answer(502, '<html>'))
    expect(error.message).toBe('The server answered 502.')
  })
})

describe('what is shown', () => {
  it('tells a lost connection from a refusal', () => {
    expect(messageOf(new TypeError('Failed to fetch'))).toMatch(/could not be reached/)
    expect(messageOf(new ApiError(409, 'taken', '', '', [], {}))).toBe('taken')
  })
})
