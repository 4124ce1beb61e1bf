import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { messageOf } from '../api/problem'

/**
 * Changes something of a contact by one call, and reads anew what pages show of
 * them. What failed is told at the edge of the page: there is no field to say
 * it at.
 */
export function useChange() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (call: () => Promise<unknown>) => {
      await call()
      await queries.invalidateQueries()
    },
    onError: (failure) => notifications.show({ message: messageOf(failure), color: 'red' }),
  })
}
