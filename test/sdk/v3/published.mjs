// The published TypeScript client, under the names that the tour uses.
import {
  AccountServicesApi,
  BulkActivitiesApi,
  Configuration,
  ContactListsApi,
  ContactTagsApi,
  ContactsApi,
  ContactsCustomFieldsApi,
  SegmentsApi,
} from 'ctct-api-client'

const configuration = new Configuration({
  basePath: `${process.env.KITH_URL}/v3`,
  accessToken: process.env.KITH_TOKEN,
})
const account = new AccountServicesApi(configuration)
const bulk = new BulkActivitiesApi(configuration)
const contacts = new ContactsApi(configuration)
const fields = new ContactsCustomFieldsApi(configuration)
const lists = new ContactListsApi(configuration)
const segments = new SegmentsApi(configuration)
const tags = new ContactTagsApi(configuration)

/** What was answered; a refusal is an answer as well. */
async function answer(call) {
  try {
    const { status, data } = await call
    return { status, data }
  } catch (error) {
    if (!error.response) throw error
    return { status: error.response.status, data: error.response.data }
  }
}

// The library has no parameter for the cursor of a next page, but takes further
// ones for any call.
const at = (cursor) => (cursor ? { params: { cursor } } : {})
const none = (n) => Array(n).fill(undefined)

export const client = {
  account: () => answer(account.getAccountDetails('physical_address')),
  privileges: () => answer(account.getUserPrivileges()),

  createList: (body) => answer(lists.createList(body)),
  updateList: (id, body) => answer(lists.updateList(id, body)),
  list: (id) => answer(lists.getList(id, 'all')),
  lists: ({ limit, cursor }) => answer(lists.getAllLists(limit, ...none(6), at(cursor))),
  deleteList: (id) => answer(lists.deleteList(id)),

  createContact: (body) => answer(contacts.createContact(body)),
  updateContact: (id, body) => answer(contacts.updateContact(id, body)),
  signUp: (body) => answer(contacts.createOrUpdateContact(body)),
  contact: (id, include) => answer(contacts.getContactById(id, include)),
  contacts: ({ status, email, lists, segment, tags, count, limit, cursor }) =>
    answer(contacts.getAllContacts(status, email, lists, segment, tags, ...none(8), count, limit, at(cursor))),
  counts: () => answer(contacts.getContactCounts()),
  resubscribe: (id, body) => answer(contacts.resubscribeContact(id, body)),
  deleteContact: (id) => answer(contacts.deleteContact(id)),

  importFile: (file, list) => answer(bulk.createCSVImportActivity(file, list)),
  importJSON: (body) => answer(bulk.createImportJSONActivity(body)),
  addToLists: (body) => answer(bulk.createListAddActivity(body)),
  removeFromLists: (body) => answer(bulk.createListRemoveActivity(body)),
  deleteContacts: (body) => answer(bulk.createDeleteActivity(body)),
  export: (body) => answer(bulk.createExportActivity(body)),
  exported: (id) => answer(bulk.getCSVExportFile(id)),
  activity: (id) => answer(bulk.getActivityById(id)),
  activities: () => answer(bulk.getAllActivities(50)),

  createTag: (body) => answer(tags.postTag(body)),
  updateTag: (id, body) => answer(tags.putTag(id, body)),
  tag: (id) => answer(tags.getTag(id, true)),
  tags: ({ limit, cursor }) => answer(tags.getAllTags(limit, undefined, at(cursor))),
  deleteTag: (id) => answer(tags.deleteTag(id)),
  tagMany: (body) => answer(bulk.createTagAddContactActivity(body)),
  untagMany: (body) => answer(bulk.createTagRemoveActivity(body)),

  createField: (body) => answer(fields.createCustomFields(body)),
  updateField: (id, body) => answer(fields.updateCustomField(id, body)),
  fields: ({ limit, cursor }) => answer(fields.getAllCustomFields(limit, at(cursor))),
  deleteField: (id) => answer(fields.deleteCustomField(id)),

  createSegment: (body) => answer(segments.createSegment(body)),
  deleteSegment: (id) => answer(segments.deleteSegment(id)),
}
