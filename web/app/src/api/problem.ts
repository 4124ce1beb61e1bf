// What a refused request says: one text for people, and a text for each field.

import type { ReactNode } from 'react'

export interface FieldProblem {
  path: string
  code: string
  message: string
}

export class ApiError extends Error {
  readonly status: number
  /** Stable, dotted name of the failure; /errors/{code} explains it. */
  readonly code: string
  readonly requestId: string
  readonly problems: FieldProblem[]
  readonly detail: Record<string, unknown>

  constructor(
    status: number,
    message: string,
    code: string,
    requestId: string,
    problems: FieldProblem[],
    detail: Record<string, unknown>,
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.requestId = requestId
    this.problems = problems
    this.detail = detail
  }
}

/** Reads a refusal in any of the forms that v3 has. */
export async function problemOf(answer: Response): Promise<ApiError> {
  let body: unknown
  try {
    body = await answer.json()
  } catch {
    body = undefined
  }
  const first = (Array.isArray(body) ? body[0] : body) as Record<string, unknown> | undefined
  const message =
    [first?.error_message, first?.error_description, first?.message].find((text) => typeof text === 'string') ??
    `The server answered ${answer.status}.`
  return new ApiError(
    answer.status,
    String(message),
    answer.headers.get('Kith-Error-Code') ?? '',
    answer.headers.get('Kith-Request-Id') ?? '',
    (first?.problems as FieldProblem[] | undefined) ?? [],
    first ?? {},
  )
}

export interface Place {
  /** The form's field for the API's path, where the names differ. */
  field?: (path: string) => string
  /** The same for the path with its indexes, phone_numbers[1].kind, where elements have fields of their own. */
  element?: (path: string) => string | undefined
  /** What to say at which field for a refusal as a whole, by its code. */
  code?: Record<string, (failure: ApiError) => Record<string, ReactNode>>
}

/**
 * What a refusal says at each field of a form, and whether something is left
 * that no field can say.
 */
export function placed(
  failure: unknown,
  names: string[],
  place: Place = {},
): { fields: Record<string, ReactNode>; whole: boolean } {
  if (!(failure instanceof ApiError)) return { fields: {}, whole: true }
  const about = place.code?.[failure.code]
  if (about) return { fields: about(failure), whole: false }
  const fields: Record<string, string> = {}
  let whole = failure.problems.length === 0
  for (const problem of failure.problems) {
    // A fault of one element, redirect_uris[1], is a fault of the field that holds them all.
    const path = problem.path.replace(/\[\d+\]/g, '')
    const name = place.element?.(problem.path) ?? place.field?.(path) ?? path
    const text = sentence(problem.message)
    if (names.includes(name)) fields[name] = fields[name] ? `${fields[name]} ${text}` : text
    else whole = true
  }
  return { fields, whole }
}

/** The message as a sentence of its own. */
function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  if (error instanceof TypeError) return 'The server could not be reached. Check your connection and try again.'
  return error instanceof Error ? error.message : String(error)
}
