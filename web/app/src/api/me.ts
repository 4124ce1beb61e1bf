import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'

import { api } from './client'
import type { Me } from './types'

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
