import { Button, Code, Group, List, Stack, Text } from '@mantine/core'

import { Section } from '../parts/section'
import classes from './template.module.css'

/** The tags that may stand in a mail, each with a button that puts it there. */
export function TagsHelp({
  tags,
  filters,
  insert,
}: {
  tags: string[]
  filters: string[]
  insert: ((tag: string) => void) | undefined
}) {
  return (
    <Section title="Tags" lead="Each becomes what it names. A press puts it where you were writing.">
      <Stack>
        <Group gap={6}>
          {tags.map((tag) => (
            <Button
              key={tag}
              size="compact-xs"
              variant="default"
              className={classes.tag}
              disabled={!insert}
              onClick={() => insert?.(`[[${tag}]]`)}
            >
              {tag}
            </Button>
          ))}
        </Group>
        <List size="sm" spacing={6}>
          <List.Item>
            <Code>{'[[FirstName OR "friend"]]'}</Code> says “friend” where there is no name.
          </List.Item>
          <List.Item>
            <Code>{'{{ Link | button: "Yes" }}'}</Code> makes a button in the colour of your brand.
          </List.Item>
          <List.Item>
            <Code>{'{% if City == "Lyon" %} … {% else %} … {% endif %}'}</Code> says one thing or the other.
          </List.Item>
          <List.Item>
            <Text span inherit>
              Filters:{' '}
            </Text>
            {filters.map((filter, i) => (
              <span key={filter}>
                {i > 0 && ', '}
                <Code>{filter}</Code>
              </span>
            ))}
          </List.Item>
        </List>
      </Stack>
    </Section>
  )
}
