import type { Flow } from '../api/types'

/** What an integrator builds, in their words, and the flow that fits it. */
export const flows: { value: Flow; label: string; description: string }[] = [
  {
    value: 'code',
    label: 'A web server or plugin',
    description: 'It can keep a secret. Authorization code flow, and the implicit flow.',
  },
  {
    value: 'pkce',
    label: 'A browser, desktop or mobile app',
    description: 'Everyone could read a secret in it. Authorization code flow with PKCE.',
  },
  {
    value: 'device',
    label: 'A device or a command line',
    description: 'It has no browser of its own. The person allows it on a second device.',
  },
]
