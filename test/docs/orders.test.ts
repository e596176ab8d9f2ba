import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as actions from '../../lib/domain/wording/actions';
import type { Command } from '../../lib/domain/wording/sheet';
import { aKeyRef, aNoticeContext, NOW } from '../builders';
import { ROOT } from '../root';

const page = readFileSync(join(ROOT, 'docs/without-a-checkout.md'), 'utf8');
const context = aNoticeContext({ adminAccess: true });
const old = aKeyRef('old');

/** The commands of the page, by its headings. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'Submit a key': actions.submit(context),
  'Check a key': actions.check(context),
  'Give an old key more time': actions.extend(context, old, new Date('2026-12-01T08:00Z')),
  'Go back to an old key': actions.rollBack(context, old),
  'Switch off an old key': actions.retire(context, old),
  'Switch a key on again': actions.reactivate(context, old, { leaked: false, live: false }),
  'Stop a leaked key': actions.leak(context, old, 'ticket 4711'),
  'Vouch for a key that is off': actions.attest(context, old.fingerprint),
  'Pause reminders': actions.snooze({ ...context, now: NOW }),
};

const sectionOf = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

const block = (section: string, language: string) =>
  [...section.matchAll(/```(\w+)\n([\s\S]*?)\n```/g)].flatMap(([, of, text]) =>
    of === language ? text! : [],
  );

/** What functions are asked, in the order of the calls. A word that is asked for stands as WORD. */
const asked = (text: string) =>
  [
    ...text
      .replace(/'"\$\{[^}]*\}"'|' \+ \(\$\w+ -replace '[^']*'\) \+ '/g, 'WORD')
      .matchAll(/'(\{"[^']*\})'/g),
  ].map(([, json]) => JSON.parse(json!));

test('every verb of the mails has its section', () => {
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings.filter((heading) => heading! in COMMANDS)).toEqual(Object.keys(COMMANDS));
});

test.each(Object.entries(COMMANDS))('%s: the block is that of the mails', (heading, { run, policy }) => {
  const [shown] = block(sectionOf(heading), 'sh');
  expect(shown).toBe(run);
  expect(sectionOf(heading)).toContain(`\`…-${policy}\``);
});

test.each(Object.entries(COMMANDS).filter(([, { run }]) => run.includes('lambda')))(
  '%s: PowerShell asks the same of the same functions',
  (heading, { run }) => {
    const [shown = ''] = block(sectionOf(heading), 'powershell');
    expect(asked(shown)).toEqual(asked(run));
    expect(asked(run).length).toBeGreaterThan(0);
    const functions = (text: string) =>
      [...text.matchAll(/anthropic-keys-prod-[a-z:]+/g)].map(([name]) => name);
    expect(functions(shown)).toEqual(functions(run));
  },
);
