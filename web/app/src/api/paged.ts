import { useInfiniteQuery } from '@tanstack/react-query'

import { api } from './client'
import type { Links } from './types'

/**
 * A list that is read page by page. A next link carries everything in its
 * cursor, so a later page is asked for by that alone. When the question
 * changes, the answer to the last one stays in sight until the new one is here.
 */
export function usePaged<P extends { _links?: Links }, T>(
  path: string,
  query: Record<string, string | number | boolean | undefined>,
  items: (page: P) => T[],
  options: { again?: (rows: T[]) => number } = {},
) {
  const result = useInfiniteQuery({
    queryKey: [path, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.get<P>(path, pageParam ? { cursor: pageParam } : query, signal),
    getNextPageParam: (page) => cursorOf(page._links?.next?.href),
    placeholderData: (last, of) => (of?.queryKey[0] === path ? last : undefined),
    refetchInterval: (now) => options.again?.(now.state.data?.pages.flatMap(items) ?? []) ?? false,
  })
  return {
    rows: result.data?.pages.flatMap(items) ?? [],
    waiting: result.isPending,
    stale: result.isPlaceholderData,
    // A refresh that failed leaves what is there; only a first answer is missed.
    error: result.data ? undefined : result.error,
    retry: () => void result.refetch(),
    more: result.hasNextPage ? () => void result.fetchNextPage() : undefined,
    loadingMore: result.isFetchingNextPage,
  }
}

/** The cursor in a next link; without a link there is none. */
export function cursorOf(href: string | undefined): string | undefined {
  return href ? (new URL(href, 'http://localhost').searchParams.get('cursor') ?? undefined) : undefined
}
