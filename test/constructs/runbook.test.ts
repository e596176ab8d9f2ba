import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNBOOK } from '../../lib/domain/wording/commands';
import { everything, smallest } from './fleets';
import { resourcesOf, templateOf } from './synthesis';

const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');

const alarms = (yaml: string) =>
  Object.values(resourcesOf(templateOf(yaml)))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as { AlarmName: string; AlarmDescription: string });

/** The text under the heading that an anchor leads to. */
const section = (anchor: string) =>
  runbook
    .split(/^## /m)
    .find((text) => text.split('\n', 1)[0]!.toLowerCase().replaceAll(' ', '-') === anchor);

test.each(alarms(smallest).map(({ AlarmName, AlarmDescription }) => [AlarmName, AlarmDescription]))(
  'the alarm %s leads to a section that describes, investigates and resolves',
  (_, description) => {
    const [, name] = /docs\/runbook\.md#([a-z-]+)$/.exec(description) ?? [];
    const text = section(name!);
    for (const part of ['Description', 'Investigation', 'Resolution']) expect(text).toContain(`**${part}.**`);
  },
);

test('alarms link to the configured URL of the runbook', () => {
  for (const { AlarmDescription } of alarms(everything))
    expect(AlarmDescription).toMatch(/ https:\/\/wiki\.acme\.io\/runbook#[a-z-]+$/);
});

test('the runbook has the plan for a leaked key: five minutes, one hour, one week', () => {
  for (const within of ['Within 5 minutes', 'Within 1 hour', 'Within 1 week'])
    expect(section('leaked-key')).toContain(within);
});

test.each(Object.values(RUNBOOK))('the section %s, which notices point to, exists', (title) => {
  expect(runbook).toContain(`\n## ${title}\n`);
});
