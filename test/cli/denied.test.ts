import { policyName } from '../../lib/contract/names';
import { FAULT } from '../../local/aws';
import { operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { enforce, policiesOf } from '../iam/enforce';
import type { Statement } from '../iam/policy';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let key: string;
const policies = policiesOf('plain');

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

/** What the document of `doctor --json` lists. */
const diagnosesOf = ({ json }: { json: () => unknown }) => (json() as { diagnoses: unknown }).diagnoses;

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
    const lines = diagnosesOf(ran) as { about: string; state: string; what: string; fix?: string }[];
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

  test('of somebody who may see one key and list none: that key is examined', async () => {
    await testKey.promoteFirstKey();
    const withoutList = holderOf('reader').filter(({ Action }) => Action !== 'secretsmanager:ListSecrets');
    expect(withoutList).toHaveLength(holderOf('reader').length - 1);
    const lines = diagnosesOf(await as(withoutList, ['doctor', key, '--json'])) as {
      about: string;
      what: string;
    }[];
    expect(lines.filter(({ about }) => about === key)).toContainEqual(
      expect.objectContaining({ state: 'fine', what: 'Labels, tags and deadlines are in order' }),
    );
    expect(lines.map(({ what }) => what)).toContainEqual(
      expect.stringContaining('The keys cannot be listed'),
    );
  });

  test('of a reader: everything is examined, and only what invokes a function is missing', async () => {
    await testKey.promoteFirstKey();
    const ran = await as(holderOf('reader'), ['doctor', '--json']);
    const lines = diagnosesOf(ran) as { state: string; what: string; fix?: string }[];
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
      expect(diagnosesOf({ json })).toContainEqual(
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

  test('without a way to STS it says so, and examines the rest', async () => {
    testKey.sandbox.aws.faults.on(
      { caller: 'eve', service: 'sts', times: Number.POSITIVE_INFINITY },
      { kind: 'drop', when: 'before-effect' },
    );
    const { exit, shown } = await operatorOn(testKey.sandbox, 'eve').run(['doctor']);
    expect(shown).toContain('Who you are to AWS');
    expect(shown).toContain('anthropic-keys-prod-check is there');
    expect(exit).toBe(3);
  });
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

  test('the page for auditors names what would let it be complete, and is written all the same', async () => {
    const { faults } = testKey.sandbox.aws;
    for (const service of ['cloudtrail', 'logs'] as const)
      faults.on({ service, times: Number.POSITIVE_INFINITY }, FAULT.denied);
    const { exit, shown } = await operatorOn(testKey.sandbox).run(['report', 'prod', '--html', 'page.html']);
    const text = shown.replace(/\s+/g, ' ');
    expect(text).toContain('AWSCloudTrail_ReadOnlyAccess');
    expect(text).toContain('Attach the policy anthropic-keys-prod-reader to your role');
    expect(text).toContain('Written: page.html');
    expect(exit).toBe(0);
  });

  test('an operator who may not switch off is told of the responder policy, and goes on by hand', async () => {
    await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    const { text } = await as(holderOf('operator'), ['retire', key, '--yes']);
    expect(text).toContain('Attach the policy anthropic-keys-prod-responder to your role');
    const back = await as(holderOf('operator'), ['reactivate', key, '--yes']);
    expect(back.text).toContain('your role lacks the policy anthropic-keys-prod-responder');
  });

  test.each([
    ['with an explicit deny in a service control policy', 'A service control policy rules'],
    [
      'because no permissions boundary allows the secretsmanager:ListSecrets action',
      'A permissions boundary rules',
    ],
    [
      'because no VPC endpoint policy allows the secretsmanager:ListSecrets action',
      'A VPC endpoint policy rules',
    ],
  ])('a refusal %s is not blamed on a policy of ours', async (reason, says) => {
    testKey.sandbox.aws.faults.on(
      { caller: 'eve', operation: 'ListSecrets', times: Number.POSITIVE_INFINITY },
      {
        kind: 'error',
        code: 'AccessDeniedException',
        message: `User: arn:aws:iam::111122223333:user/eve is not authorized to perform: secretsmanager:ListSecrets ${reason}`,
      },
    );
    const { shown } = await operatorOn(testKey.sandbox, 'eve').run(['status']);
    expect(shown.replace(/\s+/g, ' ')).toContain(
      `${says} secretsmanager:ListSecrets out, so no policy of yours helps.`,
    );
    expect(shown).not.toContain('Attach');
  });
});
