// What an account calls its tags and custom fields, for pickers and for pages
// that hold ids. Where it cannot be had, names are missing and nothing else, so
// it is not asked for again and again.

import { api } from './client'
import type { CustomField, PageOf, SlottedField, Tag } from './types'

export const tagsQuery = {
  queryKey: ['tags', 'picker'],
  queryFn: () => api.get<PageOf<'tags', Tag>>('/v3/contact_tags', { limit: 500 }),
  retry: false,
}

export const fieldsQuery = {
  queryKey: ['fields', 'picker'],
  queryFn: () => api.get<PageOf<'custom_fields', CustomField>>('/v3/contact_custom_fields', { limit: 100 }),
  retry: false,
}

/** The places under which v1 and v2 know custom fields. */
export const slotsQuery = {
  queryKey: ['fields', 'slots'],
  queryFn: () => api.get<{ fields: SlottedField[] }>('/kith/v1/fields'),
  retry: false,
}
