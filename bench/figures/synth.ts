import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../test/root';
import type { Figure } from '../figure';
import { inTurns, medianOf, type Program, ratio } from '../measure';

const ROUNDS = 2;

/** `npx cdk synth` as people type it, for fleets of three sizes, and what a mistake in `keys.yaml` costs. `cdk --version` is the least that the CDK takes. */
export async function measure(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  const cdk = (args: readonly string[], validated: boolean): Program => ({
    command: 'npx',
    args: ['cdk', ...args],
    cwd: ROOT,
    env: { CDK_DISABLE_CLI_TELEMETRY: '1', ...(validated ? {} : { CDK_VALIDATION: 'false' }) },
  });
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const synth = (keys: string, validated = true): Program =>
    cdk(['synth', '-q', '--no-notices', '-c', `keys=${keys}`, '-o', join(folder, 'cdk.out')], validated);
  const [one, hundred, thousand] = [1, 100, 1000].map((keys) => file(`${keys}.yaml`, fleetOf(keys)));
  const wrong = synth(file('wrong.yaml', fleetOf(1).replace('owner', 'ownr')));
  try {
    const runs = await inTurns(
      {
        floor: cdk(['--version'], true),
        one: synth(one!),
        hundred: synth(hundred!),
        thousand: synth(thousand!),
        fast: synth(one!, false),
        // It is to fail.
        wrong: { ...wrong, command: 'sh', args: ['-c', '! "$@"', 'sh', wrong.command, ...wrong.args] },
      },
      ROUNDS,
    );
    const seconds = (name: keyof typeof runs) => medianOf(runs[name], 'wall') / 1000;
    return [
      { id: '10', name: 'cdk synth of 1 key', value: seconds('one'), unit: 's', goal: { most: 8.2 } },
      { id: '10b', name: 'cdk synth of 100 keys', value: seconds('hundred'), unit: 's' },
      {
        id: '10c',
        name: 'cdk synth of 1,000 keys over that of 1',
        value: ratio({ a: runs.thousand, b: runs.one }, 'wall'),
        unit: '×',
      },
      {
        id: '10d',
        name: "cdk synth of 1 key without the CDK's validation",
        value: seconds('fast'),
        unit: 's',
        goal: { most: 3.5 },
        note: '`npm run synth:fast`',
      },
      {
        id: '10e',
        name: 'A wrong keys.yaml is answered',
        value: seconds('wrong'),
        unit: 's',
        goal: { most: 1.6 },
      },
      { id: '10f', name: 'cdk --version', value: seconds('floor'), unit: 's', note: 'The floor' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A fleet file of one environment. More keys than fit into one stack are spread over several. */
function fleetOf(keys: number): string {
  const lines = Array.from({ length: keys }, (_, index) => `      service-${index}: { owner: a@acme.io }`);
  const stacks = keys > 100 ? ['    stacks: 10'] : [];
  return [
    'environments:',
    '  prod:',
    '    alerts: [a@acme.io, b@acme.io]',
    ...stacks,
    '    keys:',
    ...lines,
    '',
  ].join('\n');
}
