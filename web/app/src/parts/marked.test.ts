import { describe, expect, it } from 'vitest'

import { marked } from './marked'

describe('marked', () => {
  it('leaves a text without faults as it is', () => {
    expect(marked('a\r\n\nb', [{}])).toEqual([[{ text: 'a' }], [{ text: '' }], [{ text: 'b' }]])
  })
  it('cuts where faults lie, whatever their order', () => {
    expect(
      marked('{"a": "é😀", "b": 1}', [
        { line: 1, column: 18, length: 1 },
        { line: 1, column: 7, length: 4 },
      ]),
    ).toEqual([
      [{ text: '{"a": ' }, { text: '"é😀"', fault: 1 }, { text: ', "b": ' }, { text: '1', fault: 0 }, { text: '}' }],
    ])
  })
  it('gives what several faults share to the first', () => {
    expect(
      marked('{}', [
        { line: 1, column: 1, length: 1 },
        { line: 1, column: 1, length: 1 },
      ]),
    ).toEqual([[{ text: '{', fault: 0 }, { text: '}' }]])
  })
  it('marks the end of a line that lacks something', () => {
    expect(marked('{', [{ line: 1, column: 2, length: 1 }])).toEqual([[{ text: '{' }, { text: ' ', fault: 0 }]])
  })
})
