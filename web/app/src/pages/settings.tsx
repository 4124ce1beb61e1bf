import { DataList } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { api } from '../api/client'
import { useMe } from '../api/me'
import type { Settings } from '../api/types'
import { Id } from '../parts/id'
import { Page } from '../parts/page'
import { Section } from '../parts/section'
import { Failed, Waiting } from '../parts/states'
import { AccountForm } from './account-form'
import { BouncesSection } from './bounces-section'
import { Brand } from './brand'
import { OptIn } from './opt-in'
import { PasswordForm } from './password-form'
import { PostalForm } from './postal-form'
import { SenderDomains } from './sender-domains'
import { Senders } from './senders'

/** The account's own data, and the signed-in user's password. */
export function SettingsPage() {
  const me = useMe()
  const settings = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => api.get<Settings>('/kith/v1/settings', undefined, signal),
  })
  return (
    <Page title="Settings" description="Of this account, and your own password.">
      {settings.error ? (
        <Failed error={settings.error} retry={() => void settings.refetch()} />
      ) : settings.isPending ? (
        <Waiting label="Loading settings" />
      ) : (
        <>
          <AccountForm settings={settings.data} />
          <PostalForm address={settings.data.physical_address ?? {}} />
        </>
      )}
      <Senders />
      <SenderDomains />
      <Brand />
      <BouncesSection />
      <OptIn />
      <PasswordForm />
      <Section title="For support and scripts">
        <DataList labelWidth="8rem">
          <DataList.Item>
            <DataList.ItemLabel>Account ID</DataList.ItemLabel>
            <DataList.ItemValue>
              <Id value={me.account.encoded_account_id} label="account ID" />
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>Server</DataList.ItemLabel>
            <DataList.ItemValue className="break">
              {me.server.public_url}, Kith {me.server.version}
            </DataList.ItemValue>
          </DataList.Item>
        </DataList>
      </Section>
    </Page>
  )
}
