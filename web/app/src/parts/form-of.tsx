import { Button, Group, Stack } from '@mantine/core'
import type { FormEventHandler, ReactNode } from 'react'

import classes from './form-of.module.css'
import { Failed } from './states'

/** A form that is a part of a page: what failed above its fields, its button below. */
export function FormOf({
  submit,
  busy,
  error,
  save,
  disabled = false,
  children,
}: {
  submit: FormEventHandler<HTMLFormElement>
  busy: boolean
  error: unknown
  /** What the button says. */
  save: string
  /** The fields can be read, not changed. */
  disabled?: boolean
  children: ReactNode
}) {
  return (
    <form noValidate onSubmit={submit}>
      <fieldset disabled={disabled} className={classes.fields}>
        <Stack>
          {error !== undefined && <Failed error={error} />}
          {children}
          {!disabled && (
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                {save}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  )
}
