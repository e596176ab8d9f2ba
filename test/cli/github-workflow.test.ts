import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { FILL_IN } from '../../lib/cli/init/templates';
import { WORKFLOW } from '../../lib/cli/init/workflow';
import { parse } from '../../lib/cli/parse';
import { VERBS } from '../../lib/cli/verbs';
import { memoryToTags } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import { VirtualClock } from '../../local/clock';
import { FakeGithub } from '../../local/github/fake-github';
import { serveGithub } from '../../local/github/server';
import { aKeyThatIs, type State } from '../tickets/listings';
import { packagedProgram } from './program';
import { serve } from './surroundings/front';
import { ThreeAccounts } from './surroundings/three-accounts';

// GitHub runs this file and nothing here does: its structure is held, and its shell steps are run against the embedded accounts and GitHub.

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

const document = parseDocument(WORKFLOW);
const workflow = document.toJS() as {
  readonly on: {
    readonly schedule: readonly { readonly cron: string }[];
    readonly workflow_dispatch: unknown;
  };
  readonly permissions: object;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions: object; readonly 'timeout-minutes': number; readonly steps: readonly Step[] }
    >
  >;
};
const { steps, ...job } = workflow.jobs.keys!;
const runs = steps.flatMap(({ run }) => run ?? []);

describe('its structure', () => {
  test('is valid YAML, and all that a person fills in is what reads AWS', () => {
    expect([document.errors, document.warnings]).toEqual([[], []]);
    expect(WORKFLOW.split(FILL_IN)).toHaveLength(3);
    const filled = steps.flatMap((step) =>
      JSON.stringify(step).includes(FILL_IN) ? [step.uses?.split('@')[0]] : [],
    );
    expect(filled).toEqual(['aws-actions/configure-aws-credentials']);
  });

  test('one job has the rights to read the code, sign in and write issues, and nothing has more', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.keys(workflow.jobs)).toEqual(['keys']);
    expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write', issues: 'write' });
    expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
  });

  test('every action is named by its commit, with the version in words', () => {
    const uses = WORKFLOW.split('\n').filter((line) => line.includes('uses:'));
    expect(uses).toHaveLength(4);
    for (const line of uses)
      expect(line).toMatch(/uses: (actions|aws-actions)\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))?.with).toEqual({
      'persist-credentials': false,
    });
  });

  test('no event reaches a command, and the token only the step that writes issues', () => {
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
    const withToken = steps.filter((step) => JSON.stringify(step).includes('github.token'));
    expect(withToken.map(({ name }) => name)).toEqual(['Keep the issues']);
    expect(WORKFLOW).not.toContain('secrets.');
  });

  test('runs one after the other, once a day, and is not cut off', () => {
    expect(workflow.concurrency).toEqual({ group: 'anthropic-keys', 'cancel-in-progress': false });
    const days = workflow.on.schedule.map(({ cron }) => /^17 5 \* \* (\S+)$/.exec(cron)![1]);
    expect(days).toEqual(['0,2-6', '1']);
  });

  test('every command is one that the command line has, and nothing is downloaded but what package-lock.json names', () => {
    const commands = [...runs.join('\n').matchAll(/npx --no -- anthropic-keys ([a-z][^|>\n]*)/g)].map(
      ([, line]) => line!.trim(),
    );
    expect(commands).toEqual([
      'status --everywhere --json',
      'tickets --from listing.json',
      'report --everywhere --html keys.html',
    ]);
    for (const line of commands) expect(parse(line.split(' '), VERBS)).toMatchObject({ kind: 'run' });
    expect(runs.join('\n').match(/\b(npm|npx|curl|wget)\b.*/g)).toEqual([
      'npm ci --ignore-scripts',
      expect.stringMatching(/^npx --no -- /),
      expect.stringMatching(/^npx --no -- /),
      expect.stringMatching(/^npx --no -- /),
    ]);
  });
});

describe('its steps', () => {
  const ACCOUNTS = { dev: 'AKIADEV', prod: 'AKIAPROD' } as const;
  const now = new Date();
  let folder: string;
  let accounts: ThreeAccounts;
  let aws: Awaited<ReturnType<typeof serve>>;
  let github: FakeGithub;
  let served: Awaited<ReturnType<typeof serveGithub>>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workflow-'));
    accounts = new ThreeAccounts(new VirtualClock(now));
    aws = await serve(accounts.listener);
    github = new FakeGithub('acme/keys');
    served = await serveGithub(github);
    const program = await packagedProgram();
    mkdirSync(join(folder, 'bin'));
    for (const [name, script] of [
      [
        'npx',
        `[ "$1 $2 $3" = '--no -- anthropic-keys' ] || exit 97; shift 3; exec '${process.execPath}' '${program}' "$@"`,
      ],
      ['npm', `[ "$*" = 'ci --ignore-scripts' ] || exit 97`],
    ] as const) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    writeFileSync(join(folder, 'keys.yaml'), FLEET);
    signIn({ ...ACCOUNTS });
  });

  afterEach(async () => {
    aws.close();
    await served.stop();
    rmSync(folder, { recursive: true });
  });

  const FLEET = `environments:
${Object.entries({ dev: '111111111111', prod: '333333333333' })
  .map(
    ([name, account]) => `  ${name}:
    account: '${account}'
    region: eu-central-1
    readAs: { profile: ${name} }
    alerts: [platform@example.com]
    keys: { api: { owner: platform@example.com } }
`,
  )
  .join('')}`;

  /** Which access key each profile has. */
  const signIn = (profiles: Readonly<Record<string, string>>) =>
    writeFileSync(
      join(folder, 'config'),
      Object.entries(profiles)
        .map(([name, id]) => `[profile ${name}]\naws_access_key_id = ${id}\naws_secret_access_key = none\n`)
        .join(''),
    );

  async function deploy(account: string, environment: string, state: State): Promise<void> {
    const { key, memory, policy } = aKeyThatIs(state, { environment, service: 'api', now });
    await accounts.cloud(account).secretsManager.perform('CreateSecret', {
      Name: key.secretName,
      SecretString: '{}',
      ClientRequestToken: `a-token-for-the-test-${environment}`.padEnd(40, '0'),
      Tags: Object.entries({ ...policyToTags(key, policy), ...memoryToTags(memory) }).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    });
  }

  interface Ended {
    /** Of the first step that failed. */
    readonly exit: number;
    readonly done: readonly string[];
    readonly shown: string;
  }

  /** Runs the shell steps as a runner does: each in `bash -e`, up to the first that fails. */
  async function play(event: Readonly<Record<string, string>>): Promise<Ended> {
    const done: string[] = [];
    const outputs = join(folder, 'outputs');
    writeFileSync(outputs, '');
    let shown = '';
    const known = (term: string) => {
      const [, output] = /^steps\.list\.outputs\.(\w+)$/.exec(term) ?? [];
      return output === undefined
        ? (event[term] ?? '')
        : new RegExp(`^${output}=(.*)$`, 'm').exec(readFileSync(outputs, 'utf8'))![1]!;
    };
    const holds = (condition: string) =>
      condition.split(' || ').some((equation) => {
        const [, term, value] = /^(\S+) == '([^']*)'$/.exec(equation)!;
        return known(term!) === value;
      });
    for (const { name = '', run, env = {}, if: condition } of steps) {
      if (run === undefined || (condition && !holds(condition))) continue;
      const script = join(folder, 'step.sh');
      writeFileSync(script, run);
      const given = Object.entries(env).map(([key, value]) => [
        key,
        value.replace(/^\$\{\{ github\.token \}\}$/, github.token),
      ]);
      const ended = await new Promise<{ code: number; text: string }>((resolve) => {
        execFile(
          'bash',
          ['-e', script],
          {
            cwd: folder,
            env: {
              PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
              HOME: folder,
              AWS_CONFIG_FILE: join(folder, 'config'),
              AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
              AWS_EC2_METADATA_DISABLED: 'true',
              AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.port}`,
              AWS_REGION: 'eu-central-1',
              GITHUB_OUTPUT: outputs,
              GITHUB_API_URL: served.url,
              GITHUB_REPOSITORY: 'acme/keys',
              ...Object.fromEntries(given),
            },
          },
          (error, stdout, stderr) =>
            resolve({ code: error ? Number(error.code) : 0, text: `${stdout}${stderr}` }),
        );
      });
      shown += ended.text;
      if (ended.code !== 0) return { exit: ended.code, done, shown };
      done.push(name);
    }
    return { exit: 0, done, shown };
  }

  const daily = { 'github.event_name': 'schedule', 'github.event.schedule': '17 5 * * 0,2-6' };
  const weekly = { 'github.event_name': 'schedule', 'github.event.schedule': '17 5 * * 1' };
  const issues = () => github.issues.map(({ title, state }) => [title, state]);

  test('open an issue for a dead key, and succeed: a key that needs a person is no failure of the run', async () => {
    await deploy('111111111111', 'dev', 'fine');
    await deploy('333333333333', 'prod', 'dead');
    expect(await play(daily)).toMatchObject({
      exit: 0,
      done: ['Install what package-lock.json names', 'List the keys', 'Keep the issues'],
    });
    expect(issues()).toEqual([['prod/api: DEAD', 'open']]);
    expect(existsSync(join(folder, 'keys.html'))).toBe(false);
  });

  test('close nothing of an account that could not be read, keep the issues of the others, and fail for all to see', async () => {
    await deploy('111111111111', 'dev', 'fine');
    await deploy('333333333333', 'prod', 'dead');
    await play(daily);
    signIn({ ...ACCOUNTS, prod: 'AKIANOBODY' });
    const ran = await play(daily);
    expect(ran).toMatchObject({ exit: 4, done: expect.arrayContaining(['Keep the issues']) });
    expect(ran.shown.replace(/\s+/g, ' ')).toContain('prod could not be read, so no issue of it is closed');
    expect(ran.shown).toContain('::error::');
    expect(issues()).toEqual([['prod/api: DEAD', 'open']]);
  });

  test('touch no issue where there is no listing at all', async () => {
    await deploy('333333333333', 'prod', 'dead');
    await deploy('111111111111', 'dev', 'fine');
    await play(daily);
    const before = github.requests.length;
    writeFileSync(join(folder, 'keys.yaml'), 'environments: {}\n');
    expect(await play(daily)).toMatchObject({ exit: 2, done: ['Install what package-lock.json names'] });
    expect(github.requests).toHaveLength(before);
  });

  test('write the page once a week, and whenever a person starts them', async () => {
    await deploy('111111111111', 'dev', 'fine');
    await deploy('333333333333', 'prod', 'fine');
    for (const event of [weekly, { 'github.event_name': 'workflow_dispatch' }]) {
      expect(await play(event)).toMatchObject({
        exit: 0,
        done: expect.arrayContaining(['Write the page for auditors']),
      });
      expect(readFileSync(join(folder, 'keys.html'), 'utf8')).toContain('prod/api');
      rmSync(join(folder, 'keys.html'));
    }
  });
});
