import type { CliContext } from '../../lib/cli/context';
import { examineEnvironment } from '../../lib/cli/doctor/environment';
import { examineKey, examineSurroundings } from '../../lib/cli/doctor/key';
import { managedKey } from '../../lib/cli/managed-key';
import { VERSION } from '../../lib/cli/version';
import { keysIn } from '../../lib/config/load';
import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { FunctionError } from '../../lib/workflows/operator-ports';

const NOW = new Date('2026-11-21T08:00:00Z');

/** A context in GovCloud in which everything is found. It records the ARNs it is asked about. */
function aContext({
  functions = {},
  schedule = 'enabled',
  doors = {},
}: {
  functions?: object;
  schedule?: string;
  /** What invoking a function comes to, by its name. */
  doors?: Readonly<Record<string, 'missing' | 'denied'>>;
} = {}) {
  const arns: string[] = [];
  const examiner: Partial<CliContext['examiner']> = {
    function: async (name) => ({ known: doors[name] ?? 'invocable' }),
    listeners: async (arn) => {
      arns.push(arn);
      const subscription = { protocol: 'email', endpoint: 'gateway@acme.io', confirmed: false };
      return { known: { confirmed: 0, subscriptions: [subscription] } };
    },
    refused: async (_, __, { arn }) => {
      arns.push(arn);
      return { known: [] };
    },
    schedule: async () => ({ known: schedule as 'enabled' | 'missing' }),
    release: async () => ({ known: VERSION }),
    tombstones: async () => ({ known: [] }),
    brokenReplicas: async () => ({ known: [] }),
  };
  const place = {
    account: '111122223333',
    region: 'us-gov-west-1',
    caller: 'arn:aws-us-gov:sts::111122223333:assumed-role/Operators/ada',
    endpoint: 'here',
    anthropic: 'api.anthropic.com',
  };
  const clock = { now: () => NOW, sleep: async () => {} };
  const configured = async () => undefined;
  const context = { examiner, functions, clock, configured, place: async () => place };
  return { arns, context: context as unknown as CliContext };
}

const failing = (error: Error) => ({
  admin: async () => {
    throw error;
  },
});

test('Admin access that is there and ends with an error is a problem, in the words of the error', async () => {
  const error = new FunctionError(
    'failed',
    'anthropic-keys-prod-admin failed: AdminError: invalid_grant\nat …',
  );
  const diagnoses = await examineEnvironment('prod', aContext({ functions: failing(error) }).context);
  expect(diagnoses).toContainEqual(
    expect.objectContaining({
      state: 'problem',
      what: 'Admin access is on but does not work: anthropic-keys-prod-admin failed: AdminError: invalid_grant',
    }),
  );
});

test.each<[string, object | undefined, object | undefined]>([
  [
    'is there',
    { kind: 'read' },
    { state: 'fine', what: expect.stringContaining('Activity Feed can be read') },
  ],
  [
    'is not',
    {
      kind: 'unread',
      why: 'not-offered',
      words: 'Anthropic offers this organization no Activity Feed (status 404).',
    },
    {
      state: 'unknown',
      what: 'Who disables a key at Anthropic is not known: Anthropic offers this organization no Activity Feed (status 404).',
      fix: 'See "Who changed a key" in docs/admin-access.md.',
    },
  ],
  ['is not named by the function of an earlier release', undefined, undefined],
])('whether the Activity Feed %s is said, and is no problem', async (_, feed, expected) => {
  const functions = { admin: async () => ({ outcome: 'fleet', records: [], feed }) };
  const diagnoses = await examineEnvironment('prod', aContext({ functions }).context);
  const said = diagnoses.filter(({ what }) => /Activity Feed/.test(what));
  expect(said).toEqual(expected ? [expect.objectContaining(expected)] : []);
  expect(diagnoses).toContainEqual(
    expect.objectContaining({ what: 'Admin access works: Anthropic lists 0 keys' }),
  );
});

test('Admin access that gives no answer is not known to be broken', async () => {
  const error = new FunctionError('unavailable', 'Invoke anthropic-keys-prod-admin: Throttled');
  const diagnoses = await examineEnvironment('prod', aContext({ functions: failing(error) }).context);
  expect(diagnoses).toContainEqual(
    expect.objectContaining({ state: 'unknown', what: expect.stringContaining('Throttled') }),
  );
});

describe('which report tells the usage of keys', () => {
  const refused = (status: number) => ({ failure: 'refused', status }) as const;
  const silent = { failure: 'unavailable' } as const;
  test.each([
    [{ analytics: 'answers', messages: silent }, 'fine', "is known from Anthropic's analytics report", ''],
    [
      { analytics: refused(400), messages: 'answers' },
      'fine',
      "is known from Anthropic's Messages report: the analytics report is refused (status 400)",
      '',
    ],
    [
      { analytics: refused(400), messages: refused(403) },
      'problem',
      "Whether old keys are used is not known: Anthropic's analytics report is refused (status 400), and its Messages report is refused (status 403)",
      '"Usage" in docs/admin-access.md',
    ],
    [
      { analytics: refused(400), messages: silent },
      'unknown',
      'its Messages report gave no readable answer',
      'Try again later',
    ],
    [undefined, 'unknown', 'the deployed function does not say', 'release'],
  ] as const)('%j: %s', async (usage, state, what, fix) => {
    const admin = async (_: string, request: object) => {
      expect(request).toEqual({ verb: 'inspect-fleet', usage: true });
      return { outcome: 'fleet', records: [], usage };
    };
    const diagnoses = await examineEnvironment('prod', aContext({ functions: { admin } }).context);
    const found = diagnoses.find((each) => each.what.includes(what));
    expect(found).toMatchObject({ state });
    expect(found?.fix ?? '').toContain(fix);
  });
});

describe('the door for orders', () => {
  const orders = 'anthropic-keys-prod-admin:orders';
  const admin = 'anthropic-keys-prod-admin';
  test.each([
    [{ [orders]: 'missing' }, 'problem', `may invoke ${admin}, but ${orders} does not exist`],
    [{ [orders]: 'denied' }, 'problem', `may invoke ${admin}, but ${orders} is closed to it`],
    [{ [orders]: 'missing', [admin]: 'missing' }, 'fine', 'No Admin access'],
    [
      { [orders]: 'denied', [admin]: 'denied' },
      'unknown',
      'Admin access is off, or your role may not use it',
    ],
  ] as const)('%j is found: %s', async (doors, state, what) => {
    const diagnoses = await examineEnvironment('prod', aContext({ doors }).context);
    expect(diagnoses).toContainEqual(expect.objectContaining({ state, what: expect.stringContaining(what) }));
  });
});

test('topic and secrets are those of the partition that the caller is in', async () => {
  const { arns, context: gov } = aContext({
    functions: { admin: async () => ({ outcome: 'fleet', records: [] }) },
  });
  await examineEnvironment('prod', gov);
  expect(new Set(arns.map((arn) => arn.split(':')[1]))).toEqual(new Set(['aws-us-gov']));
});

test('no fix claims that a deployment sends a confirmation again', async () => {
  const { context: any } = aContext({ functions: failing(new Error('no')) });
  const fixes = (await examineEnvironment('prod', any)).flatMap(({ fix }) => fix ?? []);
  expect(fixes.filter((fix) => fix.includes('aws sns subscribe'))).toHaveLength(2);
  expect(fixes.join()).not.toContain('deploy again');
});

describe('subscriptions beside what keys.yaml has in alerts', () => {
  const FLEET =
    'environments: { prod: { alerts: { all: [team@acme.io, lead@acme.io], critical: [pager@acme.io] }, keys: { api: { owner: api@acme.io } } } }';

  async function found(...addresses: string[]) {
    const subscriptions = addresses.map((address) => ({
      protocol: 'email',
      endpoint: address.replace('?', ''),
      confirmed: !address.endsWith('?'),
    }));
    const { context } = aContext({ functions: failing(new Error('no')) });
    const confirmed = subscriptions.filter((one) => one.confirmed).length;
    const diagnoses = await examineEnvironment('prod', {
      ...context,
      examiner: {
        ...context.examiner,
        listeners: async () => ({ known: { confirmed, subscriptions } }),
        refused: async (_, actions) => ({ known: actions.filter((action) => /GetSecretValue/.test(action)) }),
      },
      configured: async (wanted) => keysIn(FLEET, 'keys.yaml')(wanted),
    });
    return diagnoses.filter(({ state }) => state === 'problem').map(({ what }) => what);
  }

  test('only those who hear what is critical, or an owner, are no audience', async () => {
    expect(await found('pager@acme.io', 'api@acme.io', 'team@acme.io?', 'lead@acme.io?')).toEqual([
      'Nobody hears of all keys: no mailbox that keys.yaml has in alerts for everything is confirmed',
      'team@acme.io has not confirmed its subscription',
      'lead@acme.io has not confirmed its subscription',
    ]);
  });

  test('one of those who hear everything is enough, and who is gone is named', async () => {
    expect(await found('team@acme.io', 'pager@acme.io')).toEqual([
      'lead@acme.io is not subscribed, and keys.yaml has it in alerts',
    ]);
    expect(await found('team@acme.io', 'lead@acme.io', 'pager@acme.io')).toEqual([]);
  });
});

/** prod/api-gateway, with these tags besides its policy. */
function aDeployedKey(tags: Readonly<Record<string, string>>) {
  const name = 'anthropic/prod/api-gateway';
  const identity = { environment: 'prod', service: 'api-gateway', owner: 'gateway@acme.io' };
  return managedKey({
    arn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`,
    name,
    createdAt: NOW,
    tags: { ...policyToTags(identity, DEFAULT_POLICY), ...tags },
    stages: {},
    rotationEnabled: true,
  });
}

test.each([
  ['2026-11-20', 'unknown', 'not in anthropic-keys-prod, but the key is checked'],
  ['2026-11-19', 'problem', 'is missing'],
])('a key without its schedule, last checked on %s: %s', async (checked, state, what) => {
  const key = aDeployedKey({ 'anthropic-key-state:checked': checked });
  const [schedule] = await examineSurroundings(key, aContext({ schedule: 'missing' }).context);
  expect(schedule).toMatchObject({ state, what: expect.stringContaining(what) });
});

test.each([
  ['', 'ecs restart prod/api', 'consumers ecs restart prod/api instead of none'],
  ['consumers: [{ kind: host, name: a }],', undefined, 'consumers none instead of host restart a'],
  ['consumers: [{ kind: host, name: a }],', 'host 5m a', 'consumers host 5m a instead of host restart a'],
])('consumers of %j in the file, and %j in the tags', async (fields, tag, what) => {
  const { context } = aContext();
  const yaml = `environments: { prod: { alerts: [a@acme.io], keys: { api-gateway: { ${fields} owner: gateway@acme.io } } } }`;
  const read = keysIn(yaml, 'keys.yaml');
  const key = aDeployedKey(tag === undefined ? {} : { 'anthropic-key:consumers': tag });
  const found = await examineKey(key, { ...context, configured: async (wanted) => read(wanted) });
  expect(found.map((each) => each.what)).toContainEqual(`Its tags are not what keys.yaml says: ${what}`);
});

test.each([
  [VERSION, 'fine', `Release ${VERSION} is deployed, the same as here`],
  ['0.0.1', 'problem', `It was deployed with release 0.0.1, and this is ${VERSION}`],
  [undefined, 'problem', 'a release that does not say which one it is'],
])('of the deployed release %s it says: %s', async (known, state, what) => {
  const { context: any } = aContext({ functions: failing(new Error('no')) });
  const examiner = { ...any.examiner, release: async () => ({ known }) };
  expect(await examineEnvironment('prod', { ...any, examiner })).toContainEqual(
    expect.objectContaining({ state, what: expect.stringContaining(what) }),
  );
});

describe('a key of an environment whose keys are spread over stacks', () => {
  const FLEET = (stacks: string) =>
    `environments: { prod: { alerts: [a@acme.io], ${stacks} keys: { api-gateway: { owner: gateway@acme.io } } } }`;
  const SPREAD = 'stacks: 4,';

  /** The key as deployed in a stack, with what this fleet file says of it. */
  function deployed(stackName: string, stacks: string) {
    const key = aDeployedKey({
      'anthropic-key-state:checked': '2026-11-21',
      'aws:cloudformation:stack-name': stackName,
    });
    const groups: string[] = [];
    const { context } = aContext();
    const read = keysIn(FLEET(stacks), 'keys.yaml');
    const schedule = async (group: string) => {
      groups.push(group);
      return { known: 'enabled' as const };
    };
    const here: CliContext = {
      ...context,
      examiner: { ...context.examiner, schedule },
      configured: async (wanted) => read(wanted),
    };
    return { key, context: here, groups };
  }

  test.each([
    ['AnthropicKeys-prod-4', SPREAD],
    ['Live-AnthropicKeys-prod-4', SPREAD],
    ['AnthropicKeys-prod', ''],
    ['an-app-of-ones-own', SPREAD],
  ])('in %s is where %j puts it', async (stackName, stacks) => {
    const { key, context } = deployed(stackName, stacks);
    const found = await examineKey(key, context);
    expect(found.filter(({ what }) => what.includes('stack'))).toEqual([]);
  });

  test.each([
    ['AnthropicKeys-prod', SPREAD, 'AnthropicKeys-prod-4'],
    ['AnthropicKeys-prod-4', 'stacks: 5,', 'AnthropicKeys-prod-2'],
    ['Live-AnthropicKeys-prod-4', '', 'AnthropicKeys-prod'],
  ])('in %s would be moved by %j to %s, and must not', async (stackName, stacks, wanted) => {
    const { key, context } = deployed(stackName, stacks);
    expect(await examineKey(key, context)).toContainEqual(
      expect.objectContaining({
        state: 'problem',
        what: `Its secret is in the stack ${stackName.replace('Live-', '')}, but keys.yaml puts it into ${wanted}`,
        fix: expect.stringContaining('Do not deploy'),
      }),
    );
  });

  test('is looked for in the group of its stack', async () => {
    const { key, context, groups } = deployed('AnthropicKeys-prod-4', SPREAD);
    await examineSurroundings(key, context);
    expect(groups).toEqual(['anthropic-keys-prod-4']);
  });
});
