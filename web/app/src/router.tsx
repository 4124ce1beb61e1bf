import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router'

import { meQuery } from './api/me'
import { WelcomePage } from './pages/welcome'
import { Shell } from './parts/shell'
import { Empty, Failed, Waiting } from './parts/states'

interface Context {
  queries: QueryClient
}

const root = createRootRouteWithContext<Context>()({
  // Nothing is shown before it is known who is signed in.
  loader: ({ context }) => context.queries.ensureQueryData(meQuery),
  component: Shell,
  pendingComponent: Waiting,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  notFoundComponent: () => (
    <Empty title="There is no such page">The address may be mistyped, or the thing was deleted.</Empty>
  ),
})

const routes = [createRoute({ getParentRoute: () => root, path: '/', component: WelcomePage })]

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree: root.addChildren(routes), context: { queries }, defaultPreload: 'intent' })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
