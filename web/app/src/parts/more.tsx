import { Button, Center } from '@mantine/core'

/** The end of a list that goes on. */
export function More({ more, loading }: { more?: (() => void) | undefined; loading: boolean }) {
  if (!more) return null
  return (
    <Center>
      <Button variant="default" onClick={more} loading={loading}>
        Show more
      </Button>
    </Center>
  )
}
