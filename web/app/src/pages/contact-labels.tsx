import { useQuery } from '@tanstack/react-query'

import { api } from '../api/client'
import { tagsQuery } from '../api/known'
import type { Contact } from '../api/types'
import { Labels } from '../parts/labels'
import { TextLink } from '../parts/link'
import { Section } from '../parts/section'
import { useChange } from './contact-change'
import { listsQuery } from './contacts'

/** The lists that a contact is on. Each is joined and left by itself. */
export function ContactLists({ contact: c, readOnly }: { contact: Contact; readOnly: boolean }) {
  const known = useQuery(listsQuery)
  const change = useChange()
  const path = `/v3/contacts/${c.contact_id}/list_memberships`
  const all = (known.data?.lists ?? []).map((l) => ({ id: l.list_id, name: l.name }))
  const { on, off } = parted(all, c.list_memberships ?? [])
  return (
    <Section title="Lists">
      <Labels
        labels={on}
        none="On no list."
        wrap={(list, badge) => (
          <TextLink to="/contacts" search={{ list: list.id }} maw="100%" style={{ minWidth: 0 }}>
            {badge}
          </TextLink>
        )}
        remove={{
          name: (list) => `Take off ${list.name}`,
          run: (list) => change.mutate(() => api.delete(path, { list_ids: [list.id] })),
        }}
        picker="Add to a list"
        more={off}
        add={(list) => change.mutate(() => api.post(path, { list_ids: [list.id] }))}
        busy={change.isPending}
        readOnly={readOnly}
      />
    </Section>
  )
}

/** The tags of a contact, in an account that has any. */
export function ContactTags({ contact: c, readOnly }: { contact: Contact; readOnly: boolean }) {
  const known = useQuery(tagsQuery)
  const change = useChange()
  const has = c.taggings ?? []
  const all = (known.data?.tags ?? []).map((t) => ({ id: t.tag_id, name: t.name }))
  const { on, off } = parted(all, has)
  if (all.length === 0) return null
  const become = (taggings: string[]) => change.mutate(() => api.patch(`/v3/contacts/${c.contact_id}`, { taggings }))
  return (
    <Section title="Tags">
      <Labels
        labels={on}
        none="No tags."
        remove={{
          name: (tag) => `Remove the tag ${tag.name}`,
          run: (tag) => become(has.filter((id) => id !== tag.id)),
        }}
        picker="Add a tag"
        more={off}
        add={(tag) => become([...has, tag.id])}
        busy={change.isPending}
        readOnly={readOnly}
      />
    </Section>
  )
}

/** Those of all that are meant, and the others. An id that has no name here stands for itself. */
function parted(all: { id: string; name: string }[], ids: string[]) {
  const known = new Map(all.map((one) => [one.id, one]))
  return { on: ids.map((id) => known.get(id) ?? { id, name: id }), off: all.filter(({ id }) => !ids.includes(id)) }
}
