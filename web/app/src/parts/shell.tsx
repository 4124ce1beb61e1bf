import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import {
  IconActivity,
  IconApi,
  IconAppWindow,
  IconClipboardText,
  IconFileImport,
  IconFilter,
  IconForms,
  IconKey,
  IconListDetails,
  IconMailbox,
  IconSettings,
  IconTags,
  IconTimeline,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, type ComponentType } from 'react'

import icon from '../../../public/static/icon.svg'
import { useMe } from '../api/me'
import { TextLink } from './link'
import { Person } from './person'
import classes from './shell.module.css'

interface Item {
  to: string
  label: string
  icon: ComponentType<{ size?: number }>
  privilege?: string
  external?: boolean
}

const sections: { title: string; items: Item[] }[] = [
  {
    title: 'Audience',
    items: [
      { to: '/contacts', label: 'Contacts', icon: IconUsers, privilege: 'contacts:read' },
      { to: '/lists', label: 'Lists', icon: IconListDetails, privilege: 'contacts:lists:read' },
      { to: '/tags', label: 'Tags', icon: IconTags, privilege: 'contacts:read' },
      { to: '/segments', label: 'Segments', icon: IconFilter, privilege: 'contacts:lists:read' },
      { to: '/fields', label: 'Custom fields', icon: IconForms, privilege: 'contacts:read' },
      { to: '/forms', label: 'Sign-up forms', icon: IconClipboardText, privilege: 'contacts:read' },
      { to: '/imports', label: 'Import', icon: IconFileImport, privilege: 'contacts:write' },
      { to: '/activities', label: 'Activities', icon: IconActivity, privilege: 'contacts:write' },
      { to: '/outbox', label: 'Outbox', icon: IconMailbox },
    ],
  },
  {
    title: 'Developers',
    items: [
      { to: '/applications', label: 'Applications', icon: IconAppWindow },
      { to: '/access-keys', label: 'Access keys', icon: IconKey },
      { to: '/requests', label: 'Requests', icon: IconTimeline },
      { to: '/reference', label: 'API reference', icon: IconApi, external: true },
    ],
  },
  {
    title: 'Account',
    items: [
      { to: '/users', label: 'Users', icon: IconUsersGroup },
      { to: '/settings', label: 'Settings', icon: IconSettings },
    ],
  },
]

/** The frame of every page: navigation, the account, who is signed in. */
export function Shell() {
  const [open, { toggle, close }] = useDisclosure()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const me = useMe()
  useHotkeys([['Escape', close]])
  useFocusOnArrival(path)
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'xl' }}
      classNames={{ header: classes.header, navbar: classes.navbar, main: classes.main }}
    >
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-expanded={open}
              aria-label={open ? 'Close navigation' : 'Open navigation'}
            />
            <TextLink to="/" underline="never" className={classes.brand}>
              <img src={icon} alt="" width={28} height={28} />
              Kith
            </TextLink>
            <Text size="sm" c="dimmed" truncate title="This account">
              {me.account.organization_name || me.user.username}
            </Text>
          </Group>
          <Person />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main" data-folded={!open || undefined}>
        <ScrollArea p="sm" pt={4}>
          {sections.map((section) => {
            const items = section.items.filter((i) => !i.privilege || me.account.privileges.includes(i.privilege))
            if (items.length === 0) return null
            return (
              <div key={section.title} role="group" aria-label={section.title}>
                <Text size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4} aria-hidden>
                  {section.title}
                </Text>
                {items.map((item) => {
                  const active = path === item.to || path.startsWith(item.to + '/')
                  const shared = {
                    label: item.label,
                    leftSection: <item.icon size={18} aria-hidden />,
                    active,
                    'aria-current': active ? ('page' as const) : undefined,
                    onClick: close,
                    className: classes.link,
                  }
                  return item.external ? (
                    <NavLink key={item.to} component="a" href={item.to} {...shared} />
                  ) : (
                    <NavLink key={item.to} component={Link} to={item.to} {...shared} />
                  )
                })}
              </div>
            )
          })}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

/** Puts the focus at the top of a page that was gone to, as a browser does; the first page has it already. */
function useFocusOnArrival(path: string) {
  const last = useRef(path)
  useEffect(() => {
    if (last.current === path) return
    last.current = path
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [path])
}
