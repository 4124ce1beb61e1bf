// The parts of the answers of /v3 and /kith/v1 that the pages read, by the
// served document of /kith/v1, which has v3's forms as well. Times are ISO 8601
// in UTC; a property without a value is absent.

import type { components } from './kith.gen'

type Schemas = components['schemas']

/** Where a list goes on. */
export type Links = Schemas['PagingLinks']

/** A page of a list that v3 answers. */
export type PageOf<K extends string, T> = Record<K, T[]> & { _links?: Links }

export type Me = Schemas['Me']
export type Role = Schemas['Membership']['role']

/** A contact; v3 itself does not say its number. */
export type Contact = Omit<Schemas['Contact'], 'number'> & Partial<Pick<Schemas['Contact'], 'number'>>
export type ContactPage = Schemas['Contacts']
export type FieldValue = Schemas['ContactCustomField']
export type HistoryEntry = Schemas['HistoryEntry']
export type HistoryPage = Schemas['History']

export type List = Schemas['List']
export type ListPage = Schemas['Lists']

export type SignUpForm = Schemas['Form']
export type FormField = Schemas['FormField']
export type FormInput = Schemas['FormInput']
export type FormPage = Schemas['Forms']
export type FormSnippets = Schemas['FormSnippets']

export type SegmentPreview = Schemas['SegmentPreview']

export type Activity = Schemas['Activity']
/** An activity with its kind, which v3 does not say. */
export type ActivityOfKind = Schemas['ActivityOfKind']
/** An export that was begun. */
export type ExportBegun = Schemas['ActivityExportStatus']
export type ExportFields = Schemas['ExportFields']
export type ImportPreview = Schemas['ImportPreview']
export type ImportMapping = NonNullable<Schemas['NewImport']['mapping']>
export type Rehearsal = Schemas['ImportRehearsal']
export type RejectedRow = Schemas['RejectedRow']
export type RejectedPage = Schemas['RejectedRows']

export type Application = Schemas['Application']
export type Flow = Application['flow']
export type AccessKey = Schemas['AccessKey']

export type MailHead = Schemas['Mail']
export type MailPage = Schemas['Mails']
export type Mail = Schemas['OpenedMail']
export type MailAttempt = Schemas['MailAttempt']
export type MailCounts = Schemas['MailCounts']

export type Suppression = Schemas['Suppression']
export type SuppressionPage = Schemas['Suppressions']
export type NoticeKey = Schemas['NoticeKey']
export type NoticeKeys = Schemas['NoticeKeys']

export type TemplateHead = Schemas['TemplateHead']
export type Template = Schemas['Template']
export type TemplatePreview = Schemas['TemplatePreview']
export type Brand = Schemas['Brand']
export type OptIn = Schemas['OptIn']
export type ListOptIn = Schemas['ListOptIn']
export type LoggedPage = Schemas['Requests']
export type LoggedRequest = Schemas['Request']
export type OpenedRequest = Schemas['OpenedRequest']
export type LoggedBody = Schemas['LoggedBody']
export type LoggedFault = Schemas['LoggedFault']

export type Member = Schemas['Member']
export type Invitation = Schemas['Invitation']
export type Users = Schemas['Users']

export type Settings = Schemas['Settings']
export type PostalAddress = Schemas['PhysicalAddress']

/** A tag, as v3 has it (Tag). */
export interface Tag {
  tag_id: string
  name: string
  tag_source?: string
  contacts_count?: number
}

/** A custom field as v1 and v2 know it. */
export type SlottedField = Schemas['Field']

/** A custom field, as v3 has it (CustomField). */
export interface CustomField {
  custom_field_id: string
  label: string
  name: string
  type: string
  version?: number
  metadata?: { display_type?: string; allow_negative?: boolean; integer?: boolean; decimal_places?: number }
  choices?: { choice_id: number; choice_label: string }[]
}

/** An address to send from, as v3 has it (AccountEmails). */
export interface Sender {
  email_address: string
  email_id: number
  confirm_status: 'CONFIRMED' | 'UNCONFIRMED'
  roles: SenderRole[]
  pending_roles: SenderRole[]
}
export type SenderRole = 'CONTACT' | 'BILLING' | 'JOURNALING' | 'REPLY_TO' | 'OTHER'

/** A domain that mail is sent from, with what was found of its records. */
export type SenderDomain = Schemas['SenderDomain']
export type SenderDomains = Schemas['SenderDomains']
export type DomainKey = Schemas['DomainKey']
export type RecordCheck = Schemas['RecordCheck']
export type DNSRecord = Schemas['DNSRecord']
