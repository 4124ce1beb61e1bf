// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { beforeAll, expect, it } from 'vitest'

import { Permission } from './permission'

beforeAll(() => {
  // jsdom has no media queries.
  window.matchMedia = (query) =>
    ({
      matches: false,
      media: query,
      addListener() {},
      removeListener() {},
      addEventListener() {},
      removeEventListener() {},
    }) as never
})

it.each([
  ['explicit', 'Subscribed'],
  ['unsubscribed', 'Unsubscribed'],
  [undefined, 'No permission'],
  ['something_new', 'something_new'],
])('%s is shown as %s', (value, words) => {
  const { unmount } = render(
    <MantineProvider>
      <Permission value={value} />
    </MantineProvider>,
  )
  expect(screen.getByText(words)).toBeTruthy()
  unmount()
})
