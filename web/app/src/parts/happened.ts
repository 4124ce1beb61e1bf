import type { HistoryEntry } from '../api/types'
import { permissionName } from './permission'

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
}

/** What a kind of entry is called. */
export function happened(kind: string): string {
  return kinds[kind] ?? kind
}

/** What the entry's detail says beyond its kind. */
export function describe({ detail = {} }: HistoryEntry): string {
  const parts: string[] = []
  if (detail.from && detail.to) parts.push(`${permissionName(detail.from)} → ${permissionName(detail.to)}`)
  else if (detail.to) parts.push(permissionName(detail.to))
  if (detail.lists) parts.push(detail.lists.map((l) => l.name).join(', '))
  if (detail.tags) parts.push(detail.tags.map((t) => t.name).join(', '))
  if (detail.fields) parts.push(detail.fields.map((f) => f.replaceAll('_', ' ')).join(', '))
  if (detail.source) parts.push(`by ${detail.source === 'Contact' ? 'the contact' : 'the account'}`)
  if (detail.reason) parts.push(`“${detail.reason}”`)
  if (detail.shown) parts.push(`They read: “${detail.shown}”`)
  return parts.join(' · ')
}
