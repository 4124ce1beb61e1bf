import type { HistoryEntry } from '../api/types'
import { permissionName } from './permission'
import { bounceTold } from './suppressed'

const kinds: Record<string, string> = {
  'contact.created': 'Added',
  'contact.updated': 'Changed',
  'contact.deleted': 'Deleted',
  'contact.restored': 'Restored',
  'membership.added': 'Put on lists',
  'membership.removed': 'Taken off lists',
  'tagging.added': 'Tagged',
  'tagging.removed': 'Tags taken off',
  'permission.changed': 'Permission changed',
  'contact.asked': 'Asked by mail',
  'contact.bounced': 'A mail came back',
  'contact.suppressed': 'Address no longer mailed',
  'contact.released': 'Address mailed again',
}

const mails: Record<string, string> = {
  welcome: 'Welcome mail',
  confirm_optin: 'Confirmation mail',
  confirm_reminder: 'Reminder to confirm',
  update_profile: 'Update-profile mail',
  confirm_address: 'Mail to the new address',
}

const reasons: Record<string, string> = {
  own_act: 'they came by themselves',
  confirmed: 'they confirmed',
  owner_asked: 'somebody of the account asked them',
  opted_out: 'they had unsubscribed, and somebody added them again',
  no_answer: 'they have not answered',
  owner_added: 'the account added them',
  known_before: 'they were known before',
  welcomed_before: 'they were welcomed before',
  welcome_off: 'welcome mails are off',
  asked_recently: 'they were asked not long ago',
  restored: 'they had been deleted and came back',
  not_mailable: 'they may not be mailed',
  import: 'they came from a file',
  bulk: 'they were one of many',
  copied: 'they were copied from another server',
}

/** Which mail the contact got for it, or none, and why; empty where none was in question. */
export function mailed(detail: NonNullable<HistoryEntry['detail']>): string {
  if (!detail.why) return ''
  const mail = detail.mail ? (mails[detail.mail] ?? detail.mail) : 'No mail'
  return `${mail}, because ${reasons[detail.why] ?? detail.why}`
}

/** What a kind of entry is called. */
export function happened(kind: string): string {
  return kinds[kind] ?? kind
}

/** What the entry's detail says beyond its kind. */
export function describe({ kind, detail = {} }: HistoryEntry): string {
  const parts: string[] = []
  const bounce = detail.why && bounceTold(kind, detail.why)
  if (bounce) return bounce
  if (detail.from && detail.to) parts.push(`${permissionName(detail.from)} → ${permissionName(detail.to)}`)
  else if (detail.to) parts.push(permissionName(detail.to))
  if (detail.lists) parts.push(detail.lists.map((l) => l.name).join(', '))
  if (detail.tags) parts.push(detail.tags.map((t) => t.name).join(', '))
  if (detail.fields) parts.push(detail.fields.map((f) => f.replaceAll('_', ' ')).join(', '))
  if (detail.source) parts.push(`by ${detail.source === 'Contact' ? 'the contact' : 'the account'}`)
  if (detail.reason) parts.push(`“${detail.reason}”`)
  if (detail.shown) parts.push(`They read: “${detail.shown}”`)
  if (detail.why) parts.push(mailed(detail))
  return parts.join(' · ')
}
