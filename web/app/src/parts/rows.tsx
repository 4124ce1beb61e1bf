import { Card } from '@mantine/core'
import type { ReactNode } from 'react'

import classes from './rows.module.css'

export interface Column<T> {
  head: string
  cell: (row: T) => ReactNode
  /**
   * title is what the row is called, actions what can be done with it, select
   * whether it is chosen, number is set to the right; wide is left out of cards.
   */
  as?: 'title' | 'actions' | 'select' | 'number' | 'wide'
  /** The share of the table's width; what is left goes to the other columns. */
  width?: string
}

/** A table that becomes a list of cards where it has little room. */
export function Rows<T>({
  label,
  columns,
  rows,
  keyOf,
  stale = false,
}: {
  label: string
  columns: Column<T>[]
  rows: T[]
  keyOf: (row: T) => string
  /** The rows answer an earlier question; those that answer this one are on their way. */
  stale?: boolean
}) {
  return (
    <Card className={classes.frame}>
      <table
        aria-label={label}
        aria-busy={stale}
        className={stale ? `${classes.table} ${classes.stale}` : classes.table}
      >
        <thead>
          <tr>
            {columns.map((c) => (
              <th
                key={c.head}
                scope="col"
                style={{ width: c.width }}
                className={c.as === 'number' ? classes.right : undefined}
              >
                {c.as === 'actions' || c.as === 'select' ? <span className="heard">{c.head}</span> : c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((c) => {
                const content = c.cell(row)
                const empty = content === null || content === undefined || content === ''
                return (
                  <td key={c.head} className={classOf(c)} data-label={c.head}>
                    {!empty && <div>{content}</div>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function classOf<T>(column: Column<T>): string {
  switch (column.as) {
    case 'title':
      return classes.title ?? ''
    case 'actions':
      return `${classes.actions} ${classes.right}`
    case 'select':
      return classes.actions ?? ''
    case 'number':
      return `${classes.labelled} ${classes.right}`
    case 'wide':
      return classes.wide ?? ''
    case undefined:
      return classes.labelled ?? ''
  }
}
