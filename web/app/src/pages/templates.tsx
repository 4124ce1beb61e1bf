import { Badge, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { api } from '../api/client'
import type { TemplateHead } from '../api/types'
import { TextLink } from '../parts/link'
import { Page } from '../parts/page'
import { Rows } from '../parts/rows'
import { Failed, Waiting } from '../parts/states'
import { languages, templateNames } from './template-names'

export interface TemplatesSearch {
  language?: string
}

const route = getRouteApi('/settings/templates')

/** What the mails of the account say, by kind. */
export function TemplatesPage() {
  const { language = 'en' } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => api.get<{ templates: TemplateHead[] }>('/kith/v1/templates', undefined, signal),
  })
  const rows = list.data?.templates.filter((one) => one.language === language) ?? []
  return (
    <Page
      title="Mail templates"
      back={<TextLink to="/settings">← Settings</TextLink>}
      description="What the mails say that leave by themselves. Each is built in, and can be put in your own words."
    >
      <Select
        label="Language"
        allowDeselect={false}
        maw={220}
        data={languages}
        value={language}
        onChange={(chosen) => void navigate({ search: { language: chosen ?? 'en' } })}
      />
      {list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting label="Loading templates" />
      ) : (
        <Rows
          label="Mail templates"
          rows={rows}
          keyOf={(one) => one.kind}
          columns={[
            {
              head: 'Mail',
              as: 'title',
              width: '14rem',
              cell: (one) => (
                <TextLink to="/settings/templates/$kind" params={{ kind: one.kind }} search={{ language }}>
                  {templateNames[one.kind]?.label ?? one.kind}
                </TextLink>
              ),
            },
            { head: 'When it leaves', cell: (one) => templateNames[one.kind]?.when },
            {
              head: 'Words',
              width: '8rem',
              cell: (one) => (one.edited ? <Badge color="kith">Your own</Badge> : <Badge color="gray">Built in</Badge>),
            },
          ]}
        />
      )}
    </Page>
  )
}
