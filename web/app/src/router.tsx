import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router'

import { meQuery } from './api/me'
import { AccessKeysPage } from './pages/access-keys'
import { ActivitiesPage, type ActivitySearch } from './pages/activities'
import { ActivityPage } from './pages/activity-detail'
import { ApplicationPage } from './pages/application'
import { ApplicationsPage } from './pages/applications'
import { BouncesPage, type BouncesSearch } from './pages/bounces'
import { ContactPage } from './pages/contact'
import { ContactsPage, type ContactSearch } from './pages/contacts'
import { FieldsPage } from './pages/fields'
import { FormPage } from './pages/form'
import { FormsPage } from './pages/forms'
import { ImportsPage, type ImportSearch } from './pages/imports'
import { ListsPage, type ListSearch } from './pages/lists'
import { MailPage } from './pages/mail'
import { OutboxPage, type OutboxSearch } from './pages/outbox'
import { RequestPage } from './pages/request'
import { RequestsPage, type RequestSearch } from './pages/requests'
import { SegmentsPage } from './pages/segments'
import { SenderDomainPage } from './pages/sender-domain'
import { SettingsPage } from './pages/settings'
import { TagsPage, type TagSearch } from './pages/tags'
import { TemplatePage } from './pages/template'
import { TemplatesPage, type TemplatesSearch } from './pages/templates'
import { UsersPage } from './pages/users'
import { WelcomePage } from './pages/welcome'
import { ButtonLink } from './parts/link'
import { Page } from './parts/page'
import { Shell } from './parts/shell'
import { Failed, Waiting } from './parts/states'

interface Context {
  queries: QueryClient
}

const root = createRootRouteWithContext<Context>()({
  // Nothing is shown before it is known who is signed in.
  loader: ({ context }) => context.queries.ensureQueryData(meQuery),
  component: Shell,
  pendingComponent: Waiting,
  errorComponent: Broken,
  notFoundComponent: () => (
    <Page
      title="There is no such page"
      description="The address may be mistyped, or the thing was deleted."
      actions={
        <ButtonLink to="/" variant="default">
          Go to the start
        </ButtonLink>
      }
    />
  ),
})

/** What is shown in place of a page that broke. */
function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="Something broke">
      <Failed error={error} retry={reset} />
    </Page>
  )
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: WelcomePage }),
  createRoute({
    getParentRoute: () => root,
    path: '/contacts',
    component: ContactsPage,
    validateSearch: (given: Record<string, unknown>): ContactSearch => ({
      search: text(given.search),
      list: text(given.list),
      tag: text(given.tag),
      segment: typeof given.segment === 'number' ? String(given.segment) : text(given.segment),
      status: text(given.status),
      sort: text(given.sort),
    }),
  }),
  createRoute({ getParentRoute: () => root, path: '/contacts/$id', component: ContactPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/lists',
    component: ListsPage,
    validateSearch: (given: Record<string, unknown>): ListSearch => ({ search: text(given.search) }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tags',
    component: TagsPage,
    validateSearch: (given: Record<string, unknown>): TagSearch => ({ search: text(given.search) }),
  }),
  createRoute({ getParentRoute: () => root, path: '/fields', component: FieldsPage }),
  createRoute({ getParentRoute: () => root, path: '/forms', component: FormsPage }),
  createRoute({ getParentRoute: () => root, path: '/forms/$id', component: FormPage }),
  createRoute({ getParentRoute: () => root, path: '/segments', component: SegmentsPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/imports',
    component: ImportsPage,
    validateSearch: (given: Record<string, unknown>): ImportSearch => ({ activity: text(given.activity) }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/activities',
    component: ActivitiesPage,
    validateSearch: (given: Record<string, unknown>): ActivitySearch => ({ state: text(given.state) }),
  }),
  createRoute({ getParentRoute: () => root, path: '/activities/$id', component: ActivityPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/outbox',
    component: OutboxPage,
    validateSearch: (given: Record<string, unknown>): OutboxSearch => ({
      state: text(given.state),
      kind: text(given.kind),
      to: text(given.to),
    }),
  }),
  createRoute({ getParentRoute: () => root, path: '/outbox/$id', component: MailPage }),
  createRoute({ getParentRoute: () => root, path: '/applications', component: ApplicationsPage }),
  createRoute({ getParentRoute: () => root, path: '/applications/$id', component: ApplicationPage }),
  createRoute({ getParentRoute: () => root, path: '/access-keys', component: AccessKeysPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/requests',
    component: RequestsPage,
    validateSearch: (given: Record<string, unknown>): RequestSearch => ({
      application: text(given.application),
      status: typeof given.status === 'number' ? String(given.status) : text(given.status),
      time: text(given.time),
      search: typeof given.search === 'number' ? String(given.search) : text(given.search),
    }),
  }),
  createRoute({ getParentRoute: () => root, path: '/requests/$id', component: RequestPage }),
  createRoute({ getParentRoute: () => root, path: '/users', component: UsersPage }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/templates',
    component: TemplatesPage,
    validateSearch: (given: Record<string, unknown>): TemplatesSearch => ({ language: text(given.language) }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/templates/$kind',
    component: TemplatePage,
    validateSearch: (given: Record<string, unknown>): TemplatesSearch => ({ language: text(given.language) }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/bounces',
    component: BouncesPage,
    validateSearch: (given: Record<string, unknown>): BouncesSearch => ({
      search: text(given.search),
      reason: text(given.reason),
    }),
  }),
  createRoute({ getParentRoute: () => root, path: '/settings/domains/$name', component: SenderDomainPage }),
] as const

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren(routes),
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: Broken,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
