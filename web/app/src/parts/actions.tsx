import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useRef, type ReactNode } from 'react'

export interface Action {
  label: string
  icon?: ReactNode
  /** Takes something away. */
  danger?: boolean
  run: () => void
}

/** What can be done with one row. */
export function Actions({ label, actions }: { label: string; actions: Action[] }) {
  const button = useRef<HTMLButtonElement>(null)
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon ref={button} variant="subtle" color="gray" aria-label={label}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.label}
            c={action.danger ? 'red' : undefined}
            leftSection={action.icon}
            onClick={() => {
              // A dialog gives the focus back to where it was when it opened, and the menu will be gone.
              button.current?.focus()
              action.run()
            }}
          >
            {action.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
