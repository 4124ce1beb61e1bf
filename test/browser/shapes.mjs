// The windows that pages are looked at in.
const wide = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' }
const narrow = { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' }

export const shapes = {
  'wide-light': { ...wide, colorScheme: 'light' },
  'narrow-dark': { ...narrow, colorScheme: 'dark' },
  'wide-dark': { ...wide, colorScheme: 'dark' },
  'narrow-light': { ...narrow, colorScheme: 'light' },
}
