import { createTheme, type MantineColorsTuple } from '@mantine/core'

// One accent, dark enough to carry white text (contrast 5.4:1 at shade 8).
const kith: MantineColorsTuple = [
  '#e6fcfb',
  '#d5f3f3',
  '#aee6e7',
  '#84d9db',
  '#62ced0',
  '#4bc7c9',
  '#2fb1b5',
  '#159499',
  '#0b7285',
  '#075a69',
]

export const theme = createTheme({
  primaryColor: 'kith',
  primaryShade: { light: 8, dark: 7 },
  colors: { kith },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
})
