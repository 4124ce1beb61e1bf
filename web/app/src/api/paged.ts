import { useInfiniteQuery } from '@tanstack/react-query'

import { api } from './client'
import type { Links } from './types'

/**
 * A list that is read page by page. A next link carries everything in its
 * cursor, so a later page is asked for by that alone.
 */
export function usePaged<P extends { _links?: Links }, T>(
  path: string,
  query: Record<string, string | number | boolean | undefined>,
  items: (page: P) => T[],
  options: { refetchInterval?: number | false } = {},
) {
  const result = useInfiniteQuery({
    queryKey: [path, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.get<P>(path, pageParam ? { cursor: pageParam } : query, signal),
    getNextPageParam: (page) => {
      const href = page._links?.next?.href
      return href ? (new URL(href, window.location.origin).searchParams.get('cursor') ?? undefined) : undefined
    },
    refetchInterval: options.refetchInterval ?? false,
  })
  return {
    rows: result.data?.pages.flatMap(items) ?? [],
    first: result.data?.pages[0],
    waiting: result.isPending,
    error: result.error,
    retry: () => void result.refetch(),
    more: result.hasNextPage ? () => void result.fetchNextPage() : undefined,
    loadingMore: result.isFetchingNextPage,
  }
}
