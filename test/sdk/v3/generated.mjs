// A client that a generator made of the contract's own document, under the names
// that the tour uses. docs/clients.md says how it is made; it is not part of
// this repository.
import { pathToFileURL } from 'node:url'

const sdk = await import(pathToFileURL(process.env.KITH_TEST_GENERATED_CLIENT).href)
sdk.client.setConfig({ baseUrl: `${process.env.KITH_URL}/v3`, auth: () => process.env.KITH_TOKEN })

/** What was answered; a refusal is an answer as well. */
async function answer(call) {
  const { data, error, response } = await call
  if (!response) throw error
  return { status: response.status, data: response.ok ? data : error }
}

const list = (list_id) => ({ path: { list_id } })
const contact = (contact_id) => ({ path: { contact_id } })
const tag = (tag_id) => ({ path: { tag_id } })
const field = (custom_field_id) => ({ path: { custom_field_id } })
const segment = (segment_id) => ({ path: { segment_id } })

export const client = {
  account: () => answer(sdk.getAccountById({ query: { extra_fields: 'physical_address' } })),
  privileges: () => answer(sdk.getUserPrivileges()),

  createList: (body) => answer(sdk.createList({ body })),
  updateList: (id, body) => answer(sdk.putList({ ...list(id), body })),
  list: (id) => answer(sdk.getList({ ...list(id), query: { include_membership_count: 'all' } })),
  lists: ({ limit, cursor }) => answer(sdk.getLists({ query: { limit, cursor } })),
  deleteList: (id) => answer(sdk.deleteListActivity(list(id))),

  createContact: (body) => answer(sdk.createContact({ body })),
  updateContact: (id, body) => answer(sdk.putContact({ ...contact(id), body })),
  signUp: (body) => answer(sdk.createOrUpdateContact({ body })),
  contact: (id, include) => answer(sdk.getContact({ ...contact(id), query: { include } })),
  contacts: ({ segment, count, ...query }) =>
    answer(sdk.getContacts({ query: { ...query, segment_id: segment, include_count: count } })),
  counts: () => answer(sdk.countContact()),
  resubscribe: (id, body) => answer(sdk.resubscribeContact({ ...contact(id), body })),
  deleteContact: (id) => answer(sdk.deleteContact(contact(id))),

  importFile: (file, lists) => answer(sdk.contactsCsvImport({ body: { file, list_ids: lists } })),
  importJSON: (body) => answer(sdk.bulkImportContactsJson({ body })),
  addToLists: (body) => answer(sdk.postListAddContact({ body })),
  removeFromLists: (body) => answer(sdk.postListRemoveContact({ body })),
  deleteContacts: (body) => answer(sdk.postContactDelete({ body })),
  export: (body) => answer(sdk.postContactsExport({ body })),
  exported: (id) => answer(sdk.getContactsExport({ path: { file_export_id: id } })),
  activity: (id) => answer(sdk.getActivity({ path: { activity_id: id } })),
  activities: () => answer(sdk.getActivityStatusCollection({ query: { limit: 50 } })),

  createTag: (body) => answer(sdk.postTag({ body })),
  updateTag: (id, body) => answer(sdk.putTag({ ...tag(id), body })),
  tag: (id) => answer(sdk.getTag({ ...tag(id), query: { include_count: true } })),
  tags: (query) => answer(sdk.getTags({ query })),
  deleteTag: (id) => answer(sdk.deleteTag(tag(id))),
  tagMany: (body) => answer(sdk.postTagAddContact({ body })),
  untagMany: (body) => answer(sdk.postTagRemoveContact({ body })),

  createField: (body) => answer(sdk.postCustomFields({ body })),
  updateField: (id, body) => answer(sdk.putCustomField({ ...field(id), body })),
  fields: (query) => answer(sdk.getCustomFields({ query })),
  deleteField: (id) => answer(sdk.deleteCustomField(field(id))),

  createSegment: (body) => answer(sdk.createSegment({ body })),
  deleteSegment: (id) => answer(sdk.deleteSegment(segment(id))),
}
