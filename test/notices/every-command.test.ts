import { type Finding, rowOf } from '../../lib/domain/findings/catalogue';
import { renderNotice } from '../../lib/domain/notices/render';
import { aKey, aNoticeContext } from '../builders';
import { TestKey } from '../lifecycle/test-key';
import { faultsOf } from '../schema/validator';
import { CONSUMERS } from './consumers';
import { EVERY_FINDING } from './every-kind';
import { nameOf, offeredBy, playAll, ROWS } from './play-commands';
import { SCENARIOS } from './scenarios';
import { Terminal } from './terminal';

/** Only the function with Admin access announces this. */
const needsAdmin = ({ kind, details }: Finding) =>
  kind === 'deactivating' || (kind === 'contained' && details.state === 'switching-off');

/** What the mails of each kind offer, in all their forms. What only an alarm tells of has no mail. */
const OFFERED = new Map<string, Set<string>>();
for (const [, finding] of EVERY_FINDING) {
  if (rowOf(finding.kind).reportedOtherwise?.(finding as never, { notices: {}, outage: false })) continue;
  const contexts = [{ adminAccess: true }, { adminAccess: true, key: aKey({ consumers: CONSUMERS }) }];
  if (!needsAdmin(finding)) contexts.push({ adminAccess: false });
  for (const context of contexts) {
    const offered = offeredBy(renderNotice(aNoticeContext(context), finding).text);
    const known = OFFERED.get(finding.kind) ?? new Set();
    OFFERED.set(finding.kind, known);
    for (const { verb, form } of offered) known.add(`${verb} (${form})`);
  }
}

const played = new Map<string, Set<string>>();
const plays = new Map<(typeof ROWS)[number], ReturnType<typeof playAll>>();

/** Each once, for several tests. */
function play(row: (typeof ROWS)[number]) {
  const known = plays.get(row) ?? playAll(row, 48);
  plays.set(row, known);
  return known;
}

const NAMED_ROWS = ROWS.map((row) => [nameOf(row), row] as const);

test.each(NAMED_ROWS)(
  '%s: every command of its mail does what its step says, pasted as it stands',
  async (_, row) => {
    const { verbs } = await play(row);
    expect(verbs.length).toBeGreaterThan(0);
    played.set(row.kind, new Set([...(played.get(row.kind) ?? []), ...verbs]));
  },
);

test.each(NAMED_ROWS)('%s: every event on the way to its mail is as the schema says', async (_, row) => {
  const { events } = await play(row);
  expect(events.map((event) => event['detail-type'])).toContain(rowOf(row.kind).event);
  expect(events.flatMap(faultsOf)).toEqual([]);
});

test('no kind offers a command that is not played here, in either form', () => {
  const missing = [...OFFERED].flatMap(([kind, verbs]) =>
    [...verbs].filter((verb) => !played.get(kind)?.has(verb)).map((verb) => `${kind}: ${verb}`),
  );
  expect(missing).toEqual([]);
});

test('what offers no command is known as such', () => {
  const silent = Object.entries(SCENARIOS).flatMap(([kind, scenarios]) =>
    scenarios === 'offers no command' ? kind : [],
  );
  for (const kind of silent) expect([kind, [...(OFFERED.get(kind) ?? [])]]).toEqual([kind, []]);
});

test('every plain AWS command has one for a checkout beside it', () => {
  for (const [kind, verbs] of OFFERED)
    expect([kind, [...verbs].filter((verb) => verb.startsWith('undefined'))]).toEqual([kind, []]);
});

test('the commands of the weekly report put a first key in, and print the id that proves the mail', async () => {
  const testKey = await TestKey.build();
  const terminal = await Terminal.open(testKey.sandbox);
  try {
    await testKey.check();
    await testKey.sandbox.invoke('prod', 'report', { force: true });
    const mails = testKey.sandbox.aws.sns.inbox('platform@example.com');
    const { body } = mails.find((mail) => mail.body.startsWith('Keys of '))!;
    const [submit, report, ...others] = body.match(/npx --no -- anthropic-keys [^\n`]+/g)!;
    expect(others).toEqual([]);
    const { screen } = await terminal.paste(report!);
    expect(screen).toContain(/AKR-\w{4}-\w{4}/.exec(body)![0]);
    const typed = testKey.newKey();
    await terminal.paste(submit!, { typed });
    expect(testKey.live).toBe(typed);
  } finally {
    await terminal.close();
    await testKey.close();
  }
});
