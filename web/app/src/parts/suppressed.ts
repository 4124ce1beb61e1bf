import type { Suppression } from '../api/types'

/** The reasons for which an address is not mailed, in a few words. */
export const suppressedBecause: Record<Suppression['reason'], string> = {
  hard: 'Nobody has it',
  soft: 'Mail failed again and again',
  complaint: 'Called a mail unwanted',
  owner: 'Added by hand',
}

const causes: Record<string, string> = {
  no_address: 'there is no such mailbox',
  undeliverable: 'the recipient’s server could not be reached',
  full: 'the mailbox is full',
  suspended: 'it bounced too often',
  vacation: 'an automatic reply came',
  blocked: 'the recipient’s server refused it for what it was, or who sent it',
  other: 'the recipient’s server gave no clear reason',
}

/** Why mail came back. */
export function bouncedBecause(cause: string): string {
  return causes[cause] ?? cause
}

const suppressions: Record<string, string> = {
  hard: 'nobody has it',
  soft: 'mail failed again and again',
  complaint: 'they called a mail unwanted',
  owner: 'somebody of the account said so',
}

const releases: Record<string, string> = {
  arrived: 'a mail arrived',
  confirmed: 'they answered a mail',
  owner: 'somebody of the account said so',
}

/** What history says of a bounce, of a suppression and of its end; undefined for any other kind. */
export function bounceTold(kind: string, why: string): string | undefined {
  switch (kind) {
    case 'contact.bounced':
      return bouncedBecause(why)
    case 'contact.suppressed':
      return suppressions[why] ?? why
    case 'contact.released':
      return releases[why] ?? why
  }
  return undefined
}
