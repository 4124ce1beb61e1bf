import { AppShell, Avatar, Burger, Group, Menu, NavLink, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconActivity,
  IconApi,
  IconAppWindow,
  IconFileImport,
  IconKey,
  IconListDetails,
  IconLogout,
  IconMailbox,
  IconSettings,
  IconUser,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import type { ComponentType } from 'react'

import { api } from '../api/client'
import { useMe } from '../api/me'
import { TextLink } from './link'

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
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'lg' }}
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
              aria-label={open ? 'Close navigation' : 'Open navigation'}
            />
            <TextLink to="/" underline="never" fw={700} fz="lg" c="inherit">
              Kith
            </TextLink>
            <Text c="dimmed" size="sm" truncate title="This account">
              {me.account.organization_name || me.user.username}
            </Text>
          </Group>
          <Person />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Main">
        <ScrollArea>
          {sections.map((section) => {
            const items = section.items.filter((i) => !i.privilege || me.account.privileges.includes(i.privilege))
            if (items.length === 0) return null
            return (
              <div key={section.title} role="group" aria-label={section.title}>
                <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="sm" pt="sm" pb={4}>
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
                    style: { borderRadius: 'var(--mantine-radius-md)' },
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
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function Person() {
  const me = useMe()
  const name = [me.user.first_name, me.user.last_name].filter(Boolean).join(' ') || me.user.username
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton aria-label={`Signed in as ${name}`}>
          <Avatar name={name} color="initials" radius="xl" size={34} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className="break">{me.user.username}</span>
        </Menu.Label>
        <Menu.Item component={Link} to="/settings" leftSection={<IconUser size={16} aria-hidden />}>
          Settings
        </Menu.Item>
        {me.accounts.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Switch account</Menu.Label>
            {me.accounts.map((a) => (
              <Menu.Item
                key={a.account_id}
                disabled={a.account_id === me.account.account_id}
                onClick={async () => {
                  await api.post('/kith/v1/session/account', { account_id: a.account_id })
                  window.location.assign('/')
                }}
              >
                {a.organization_name || a.account_id}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        <form method="post" action="/logout">
          <Menu.Item component="button" type="submit" leftSection={<IconLogout size={16} aria-hidden />}>
            Log out
          </Menu.Item>
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
