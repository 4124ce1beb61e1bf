/** Where a text has a fault: line and column from 1, and how many characters. */
export interface Place {
  line?: number
  column?: number
  length?: number
}

/** A piece of a line; of a fault where it has its number, from 0. */
export interface Piece {
  text: string
  fault?: number
}

/** The lines of a text, each cut where faults begin and end. What overlaps an earlier fault is left to that one. */
export function marked(text: string, places: Place[]): Piece[][] {
  return text.split('\n').map((line, i) => {
    const characters = Array.from(line.replace(/\r$/, ''))
    const here = places
      .map((p, fault) => ({ ...p, fault }))
      .filter((p) => p.line === i + 1 && p.column !== undefined)
      .sort((a, b) => a.column! - b.column!)
    const pieces: Piece[] = []
    let done = 0
    for (const p of here) {
      const from = p.column! - 1
      if (from < done) continue
      if (from > done) pieces.push({ text: characters.slice(done, from).join('') })
      // Where something is missing at the end of a line there is nothing to mark but the end itself.
      const to = Math.min(from + (p.length ?? 1), characters.length)
      pieces.push({ text: from < characters.length ? characters.slice(from, to).join('') : ' ', fault: p.fault })
      done = Math.max(to, from)
    }
    if (done < characters.length || pieces.length === 0) pieces.push({ text: characters.slice(done).join('') })
    return pieces
  })
}
