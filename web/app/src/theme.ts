import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

import classes from './theme.module.css'

// The colours themselves are in web/public/static/tokens.css, which the pages
// that the server renders share. Here the component library is told to use
// them; it wants ten shades of the accent all the same.
const kith: MantineColorsTuple = [
  '#e3f4f6',
  '#cdeaee',
  '#a5dbe1',
  '#7acad4',
  '#62ced0',
  '#37b3c4',
  '#1f9bad',
  '#118395',
  '#0b7285',
  '#085a69',
]

/** The library's grounds and lines in the dark, in the tint of the tokens. */
const dark: MantineColorsTuple = [
  '#e6ecee',
  '#c9d3d7',
  '#9fb0b7',
  '#6a7b82',
  '#3a484e',
  '#2f3b40',
  '#232d31',
  '#1a2225',
  '#111719',
  '#0c1113',
]

/** A colour of the library and the tokens that stand for it. */
const tones = {
  kith: 'accent',
  red: 'bad',
  green: 'good',
  yellow: 'warn',
} as const

/** Text on a filled ground: the tokens know what can be read on it. */
const variants: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  if (input.variant !== 'filled') return colors
  if (input.color === 'kith' || !input.color) return { ...colors, color: 'var(--on-accent)' }
  if (input.color === 'red') return { ...colors, color: 'var(--on-bad)' }
  return colors
}

export const variables: CSSVariablesResolver = () => {
  const both: Record<string, string> = {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--quiet)',
    '--mantine-color-placeholder': 'var(--quiet)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--card)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-disabled': 'var(--hover)',
    '--mantine-color-disabled-color': 'var(--quiet)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
    '--mantine-color-gray-light': 'var(--hover)',
    '--mantine-color-gray-light-hover': 'var(--line)',
    '--mantine-color-gray-light-color': 'var(--quiet)',
  }
  for (const [color, token] of Object.entries(tones)) {
    const strong = token === 'accent' || token === 'bad' ? `var(--${token}-strong)` : `var(--${token})`
    both[`--mantine-color-${color}-filled`] = `var(--${token})`
    both[`--mantine-color-${color}-filled-hover`] = strong
    both[`--mantine-color-${color}-light`] = `var(--${token}-soft)`
    both[`--mantine-color-${color}-light-hover`] = `var(--${token}-soft)`
    both[`--mantine-color-${color}-light-color`] = `var(--${token})`
    both[`--mantine-color-${color}-outline`] = `var(--${token})`
    both[`--mantine-color-${color}-text`] = `var(--${token})`
  }
  // The same names again for each scheme: the library's own values for a scheme
  // would win over those for both.
  return { variables: {}, light: both, dark: both }
}

export const theme = createTheme({
  primaryColor: 'kith',
  primaryShade: { light: 8, dark: 5 },
  colors: { kith, dark },
  variantColorResolver: variants,
  defaultRadius: 'md',
  radius: { md: 'var(--radius)', lg: 'var(--radius-card)' },
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontWeight: '700' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: { defaultProps: { variant: 'light' }, classNames: { message: classes.message } },
    Anchor: { defaultProps: { inherit: true } },
    Badge: { defaultProps: { variant: 'light', tt: 'none', fw: 600 } },
    Card: { defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' }, classNames: { root: classes.card } },
    Checkbox: { defaultProps: { iconColor: 'var(--on-accent)' } },
    Code: { classNames: { root: classes.code } },
    Combobox: { defaultProps: { shadow: 'md' } },
    Radio: { defaultProps: { iconColor: 'var(--on-accent)' } },
    Input: { classNames: { wrapper: classes.field } },
    InputWrapper: { classNames: { label: classes.label, description: classes.description, error: classes.error } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end' }, classNames: { dropdown: classes.raised } },
    Select: { defaultProps: { checkIconPosition: 'right' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
})
