// What a refused request says: one text for people, and a text for each field.

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

/** The problems by field, as forms take them. */
export function byField(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  return Object.fromEntries(error.problems.map((p) => [p.path, p.message]))
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  if (error instanceof TypeError) return 'The server could not be reached. Check your connection and try again.'
  return error instanceof Error ? error.message : String(error)
}
