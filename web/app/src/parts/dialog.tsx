import { CloseButton, Modal } from '@mantine/core'
import type { ReactNode } from 'react'

/**
 * A window over the page. Escape closes it, and the focus goes back to where it
 * was. Its content is made anew each time it opens.
 */
export function Dialog({
  opened,
  onClose,
  title,
  size = 'md',
  children,
}: {
  opened: boolean
  onClose: () => void
  title: string
  size?: 'md' | 'lg'
  children: ReactNode
}) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} yOffset="6dvh">
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content radius="lg" bg="var(--raised)">
        {/* Not the page's banner, which a header would be. */}
        <Modal.Header role="none" bg="var(--raised)">
          <Modal.Title fw={700} fz="lg" className="break">
            {title}
          </Modal.Title>
          <CloseButton onClick={onClose} aria-label="Close" />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
