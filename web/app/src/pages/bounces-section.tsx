import { useMay } from '../api/me'
import { ButtonLink } from '../parts/link'
import { Section } from '../parts/section'

/** The way to the addresses that are not mailed. */
export function BouncesSection() {
  if (!useMay('contacts:read')) return null
  return (
    <Section
      title="Bounces"
      lead="Addresses that are not mailed, since mail to them came back or their owner called it unwanted; and how Kith hears of that."
    >
      <ButtonLink to="/settings/bounces" search={{}} variant="default">
        Show bounces
      </ButtonLink>
    </Section>
  )
}
