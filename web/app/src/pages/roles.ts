import type { Role } from '../api/types'

/** What a user may be in an account, from much to little. */
export const roles: { value: Role; label: string; can: string }[] = [
  { value: 'owner', label: 'Owner', can: 'Everything' },
  { value: 'manager', label: 'Manager', can: 'Everything but the account’s own data' },
  { value: 'campaign_creator', label: 'Campaign creator', can: 'Makes campaigns and sees lists; no contacts' },
]

export function roleName(role: Role): string {
  return roles.find((r) => r.value === role)?.label ?? role
}
