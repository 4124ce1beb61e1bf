import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'

import { placed, type Place } from '../api/problem'

/**
 * Sends a form. A refusal is shown at the fields that it names, the first of
 * which gets the focus; error is what no field can say.
 */
export function useSending<V extends Record<string, unknown>>(
  form: UseFormReturnType<V>,
  send: (values: V) => Promise<unknown>,
  place: Omit<Place, 'element'> & { element?: (path: string, values: V) => string | undefined } = {},
) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const submit = form.onSubmit(async (values) => {
    setBusy(true)
    setError(undefined)
    form.clearErrors()
    try {
      await send(values)
    } catch (failure) {
      const { fields, whole } = placed(failure, Object.keys(values), {
        ...place,
        element: (path) => place.element?.(path, values),
      })
      form.setErrors(fields)
      setError(whole ? failure : undefined)
      const [first] = Object.keys(values).filter((name) => name in fields)
      if (first) form.getInputNode(first)?.focus()
    } finally {
      setBusy(false)
    }
  })
  return { busy, error, submit }
}
