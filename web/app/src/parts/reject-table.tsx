import type { RejectedRow } from '../api/types'
import { Rows } from './rows'

/** Rows of a file that were not taken, or would not be, and why. */
export function RejectTable({ rows }: { rows: RejectedRow[] }) {
  return (
    <Rows
      label="Rejected rows"
      rows={rows}
      keyOf={(row) => `${row.line} ${row.column}`}
      columns={[
        { head: 'Line', width: '5rem', cell: (row) => row.line.toLocaleString() },
        { head: 'Column', width: '25%', cell: (row) => row.column },
        { head: 'Value', width: '30%', cell: (row) => row.value },
        { head: 'Reason', cell: (row) => row.reason },
      ]}
    />
  )
}
