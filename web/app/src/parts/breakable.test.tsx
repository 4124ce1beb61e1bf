// @vitest-environment jsdom
import { render } from '@testing-library/react'
import { expect, it } from 'vitest'

import { Breakable } from './breakable'

it('may break behind the marks of an address, and says the same', () => {
  const { container } = render(<Breakable text="ada.byron@mail.example.org" />)
  expect(container.textContent).toBe('ada.byron@mail.example.org')
  expect(container.innerHTML).toBe('ada.<wbr>byron@<wbr>mail.<wbr>example.<wbr>org')
})
