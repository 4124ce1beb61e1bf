import { describe as group, expect, it } from 'vitest'

import type { HistoryEntry } from '../api/types'
import { describe, happened } from './happened'

function entry(detail: HistoryEntry['detail']): HistoryEntry {
  return { at: '2026-03-01T17:05:09Z', kind: 'permission.changed', via: 'api', detail }
}

group('an entry of the history', () => {
  it('is named in words, and by its kind where there are none yet', () => {
    expect(happened('membership.added')).toBe('Put on lists')
    expect(happened('something.new')).toBe('something.new')
  })

  it('tells a permission from and to in the words of the contact page, who did it, and why', () => {
    const left = entry({ from: 'implicit', to: 'unsubscribed', source: 'Contact', reason: 'too many' })
    expect(describe(left)).toBe('Subscribed (implied) → Unsubscribed · by the contact · “too many”')
  })

  it('tells a first permission without a from', () => {
    expect(describe(entry({ to: 'explicit', source: 'Account' }))).toBe('Subscribed · by the account')
  })

  it('names lists and fields', () => {
    expect(describe(entry({ lists: [{ list_id: '1', name: 'News' }], fields: ['first_name'] }))).toBe(
      'News · first name',
    )
  })

  it('tells which mail there was, or that there was none, and why', () => {
    expect(describe(entry({ mail: 'welcome', why: 'own_act' }))).toBe('Welcome mail, because they came by themselves')
    expect(describe(entry({ why: 'known_before' }))).toBe('No mail, because they were known before')
  })

  it('tells why a mail came back, and why an address is mailed no more, and again', () => {
    const told = (kind: HistoryEntry['kind'], why: NonNullable<HistoryEntry['detail']['why']>) =>
      describe({ ...entry({ mail: 'welcome', why }), kind })
    expect(told('contact.bounced', 'full')).toBe('the mailbox is full')
    expect(told('contact.suppressed', 'owner')).toBe('somebody of the account said so')
    expect(told('contact.released', 'confirmed')).toBe('they answered a mail')
  })

  it('may have nothing to add', () => {
    expect(describe({ at: '2026-03-01T17:05:09Z', kind: 'contact.created', via: 'web' } as HistoryEntry)).toBe('')
  })
})
