import { SecretsManagerClient, TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { parse } from '../../lib/cli/parse';
import type { Verb } from '../../lib/cli/verb';
import { VERBS } from '../../lib/cli/verbs';
import { clientConfig } from '../../local/aws';
import { operatorOn, type Ran } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { TestKey } from '../lifecycle/test-key';

/** Commands of the command line as a person copies them, from a line of the screen. */
const commandsIn = (line: string) =>
  [
    ...line.matchAll(
      /npx --no -- anthropic-keys((?: --?[a-z-]+)* [a-z]+(?: (?:<\w+>|\w+\/[\w/-]+))?(?: --[a-z-]+(?: (?:'[^']*'|"[^"]*"|[\w.:-]+))?)*)/g,
    ),
  ].map(([, words]) => words!.trim());

/** What could not be pasted: commands that do not parse, and lines that begin or end within one. */
function unpasteable(shown: string): readonly string[] {
  return shown.split('\n').flatMap((line) => {
    const wrong = commandsIn(line).filter((words) => {
      const argv = words.replace(/<\w+>/g, 'prod/api').match(/'[^']*'|"[^"]*"|\S+/g)!;
      const parsed = parse(argv, VERBS);
      return parsed.kind === 'say' && parsed.exit !== 0;
    });
    const torn =
      /(?:npx|npx --no|npx --no --|anthropic-keys)$|^ *(?:--no |-- anthropic|anthropic-keys |--(?:key|hours|reason|until)\b)/;
    return [...wrong, ...(torn.test(line) ? [line] : [])];
  });
}

test('a torn command would be found', () => {
  expect(unpasteable('Go back: npx --no -- anthropic-keys rollback\nprod/api')).toEqual(['rollback']);
  expect(unpasteable('Go back: npx --no --\nanthropic-keys rollback prod/api')).toHaveLength(2);
  expect(unpasteable('npx --no -- anthropic-keys extend prod/api\n  --hours 48')).toHaveLength(1);
});

/** A life of a key in commands, with everything that they say, right and wrong. */
async function life(columns: number): Promise<readonly (Ran & { readonly line: string })[]> {
  const testKey = await TestKey.build({ adminAccess: true });
  const { sandbox } = testKey;
  const key = testKey.secretName.replace('anthropic/', '');
  const ada = operatorOn(sandbox);
  const ran: (Ran & { readonly line: string })[] = [];
  const run = async (line: string, script: Script = {}) => {
    const argv = line.replace('KEY', key).match(/"[^"]*"|\S+/g)!;
    const words = argv.map((word) => word.replaceAll('"', ''));
    ran.push({ line, ...(await ada.run(words, { columns, ...script })) });
    await sandbox.settle();
  };
  await run('status');
  await run('show KEY');
  await run('rollback KEY');
  await run('submit KEY', { pastes: ['nonsense', testKey.newKey()] });
  await run('submit KEY', { pastes: [testKey.newKey()] });
  for (const line of ['show KEY', 'status', 'doctor', 'check KEY', 'extend KEY --hours 72', 'show prod/nope'])
    await run(line);
  await run('snooze KEY --until 2027-01-31 --reason "freeze"');
  for (const verb of ['rollback', 'retire', 'leak --reason "pasted"', 'submit', 'reactivate'])
    await run(`${verb.split(' ')[0]} KEY ${verb.split(' ').slice(1).join(' ')} --dry-run`.replace('  ', ' '));
  await run('rollback KEY');
  await run('retire KEY');
  await run('reactivate KEY');
  await run('leak KEY --reason "pasted into a ticket"');
  await run('show KEY');
  await run('report prod');
  await run('adopt legacy/claude --owner a@example.com');
  await run('version');
  await sandbox.close();
  return ran;
}

test.each([40, 60, 80, 120])(
  'whatever a command says, its commands paste, in %i columns',
  async (columns) => {
    const ran = await life(columns);
    expect(ran.flatMap(({ shown }) => commandsIn(shown)).length).toBeGreaterThan(8);
    expect(ran.flatMap(({ line, shown }) => unpasteable(shown).map((bad) => [line, bad]))).toEqual([]);
  },
);

test('people read no internal ids', async () => {
  const shown = (await life(80)).map((ran) => ran.shown).join('\n');
  expect(shown).toMatch(/leaked, key [0-9a-f]{8}/);
  for (const id of [
    /\bRUNG\b/i,
    /\b[a-z]+(?:-[a-z]+)*\.[0-9a-f]{8}\b/,
    /awaiting-first-key|in-grace|\w+-401\b/,
  ])
    expect(shown).not.toMatch(id);
});

const OBEYED = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u2028]/u;

test('labels, version ids and tags of others reach the screen as signs only', async () => {
  const testKey = await TestKey.build({});
  await testKey.promoteFirstKey();
  const { sandbox, secretName } = testKey;
  await sandbox.aws.secretsManager.perform('PutSecretValue', {
    SecretId: secretName,
    ClientRequestToken: `\x1b[2J\x1b[H${'z'.repeat(30)}`,
    SecretString: 'x',
    VersionStages: [
      '\x1b]0;owned\x07\x1b[2K\rALL GOOD',
      'a\nb  npx --no -- anthropic-keys leak prod/other',
      '\x1b[31mred',
    ],
  });
  await new SecretsManagerClient(clientConfig(sandbox.aws, 'eve')).send(
    new TagResourceCommand({
      SecretId: secretName,
      Tags: [{ Key: 'anthropic-key:owner', Value: 'eve@example.com \u2028\u00a0ALL GOOD' }],
    }),
  );
  const ada = operatorOn(sandbox);
  const key = secretName.replace('anthropic/', '');
  for (const line of [
    'show KEY',
    'status',
    'doctor KEY',
    'report --audit',
    'report --html x.html',
    'check KEY',
  ])
    for (const json of ['', ' --json']) {
      const { shown } = await ada.run(`${line.replace('KEY', key)}${json}`.split(' '), { colour: false });
      expect([line, OBEYED.exec(shown)?.[0]]).toEqual([line, undefined]);
      expect(shown).not.toMatch(/^ *b? *npx --no -- anthropic-keys leak prod\/other/m);
    }
  const { shown } = await ada.run(['show', key], { colour: true });
  expect(shown).not.toContain('\x1b[31mred');
  expect(shown).toContain('"\\u001b[31mred"');
  await sandbox.close();
});

test('every document begins with its schema', async () => {
  const testKey = await TestKey.build({ adminAccess: true });
  await testKey.promoteFirstKey();
  const key = testKey.secretName.replace('anthropic/', '');
  const ada = operatorOn(testKey.sandbox);
  const schemaOf = async (line: string) => {
    const words = `${line.replace('KEY', key)} --json`.match(/"[^"]*"|\S+/g)!;
    const { printed } = await ada.run(words.map((word) => word.replaceAll('"', '')));
    return Object.entries(JSON.parse(printed))[0];
  };
  for (const [line, document] of [
    ['status', 'status/1'],
    ['show KEY', 'show/1'],
    ['doctor', 'doctor/1'],
    ['check KEY', 'check/1'],
    ['report prod', 'report/1'],
    ['report --audit', 'audit/1'],
    ['report --html x.html', 'page/1'],
    ['version', 'version/1'],
    ['submit KEY --dry-run', 'plan/1'],
    ['rollback KEY', 'error/1'],
    ['show nonsense', 'error/1'],
    ['leak KEY --reason "in a log" --yes', 'incident/1'],
  ] as const)
    expect([line, await schemaOf(line)]).toEqual([line, ['schema', `anthropic-key-rotation/${document}`]]);
  await testKey.sandbox.close();
});

test('a command without a name for its document does not compile', () => {
  const { document: _, ...nameless } = VERBS[0]!;
  // @ts-expect-error: without `document`, `--json` would print what nobody can tell apart.
  const verb: Verb = nameless;
  expect(VERBS.map(({ document }) => document)).not.toContain(undefined);
  expect(verb.name).toBe('status');
});
