// The parts of the answers of /v3 and /kith/v1 that the pages read. Times are
// ISO 8601 in UTC; a property without a value is absent.

export interface Links {
  next?: { href: string }
}

export interface EmailAddress {
  address: string
  permission_to_send?: string
  created_at?: string
  updated_at?: string
  opt_in_source?: string
  opt_in_date?: string
  opt_out_source?: string
  opt_out_date?: string
  opt_out_reason?: string
  confirm_status?: string
}

export interface Contact {
  contact_id: string
  /** What v1 and v2 call the contact; only from /kith/v1. */
  number?: number
  email_address?: EmailAddress
  first_name?: string
  last_name?: string
  job_title?: string
  company_name?: string
  birthday_month?: number
  birthday_day?: number
  anniversary?: string
  create_source?: string
  update_source?: string
  created_at?: string
  updated_at?: string
  deleted_at?: string
  custom_fields?: { custom_field_id: string; value?: string; choice_ids?: string[] }[]
  phone_numbers?: { phone_number_id: string; phone_number: string; kind?: string }[]
  street_addresses?: {
    street_address_id: string
    kind: string
    street?: string
    city?: string
    state?: string
    postal_code?: string
    country?: string
  }[]
  list_memberships?: string[]
  taggings?: string[]
  notes?: { note_id?: string; created_at?: string; content?: string }[]
}

export interface ContactPage {
  contacts: Contact[]
  contacts_count?: number
  _links?: Links
}

export interface HistoryEntry {
  at: string
  kind: string
  via?: string
  operation?: string
  user?: string
  application?: string
  activity_id?: string
  detail?: {
    lists?: { list_id: string; name: string }[]
    tags?: { tag_id: string; name: string }[]
    fields?: string[]
    from?: string
    to?: string
    source?: string
    reason?: string
    shown?: string
  }
}

export interface List {
  list_id: string
  /** What v1 and v2 call the list; only from /kith/v1. */
  number?: number
  name: string
  description?: string
  favorite: boolean
  created_at: string
  updated_at: string
  membership_count?: number
  active_count?: number
}

export interface Activity {
  activity_id: string
  state: 'initialized' | 'processing' | 'completed' | 'failed' | 'cancelled' | 'timed_out'
  source_file_name?: string
  percent_done?: number
  created_at: string
  started_at?: string
  updated_at?: string
  completed_at?: string
  activity_errors: string[]
  status?: {
    items_total_count?: number
    items_completed_count?: number
    person_count?: number
    error_count?: number
    correctable_count?: number
    cannot_add_to_list_count?: number
    list_count?: number
  }
}

export interface RejectedRow {
  line: number
  column: string
  value: string
  reason: string
}

export interface ImportPreview {
  file_id: string
  file_name: string
  bytes: number
  rows: number
  encoding: string
  delimiter: string
  columns: { index: number; heading: string; target: string; samples: string[] }[]
  rows_sampled: number
  problems: string[]
  targets: { name: string; label: string }[]
}

export type Flow = 'code' | 'pkce' | 'device'
export type RefreshKind = 'rotating' | 'long_lived'

export interface Application {
  client_id: string
  name: string
  description?: string
  logo_url?: string
  website?: string
  flow: Flow
  refresh_kind: RefreshKind
  redirect_uris: string[]
  has_secret: boolean
  secret_created_at?: string
  active: boolean
  created_at: string
  updated_at: string
  endpoints: { authorize: string; token: string; device_authorize: string; api: string }
}

export interface AccessKey {
  api_key_id: string
  name: string
  hint: string
  scopes: string[]
  created_at: string
  expires_at?: string
  used_at?: string
  /** Only in the answer that made the key. */
  api_key?: string
}

export interface MailHead {
  mail_id: string
  to: string
  from?: string
  subject: string
  kind: string
  state: string
  created_at: string
  sent_at?: string
  error?: string
}

export interface Mail extends MailHead {
  /** Absent where the mail carries a way in and is for somebody else. */
  html?: string
  text?: string
  headers?: { name: string; value: string }[]
}

export interface Settings {
  organization_name?: string
  organization_phone?: string
  website?: string
  contact_email?: string
  contact_phone?: string
  first_name?: string
  last_name?: string
  country_code?: string
  state_code?: string
  time_zone_id?: string
  physical_address?: PostalAddress
}

export interface PostalAddress {
  address_line1?: string
  address_line2?: string
  address_line3?: string
  city?: string
  state_code?: string
  state_name?: string
  postal_code?: string
  country_code?: string
}
