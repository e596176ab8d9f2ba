import { adminOn } from '../../lambda/admin';
import { encodeAdminEnv, encodeEnv } from '../../lib/contract/env';
import { functionName } from '../../lib/contract/names';
import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY, type Policy } from '../../lib/domain/policy';
import { DAY, plus } from '../../lib/domain/time';
import { clientConfig } from '../../local/aws';
import { timed } from '../../local/stage';
import { House, type Street } from '../lifecycle/house';
import { Person } from './people';

/** A course of events, and which deployment it takes place in. */
export interface Flow {
  readonly name: string;
  readonly deployment: DeploymentKind;
  readonly policy?: Partial<Policy>;
  run(house: House, people: People, street: Street): Promise<void>;
}

/** `plain`: no options. `federated`: Admin access without a stored secret, a KMS key. `admin-key`: Admin access by a stored key, a KMS key of the team's own. */
export type DeploymentKind = 'plain' | 'federated' | 'admin-key';

/** Everybody who has a managed policy. */
export interface People {
  readonly reader: Person;
  readonly operator: Person;
  readonly responder: Person;
}

/** ARN of the secret that holds the Admin API key. The embedded world gives it its ending. */
export const ADMIN_KEY_SECRET = 'anthropic-admin';

const nameOf = ({ secretName }: House) => secretName.replace('anthropic/', '');

/** Rotates once, by the commands of the mails alone. */
async function rotates(house: House, { operator }: People): Promise<string> {
  const key = house.newKey();
  await operator.pastesFromTheMail(house.secretName, key);
  return key;
}

/** Rotates twice, and returns the key that is in its grace then. */
async function supersedes(house: House, people: People): Promise<string> {
  const old = await rotates(house, people);
  await rotates(house, people);
  return old;
}

/** Lets a key be superseded, and its grace end: the function with Admin access switches it off. */
async function hasItSwitchedOff(house: House, people: People): Promise<void> {
  const old = await supersedes(house, people);
  await house.days(3);
  expect(house.stage.anthropic.statusOf(old)).toBe('inactive');
}

const automatic = { deactivate: 'automatic' as const };

export const FLOWS: readonly Flow[] = [
  {
    name: 'first key',
    deployment: 'plain',
    async run(house, people) {
      await house.check();
      await people.operator.looks(house.secretName);
      await rotates(house, people);
      await house.check();
    },
  },
  {
    name: 'rotation',
    deployment: 'plain',
    async run(house, people) {
      await rotates(house, people);
      await house.days(80, 240);
      const old = house.live;
      await rotates(house, people);
      await house.days(3);
      house.stage.anthropic.disable(old);
      await house.after(6);
    },
  },
  {
    name: 'rotation by command line',
    deployment: 'plain',
    async run(house, { operator }) {
      const submit = (...options: string[]) =>
        operator.runs(['submit', nameOf(house), ...options], { pastes: [house.newKey()] });
      await submit();
      await submit();
      await house.put(house.newKey());
      await submit('--replace', '--yes');
    },
  },
  {
    name: 'refused key',
    deployment: 'plain',
    async run(house, people) {
      await rotates(house, people);
      await people.operator.pastesFromTheMail(house.secretName, house.newKey(house.otherWorkspace));
      await house.check();
    },
  },
  {
    name: 'refused key, accepted later',
    deployment: 'plain',
    async run(house, people) {
      await rotates(house, people);
      const key = house.newKey();
      const recover = house.stage.anthropic.trouble('permission', { key });
      await people.operator.pastesFromTheMail(house.secretName, key);
      recover();
      await people.operator.pastesFromTheMail(house.secretName, key);
      expect(house.live).toBe(key);
    },
  },
  {
    name: 'memory of another release',
    deployment: 'plain',
    async run(house, people) {
      const tag = { Key: 'anthropic-key-state:of-a-later-release', Value: 'x' };
      await house.stage.aws.secretsManager.perform('TagResource', {
        SecretId: house.secretName,
        Tags: [tag],
      });
      await rotates(house, people);
      await house.check();
    },
  },
  {
    name: 'put without a rotation',
    deployment: 'plain',
    async run(house, people) {
      await rotates(house, people);
      await house.put(house.newKey());
      await house.after(1);
    },
  },
  {
    name: 'submission during a rotation',
    deployment: 'plain',
    async run(house, { operator }) {
      const [first, second] = [house.newKey(), house.newKey()];
      const promotion = {
        caller: functionName('prod', 'rotate'),
        operation: 'UpdateSecretVersionStage',
        where: ({ params }: { params: Readonly<Record<string, unknown>> }) =>
          params.VersionStage === 'AWSCURRENT',
      };
      const meanwhile = { kind: 'meanwhile', when: 'after-effect', run: () => house.put(second) } as const;
      house.stage.aws.faults.on(promotion, meanwhile);
      await operator.pastesFromTheMail(house.secretName, first);
      await house.after(1);
      await house.after(1);
      expect(house.live).toBe(second);
    },
  },
  {
    name: 'bad edit by hand',
    deployment: 'plain',
    async run(house, people) {
      const good = await rotates(house, people);
      await house.edit(house.newKey(house.otherWorkspace));
      await house.check();
      expect(house.live).toBe(good);
    },
  },
  {
    name: 'commands about the old key',
    deployment: 'plain',
    async run(house, people) {
      const first = await supersedes(house, people);
      const { operator } = people;
      await operator.runs(['extend', nameOf(house), '--hours', '72']);
      await operator.runs(['rollback', nameOf(house)]);
      expect(house.live).toBe(first);
      const until = plus(house.stage.clock.now(), 7 * DAY)
        .toISOString()
        .slice(0, 10);
      await operator.runs(['snooze', nameOf(house), '--until', until, '--reason', 'frozen for the holidays']);
      await operator.runs(['snooze', nameOf(house), '--end']);
      await operator.runs(['check', nameOf(house)]);
      await operator.runs(['retire', nameOf(house), '--no-deactivate']);
      house.stage.anthropic.trouble('api-error', { key: house.retiring[0]!.key });
      await operator.runs(['retire', nameOf(house), '--attest', 'Ada saw it revoked']);
      expect(house.retiring).toEqual([]);
    },
  },
  {
    name: 'looking',
    deployment: 'plain',
    async run(house, { reader, operator, responder }) {
      for (const person of [reader, operator, responder])
        for (const argv of [['status'], ['show', nameOf(house)], ['doctor', nameOf(house)]])
          await person.runs(argv);
      await operator.runs(['report', 'prod']);
    },
  },
  {
    name: 'daily report, a key unwatched',
    deployment: 'plain',
    async run(house, people) {
      await rotates(house, people);
      await house.days(32, 24);
      house.stage.clock.advance(3 * DAY);
      for (const { name } of house.stage.aws.secretsManager.all())
        if (/^(anthropic\/prod|legacy)\//.test(name) && name !== house.secretName)
          await house.stage.check('prod', name);
      await house.stage.invoke('prod', 'report', {});
      expect(house.told).toContain('unwatched');
      await house.check();
      await house.stage.invoke('prod', 'report', {});
    },
  },
  {
    name: 'a day without an answer',
    deployment: 'plain',
    async run(house, people) {
      const key = await rotates(house, people);
      house.stage.anthropic.trouble('overloaded', { key });
      await house.days(2);
      expect(house.told.at(-1)).toBe('inconclusive');
    },
  },
  {
    name: 'adopted secret',
    deployment: 'plain',
    async run(_, people, street) {
      const house = new House(street, ADOPTED, 'api-90');
      await house.check();
      const old = await supersedes(house, people);
      await house.days(3);
      house.stage.anthropic.disable(old);
      await house.check();
    },
  },
  {
    name: 'old key switched off by machine',
    deployment: 'federated',
    policy: automatic,
    async run(house, people) {
      await hasItSwitchedOff(house, people);
      expect(house.told.at(-1)).toBe('rotation-complete');
    },
  },
  {
    name: 'leak contained, then brought back',
    deployment: 'federated',
    async run(house, people) {
      const leaked = await rotates(house, people);
      const { responder } = people;
      await responder.runs(['leak', nameOf(house), '--reason', 'pasted into a ticket']);
      expect(house.stage.anthropic.statusOf(leaked)).toBe('inactive');
      await responder.runs(['reactivate', nameOf(house)]);
      expect(house.stage.anthropic.statusOf(leaked)).toBe('active');
      await responder.pastesFromTheMail(house.secretName, house.newKey());
      await house.put(house.newKey());
      await responder.runs(['submit', nameOf(house), '--replace', '--yes'], { pastes: [house.newKey()] });
      await responder.runs(['check', nameOf(house)]);
      await responder.runs(['report', 'prod']);
    },
  },
  {
    name: 'weekly report',
    deployment: 'federated',
    async run(house, people) {
      await rotates(house, people);
      await house.stage.invoke('prod', 'report', { force: true });
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

/** What is in the account besides: an adopted secret, another environment with a live key, a stored Admin API key. */
export async function furnish(street: Street, deployment: DeploymentKind): Promise<void> {
  const { stage } = street;
  const tagsOf = (environment: string, service: string) =>
    policyToTags({ environment, service, owner: 'team@example.com' }, DEFAULT_POLICY);
  const adopted = { name: ADOPTED, tags: tagsOf('prod', 'api-90') };
  await stage.deploy({ name: 'prod', subscriptions: [], secrets: [adopted] });
  await stage.deploy({
    name: 'dev',
    subscriptions: [],
    secrets: [{ name: 'anthropic/dev/playground', tags: tagsOf('dev', 'playground') }],
  });
  if (deployment === 'admin-key') await storeAdminKey(street);
}

/** Lets the function with Admin access find an Admin API key in a secret instead of federating. */
async function storeAdminKey({ stage }: Street): Promise<void> {
  const { aws, anthropic, clock } = stage;
  const value = { Name: ADMIN_KEY_SECRET, SecretString: anthropic.createAdminKey() };
  await aws.secretsManager.perform('CreateSecret', { ...value, ClientRequestToken: crypto.randomUUID() });
  const { env, telemetry } = stage.environments.get('prod')!;
  const adminKeySecretArn = aws.secretsManager.inspect(ADMIN_KEY_SECRET)!.arn;
  const name = functionName('prod', 'admin');
  const vars = { ...encodeEnv(env), ...encodeAdminEnv({ adminKeySecretArn }) };
  const host = { vars, clock, telemetry, aws: clientConfig(aws, name), fetch: anthropic.fetch };
  aws.lambda.register(name, timed(adminOn(host), clock));
}

/** People with their own credentials on the stage. */
export const peopleOf = ({ stage }: Street): People => ({
  reader: new Person(stage, 'reader'),
  operator: new Person(stage, 'operator'),
  responder: new Person(stage, 'responder'),
});
