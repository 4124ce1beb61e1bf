import { Fragment } from 'react'

/** A long word that has no spaces, such as an address, which may break behind its marks rather than anywhere. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[@._/-])(?=\w)/).map((part, i) => (
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
