import { policyName } from '../../lib/contract/people';
import { operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { enforce, plainPolicies } from '../iam/enforce';
import type { Statement } from '../iam/policy';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let key: string;
const policies = plainPolicies();

beforeEach(async () => {
  testKey = await TestKey.build();
  key = testKey.secretName.replace('anthropic/', '');
});

afterEach(() => testKey.sandbox.close());

/** Runs a command as somebody who has nothing but these statements. */
async function as(statements: readonly Statement[], argv: readonly string[], script?: Script) {
  enforce(testKey.sandbox.aws, 'eve', statements);
  const ran = await operatorOn(testKey.sandbox, 'eve').run(argv, script);
  testKey.sandbox.aws.faults.clear();
  return { ...ran, text: ran.shown.replace(/\s+/g, ' ') };
}

const holderOf = (policy: string) => policies.get(policy)!;

describe('doctor', () => {
  test('of somebody without any right: a line per part, with the policy to attach', async () => {
    const ran = await as([], ['doctor']);
    expect(ran.exit).toBe(3);
    expect(ran.text).toContain('The keys cannot be listed: ListSecrets: AccessDeniedException');
    expect(ran.text).toContain('Attach the policy anthropic-keys-<environment>-reader to your role');
    expect(ran.text).toContain('Anthropic answers this machine');
    expect(ran.text).not.toContain('There is no managed key');
  });

  test('of somebody without any right, about one key: the environment is examined all the same', async () => {
    const ran = await as([], ['doctor', key, '--json']);
    expect(ran.exit).toBe(3);
    const lines = ran.json() as { about: string; state: string; what: string; fix?: string }[];
    const reader = 'Attach the policy anthropic-keys-prod-reader to your role';
    expect(lines).toContainEqual(
      expect.objectContaining({ about: key, state: 'problem', fix: expect.stringContaining(reader) }),
    );
    expect(lines).toContainEqual({
      about: 'prod',
      state: 'problem',
      what: 'Who is subscribed: you may not sns:GetTopicAttributes',
      fix: `${reader}: it allows sns:GetTopicAttributes.`,
    });
    expect(lines).toContainEqual({
      about: 'prod',
      state: 'problem',
      what: 'Your role may not invoke anthropic-keys-prod-check',
      fix: 'Attach the policy anthropic-keys-prod-operator to your role.',
    });
  });

  test('of a reader: everything is examined, and only what invokes a function is missing', async () => {
    await testKey.promoteFirstKey();
    const ran = await as(holderOf('reader'), ['doctor', '--json']);
    const lines = ran.json() as { state: string; what: string; fix?: string }[];
    expect(lines.filter(({ state }) => state === 'problem').map(({ what }) => what)).toEqual(
      ['check', 'rotate', 'report'].map((role) => `Your role may not invoke anthropic-keys-prod-${role}`),
    );
    expect(lines.map(({ what }) => what)).toContain('1 confirmed subscription');
    expect(ran.exit).toBe(3);
  });

  test.each([
    ['ExpiredToken', 'The security token included in the request is expired', 'have expired'],
    [
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      'does not know this access key',
    ],
  ])(
    'with credentials that are %s: one line about that, and nothing else is asked of AWS',
    async (code, message, fix) => {
      testKey.sandbox.aws.faults.on(
        { caller: 'eve', times: Number.POSITIVE_INFINITY },
        { kind: 'error', code, message, status: 403 },
      );
      testKey.sandbox.aws.calls.clear();
      const { exit, json } = await operatorOn(testKey.sandbox, 'eve').run(['doctor', '--json']);
      expect(exit).toBe(3);
      expect(json()).toContainEqual(
        expect.objectContaining({
          about: 'here',
          state: 'problem',
          what: expect.stringContaining('AWS cannot be asked'),
          fix: expect.stringContaining(fix),
        }),
      );
      const asked = testKey.sandbox.aws.calls.by('eve').map(({ service }) => service);
      expect(asked.filter((service) => service !== 'sts' && service !== 'secretsmanager')).toEqual([]);
    },
  );
});

describe('every command that is refused names the policy that it takes', () => {
  test.each([
    [['status'], 'anthropic-keys-<environment>-reader'],
    [['show'], 'anthropic-keys-prod-reader'],
    [['check'], 'anthropic-keys-prod-operator'],
    [['rollback'], 'anthropic-keys-prod-operator'],
    [['submit'], 'anthropic-keys-prod-operator'],
    [['leak', '--reason', 'in a ticket'], 'anthropic-keys-prod-responder'],
    [['reactivate'], 'anthropic-keys-prod-responder'],
    [['report', 'prod'], 'anthropic-keys-prod-operator'],
  ])('%j: %s', async ([verb = '', ...options], policy) => {
    const argv = verb === 'status' || verb === 'report' ? [verb, ...options] : [verb, key, ...options];
    const ran = await as([], argv);
    expect(ran.exit).toBe(1);
    expect(ran.text).toContain(`Attach the policy ${policy} to your role`);
  });

  test('a reader who submits is told of the operator policy, and nothing is stored', async () => {
    const ran = await as(holderOf('reader'), ['submit', key], { pastes: [testKey.newKey()] });
    expect(ran.exit).toBe(1);
    expect(ran.text).toContain('it allows secretsmanager:PutSecretValue');
    expect(ran.text).toContain(policyName('prod', 'operator'));
    expect(testKey.secret.versions.filter(({ labels }) => labels.includes('SUBMITTED'))).toEqual([]);
  });

  test('adopt is told that no policy for people allows its tags', async () => {
    const ran = await as(holderOf('operator'), [
      'adopt',
      testKey.secretName,
      '--owner',
      'a@example.com',
      '--yes',
    ]);
    expect(ran.exit).toBe(1);
    expect(ran.text).toContain('No policy for people allows it: only `adopt` needs it');
  });
});
