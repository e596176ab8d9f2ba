import { functionName } from '../../lib/contract/names';
import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY, type Policy } from '../../lib/domain/policy';
import { DAY, plus } from '../../lib/domain/time';
import { installRestart } from '../../local/restart-on-rotation';
import { type StagedEnvironment, staged } from '../../local/staged-environment';
import { type TestEnvironment, TestKey } from '../lifecycle/test-key';
import { PolicyHolder } from './people';

/** A course of events, and which deployment it takes place in. */
export interface Flow {
  readonly name: string;
  readonly deployment: DeploymentKind;
  readonly policy?: Partial<Policy>;
  run(testKey: TestKey, people: People, testEnvironment: TestEnvironment): Promise<void>;
}

/** `plain`: no options. `federated`: Admin access without a stored secret, a KMS key. `admin-key`: Admin access by a stored key, a KMS key of the team's own. */
export type DeploymentKind = 'plain' | 'federated' | 'admin-key';

/** Everybody who has a managed policy. */
export interface People {
  readonly reader: PolicyHolder;
  readonly operator: PolicyHolder;
  readonly responder: PolicyHolder;
}

/** ARN of the secret that holds the Admin API key. The embedded world gives it its ending. */
export const ADMIN_KEY_SECRET = 'anthropic-admin';

const nameOf = ({ secretName }: TestKey) => secretName.replace('anthropic/', '');

/** Rotates once, by the commands of the mails alone. */
async function rotates(testKey: TestKey, { operator }: People): Promise<string> {
  const key = testKey.newKey();
  await operator.pastesFromTheMail(testKey.secretName, key);
  return key;
}

/** Rotates twice, and returns the key that is in its grace then. */
async function supersedes(testKey: TestKey, people: People): Promise<string> {
  const old = await rotates(testKey, people);
  await rotates(testKey, people);
  return old;
}

/** Lets a key be superseded, and its grace end: the function with Admin access switches it off. */
async function hasItSwitchedOff(testKey: TestKey, people: People): Promise<void> {
  const old = await supersedes(testKey, people);
  await testKey.days(3);
  expect(testKey.sandbox.anthropic.statusOf(old)).toBe('inactive');
}

const automatic = { deactivate: 'automatic' as const };

/** Has an ECS service restarted whenever the key changes. */
async function isRestarted({ sandbox, secretName }: TestKey): Promise<void> {
  const service = secretName.replace('anthropic/prod/', '');
  const arn = `arn:aws:ecs:${sandbox.aws.region}:${sandbox.aws.accountId}:service/prod/${service}`;
  sandbox.aws.ecs.create(arn, 2);
  const { log } = sandbox.environment('prod').telemetry;
  const restart = { environment: 'prod', service, name: service, services: [{ arn }] };
  await installRestart({ aws: sandbox.aws, clock: sandbox.clock, log }, restart);
}

export const FLOWS: readonly Flow[] = [
  {
    name: 'first key',
    deployment: 'plain',
    async run(testKey, people) {
      await testKey.check();
      await people.operator.looks(testKey.secretName);
      await rotates(testKey, people);
      await testKey.check();
    },
  },
  {
    name: 'rotation',
    deployment: 'plain',
    async run(testKey, people) {
      await rotates(testKey, people);
      await testKey.days(80, 240);
      const old = testKey.live;
      await rotates(testKey, people);
      await testKey.days(3);
      testKey.sandbox.anthropic.disable(old);
      await testKey.after(6);
    },
  },
  {
    name: 'rotation by command line',
    deployment: 'plain',
    async run(testKey, { operator }) {
      const submit = (...options: string[]) =>
        operator.runs(['submit', nameOf(testKey), ...options], { pastes: [testKey.newKey()] });
      await submit();
      await submit();
      await testKey.put(testKey.newKey());
      await submit('--replace', '--yes');
    },
  },
  {
    name: 'refused key',
    deployment: 'plain',
    async run(testKey, people) {
      await rotates(testKey, people);
      await people.operator.pastesFromTheMail(testKey.secretName, testKey.newKey(testKey.otherWorkspace));
      await testKey.check();
    },
  },
  {
    name: 'refused key, accepted later',
    deployment: 'plain',
    async run(testKey, people) {
      await rotates(testKey, people);
      const key = testKey.newKey();
      const recover = testKey.sandbox.anthropic.trouble('permission', { key });
      await people.operator.pastesFromTheMail(testKey.secretName, key);
      recover();
      await people.operator.pastesFromTheMail(testKey.secretName, key);
      expect(testKey.live).toBe(key);
    },
  },
  {
    name: 'memory of another release',
    deployment: 'plain',
    async run(testKey, people) {
      const tag = { Key: 'anthropic-key-state:of-a-later-release', Value: 'x' };
      await testKey.sandbox.aws.secretsManager.perform('TagResource', {
        SecretId: testKey.secretName,
        Tags: [tag],
      });
      await rotates(testKey, people);
      await testKey.check();
    },
  },
  {
    name: 'put without a rotation',
    deployment: 'plain',
    async run(testKey, people) {
      await rotates(testKey, people);
      await testKey.put(testKey.newKey());
      await testKey.after(1);
    },
  },
  {
    name: 'submission during a rotation',
    deployment: 'plain',
    async run(testKey, { operator }) {
      const [first, second] = [testKey.newKey(), testKey.newKey()];
      const promotion = {
        caller: functionName('prod', 'rotate'),
        operation: 'UpdateSecretVersionStage',
        where: ({ params }: { params: Readonly<Record<string, unknown>> }) =>
          params.VersionStage === 'AWSCURRENT',
      };
      const meanwhile = { kind: 'meanwhile', when: 'after-effect', run: () => testKey.put(second) } as const;
      testKey.sandbox.aws.faults.on(promotion, meanwhile);
      await operator.pastesFromTheMail(testKey.secretName, first);
      await testKey.after(1);
      await testKey.after(1);
      expect(testKey.live).toBe(second);
    },
  },
  {
    name: 'bad edit by hand',
    deployment: 'plain',
    async run(testKey, people) {
      const good = await rotates(testKey, people);
      await testKey.edit(testKey.newKey(testKey.otherWorkspace));
      await testKey.check();
      expect(testKey.live).toBe(good);
    },
  },
  {
    name: 'commands about the old key',
    deployment: 'plain',
    async run(testKey, people) {
      const first = await supersedes(testKey, people);
      const { operator } = people;
      await operator.runs(['extend', nameOf(testKey), '--hours', '72']);
      await operator.runs(['rollback', nameOf(testKey)]);
      expect(testKey.live).toBe(first);
      const until = plus(testKey.sandbox.clock.now(), 7 * DAY)
        .toISOString()
        .slice(0, 10);
      await operator.runs([
        'snooze',
        nameOf(testKey),
        '--until',
        until,
        '--reason',
        'frozen for the holidays',
      ]);
      await operator.runs(['snooze', nameOf(testKey), '--end']);
      await operator.runs(['check', nameOf(testKey)]);
      await operator.runs(['retire', nameOf(testKey), '--no-deactivate']);
      testKey.sandbox.anthropic.trouble('api-error', { key: testKey.retiring[0]!.key });
      await operator.runs(['retire', nameOf(testKey), '--attest', 'Ada saw it revoked']);
      expect(testKey.retiring).toEqual([]);
    },
  },
  {
    name: 'looking',
    deployment: 'plain',
    async run(testKey, { reader, operator, responder }) {
      for (const person of [reader, operator, responder])
        for (const argv of [['status'], ['show', nameOf(testKey)], ['doctor', nameOf(testKey)]])
          await person.runs(argv);
      await operator.runs(['report', 'prod']);
    },
  },
  {
    name: 'page for auditors',
    deployment: 'plain',
    async run(testKey, people) {
      await rotates(testKey, people);
      for (const person of [people.reader, people.operator, people.responder])
        await person.runs(['report', 'prod', '--html', 'page.html']);
    },
  },
  {
    name: 'daily report, a key unwatched',
    deployment: 'plain',
    async run(testKey, people) {
      await rotates(testKey, people);
      await testKey.days(32, 24);
      testKey.sandbox.clock.advance(3 * DAY);
      for (const { name } of testKey.sandbox.aws.secretsManager.all())
        if (/^(anthropic\/prod|legacy)\//.test(name) && name !== testKey.secretName)
          await testKey.sandbox.check('prod', name);
      await testKey.sandbox.invoke('prod', 'report', {});
      expect(testKey.told).toContain('unwatched');
      await testKey.check();
      await testKey.sandbox.invoke('prod', 'report', {});
    },
  },
  {
    name: 'a day without an answer',
    deployment: 'plain',
    async run(testKey, people) {
      const key = await rotates(testKey, people);
      testKey.sandbox.anthropic.trouble('overloaded', { key });
      await testKey.days(2);
      expect(testKey.told.at(-1)).toBe('inconclusive');
    },
  },
  {
    name: 'rotation while an older key, which a service may hold, is past its grace',
    deployment: 'plain',
    async run(testKey, people) {
      await isRestarted(testKey);
      await supersedes(testKey, people);
      await testKey.days(3);
      await rotates(testKey, people);
    },
  },
  {
    name: 'adopted secret',
    deployment: 'plain',
    async run(_, people, testEnvironment) {
      const testKey = new TestKey(testEnvironment, ADOPTED, 'api-90');
      await testKey.check();
      const old = await supersedes(testKey, people);
      await testKey.days(3);
      testKey.sandbox.anthropic.disable(old);
      await testKey.check();
    },
  },
  {
    name: 'old key switched off by machine',
    deployment: 'federated',
    policy: automatic,
    async run(testKey, people) {
      await hasItSwitchedOff(testKey, people);
      expect(testKey.told.at(-1)).toBe('rotation-complete');
    },
  },
  {
    name: 'leak contained, then brought back',
    deployment: 'federated',
    async run(testKey, people) {
      const leaked = await rotates(testKey, people);
      const { responder } = people;
      // Whatever writes memory removes what it cannot read.
      await testKey.sandbox.aws.secretsManager.perform('TagResource', {
        SecretId: testKey.secretName,
        Tags: [{ Key: 'anthropic-key-state:snooze', Value: 'until-further-notice' }],
      });
      await responder.runs(['leak', nameOf(testKey), '--reason', 'pasted into a ticket']);
      expect(testKey.sandbox.anthropic.statusOf(leaked)).toBe('inactive');
      await responder.runs(['reactivate', nameOf(testKey)]);
      expect(testKey.sandbox.anthropic.statusOf(leaked)).toBe('active');
      await responder.pastesFromTheMail(testKey.secretName, testKey.newKey());
      await testKey.put(testKey.newKey());
      await responder.runs(['submit', nameOf(testKey), '--replace', '--yes'], { pastes: [testKey.newKey()] });
      await responder.runs(['check', nameOf(testKey)]);
      await responder.runs(['report', 'prod']);
    },
  },
  {
    name: 'old key of a restarted service switched off by machine',
    deployment: 'federated',
    policy: automatic,
    async run(testKey, people) {
      await isRestarted(testKey);
      await hasItSwitchedOff(testKey, people);
    },
  },
  {
    name: 'weekly report',
    deployment: 'federated',
    async run(testKey, people) {
      await rotates(testKey, people);
      await testKey.sandbox.invoke('prod', 'report', { force: true });
    },
  },
  {
    name: 'old key switched off with a stored Admin key',
    deployment: 'admin-key',
    policy: automatic,
    run: hasItSwitchedOff,
  },
];

/** Name of a secret that was there before. */
export const ADOPTED = 'legacy/claude';

/** What is in the account besides: an adopted secret, and another environment with a live key. */
export async function furnish({ sandbox }: TestEnvironment): Promise<void> {
  const deploy = (environment: StagedEnvironment) => sandbox.deploy(staged(environment, sandbox));
  const tagsOf = (environment: string, service: string) =>
    policyToTags({ environment, service, owner: 'team@example.com' }, DEFAULT_POLICY);
  const adopted = { name: ADOPTED, tags: tagsOf('prod', 'api-90') };
  await deploy({ name: 'prod', subscriptions: [], secrets: [adopted] });
  await deploy({
    name: 'dev',
    subscriptions: [],
    secrets: [{ name: 'anthropic/dev/playground', tags: tagsOf('dev', 'playground') }],
  });
}

/** People with their own credentials on the sandbox. */
export const peopleOf = ({ sandbox }: TestEnvironment): People => ({
  reader: new PolicyHolder(sandbox, 'reader'),
  operator: new PolicyHolder(sandbox, 'operator'),
  responder: new PolicyHolder(sandbox, 'responder'),
});
