import { join } from 'node:path';
import { openOperator } from '../../lib/adapters/operator';
import { installationOf } from '../../lib/cli/installation';
import { runCli } from '../../lib/cli/main';
import { VERSION } from '../../lib/cli/version';
import { releasedBy, releaseIn } from '../../lib/contract/release';
import type { Known } from '../../lib/workflows/operator-ports';
import { clientConfig } from '../../local/aws';
import { ScriptedTerminal } from '../../local/cli/scripted-terminal';
import manifest from '../../package.json';
import { TestKey } from '../lifecycle/test-key';
import { ROOT } from '../root';

let testKey: TestKey;

beforeAll(async () => {
  testKey = await TestKey.build();
});

afterAll(() => testKey.sandbox.close());

/** `--version` where the environment was deployed so. */
async function version(found: Known<string | undefined> | Error, ...more: string[]) {
  const terminal = new ScriptedTerminal();
  const { aws, anthropic, clock } = testKey.sandbox;
  const operator = openOperator({ aws: clientConfig(aws, 'ada'), anthropicUrl: anthropic.url, clock });
  const release = async () => {
    if (found instanceof Error) throw found;
    return found;
  };
  const examiner = { ...operator.examiner, release };
  const context = {
    ...operator,
    examiner,
    terminal,
    installation: installationOf(join(ROOT, 'bin', 'anthropic-keys.ts')),
    configured: async () => undefined,
    declared: async () => undefined,
    connect: async () => operator,
  };
  const exit = await runCli(['--version', ...more], terminal, async () => context);
  return { exit, printed: terminal.printed, shown: terminal.shown.replace(/\s+/g, ' ') };
}

test('stdout gets the version alone, so that a script may read it', async () => {
  const { exit, printed } = await version({ known: VERSION });
  expect({ exit, printed }).toEqual({ exit: 0, printed: manifest.version });
});

test.each<[string, Known<string | undefined> | Error, string]>([
  ['the same release', { known: VERSION }, `prod: release ${VERSION}, the same`],
  [
    'another release',
    { known: '0.0.9' },
    `prod was deployed with release 0.0.9, and this is ${VERSION}. Deploy again`,
  ],
  [
    'a release that does not say',
    { known: undefined },
    'prod was deployed with a release that does not say which one it is',
  ],
  ['no permission to look', { unknown: 'AccessDenied' }, 'prod: the release is not known: AccessDenied'],
  [
    'no AWS at all',
    new Error('Could not load credentials'),
    'is not known: Could not load credentials. Sign in to AWS first',
  ],
])('beside it stands, with %s', async (_, found, says) => {
  const { exit, shown } = await version(found);
  expect(exit).toBe(0);
  expect(shown).toContain(says);
});

test('as JSON', async () => {
  const { printed } = await version({ known: '0.0.9' }, '--json');
  expect(JSON.parse(printed)).toEqual({
    schema: 'anthropic-key-rotation/version/1',
    version: VERSION,
    deployed: [{ environment: 'prod', release: '0.0.9' }],
  });
});

test('a description says its release, and nothing else does', () => {
  expect(releaseIn(releasedBy('Reports on the keys of prod', '1.2.3-rc.1'))).toBe('1.2.3-rc.1');
  expect(releaseIn('Reports on the keys by release date')).toBeUndefined();
  expect(releaseIn(undefined)).toBeUndefined();
});
