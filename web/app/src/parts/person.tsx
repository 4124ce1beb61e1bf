import { Menu, Text, UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconChevronDown, IconLogout, IconSettings, IconUserCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'

import { api } from '../api/client'
import { useMe } from '../api/me'
import { messageOf } from '../api/problem'
import classes from './person.module.css'

/** Who is signed in: their accounts, and the way out. */
export function Person() {
  const me = useMe()
  const way = useRef<HTMLFormElement>(null)
  const name = [me.user.first_name, me.user.last_name].filter(Boolean).join(' ') || me.user.username

  const enter = async (account: string) => {
    try {
      await api.post('/kith/v1/session/account', { account_id: account })
      window.location.assign('/')
    } catch (failure) {
      notifications.show({ message: messageOf(failure), color: 'red' })
    }
  }

  return (
    <>
      <form ref={way} method="post" action="/logout" hidden />
      <Menu width={280}>
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={`Signed in as ${name}`}>
            <IconUserCircle size={24} stroke={1.5} aria-hidden />
            <span className={classes.name}>{name}</span>
            <IconChevronDown size={14} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label className="break">{me.user.username}</Menu.Label>
          <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} aria-hidden />}>
            Settings
          </Menu.Item>
          {me.accounts.length > 1 && (
            <>
              <Menu.Divider />
              <Menu.Label>Switch account</Menu.Label>
              {me.accounts.map((account) => {
                const here = account.account_id === me.account.account_id
                return (
                  <Menu.Item
                    key={account.account_id}
                    aria-current={here || undefined}
                    rightSection={here && <IconCheck size={16} aria-hidden />}
                    onClick={() => (here ? undefined : void enter(account.account_id))}
                  >
                    <Text span size="sm" lineClamp={2} className="break">
                      {account.organization_name || account.account_id}
                    </Text>
                  </Menu.Item>
                )
              })}
            </>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => way.current?.requestSubmit()}>
            Log out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
