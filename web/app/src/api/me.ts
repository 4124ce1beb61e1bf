import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'

import { api } from './client'

export type Role = 'owner' | 'manager' | 'campaign_creator'

export interface Me {
  user: {
    user_id: string
    username: string
    email: string
    first_name?: string
    last_name?: string
    confirmed: boolean
  }
  account: {
    account_id: string
    encoded_account_id: string
    organization_name?: string
    time_zone_id?: string
    role: Role
    privileges: string[]
    status: string
  }
  accounts: { account_id: string; organization_name?: string; role: Role }[]
  server: { version: string; public_url: string; smtp: boolean; signup: string }
}

/** Who is signed in, where, and what they may do. Loaded before any page. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Me>('/kith/v1/me', undefined, signal),
  staleTime: 60_000,
})

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

export function useMay(privilege: string): boolean {
  return useMe().account.privileges.includes(privilege)
}
