import { describe, expect, it } from 'vitest'

import { ApiError, messageOf, placed, problemOf } from './problem'

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
    expect(error.problems).toEqual([{ path: 'name', code: 'required', message: 'is missing' }])
  })

  it('is read from one object', async () => {
    const error = await problemOf(
      answer(403, { error_key: 'access_denied', error_message: 'Your role does not allow this.' }),
    )
    expect(error.status).toBe(403)
    expect(error.message).toBe('Your role does not allow this.')
    expect(error.problems).toEqual([])
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

describe('a refusal at the fields of a form', () => {
  const refusal = (problems: { path: string; message: string }[], code = 'request.invalid') =>
    new ApiError(
      400,
      'The request has faults.',
      code,
      '',
      problems.map((p) => ({ code: 'value', ...p })),
      {},
    )

  it('stands at the field that it names, as a sentence', () => {
    expect(placed(refusal([{ path: 'name', message: 'is missing' }]), ['name'])).toEqual({
      fields: { name: 'Is missing.' },
      whole: false,
    })
  })

  it('of one element stands at the field of them all, and several are joined', () => {
    const uris = [
      { path: 'redirect_uris[0]', message: 'is no URI' },
      { path: 'redirect_uris[2]', message: 'has a fragment' },
    ]
    expect(placed(refusal(uris), ['name', 'redirect_uris']).fields).toEqual({
      redirect_uris: 'Is no URI. Has a fragment.',
    })
  })

  it('finds a field of another name', () => {
    const found = placed(refusal([{ path: 'email_address.address', message: 'is missing' }]), ['address'], {
      field: (path) => path.replace('email_address.', ''),
    })
    expect(found).toEqual({ fields: { address: 'Is missing.' }, whole: false })
  })

  it('is shown as a whole where a part of it has no field', () => {
    const found = placed(
      refusal([
        { path: 'name', message: 'is missing' },
        { path: 'elsewhere', message: 'is wrong' },
      ]),
      ['name'],
    )
    expect(found).toEqual({ fields: { name: 'Is missing.' }, whole: true })
  })

  it('without problems is shown as a whole, unless its code belongs to a field', () => {
    expect(placed(refusal([]), ['name'])).toEqual({ fields: {}, whole: true })
    const place = { code: { 'list.name.taken': (e: ApiError) => ({ name: e.message }) } }
    expect(placed(refusal([], 'list.name.taken'), ['name'], place)).toEqual({
      fields: { name: 'The request has faults.' },
      whole: false,
    })
  })

  it('that never reached the server is shown as a whole', () => {
    expect(placed(new TypeError('Failed to fetch'), ['name'])).toEqual({ fields: {}, whole: true })
  })
})
