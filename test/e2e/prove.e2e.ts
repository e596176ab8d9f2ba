import { setTimeout } from 'node:timers/promises';
import { ConfirmSubscriptionCommand, ListSubscriptionsCommand } from '@aws-sdk/client-sns';
import { sharedName } from '../../lib/contract/names';
import { type LocalWorld, makeKey, openLocalWorld } from '../../local/deploy/local-world';
import { readiness } from '../../local/deploy/ready';
import { fire, schedulesOf } from '../../local/deploy/schedules';
import { linesFor } from '../../local/prove/documents';
import { Proof } from '../../local/prove/proof';
import { cleanUp, proofFor } from './proof';
import { noteHosts, type ProofAccount, proofAccountOf } from './proof-account';

const ready = readiness();
if ('lacking' in ready) process.stderr.write(`Not proven on an emulator: ${ready.lacking.join(' ')}\n`);

const wherePossible = 'lacking' in ready ? describe.skip : describe;

wherePossible('the proof for a real account, on an emulator', () => {
  let world: LocalWorld;
  beforeAll(async () => {
    if (!('moto' in ready)) return;
    world = await openLocalWorld(ready.moto);
    await world.cdk.bootstrap();
  });
  afterAll(async () => {
    await world?.close();
  });

  const accountWith = (keys: readonly string[], enter: () => void): ProofAccount =>
    proofAccountOf({
      accountId: '123456789012',
      region: world.region,
      env: world.env,
      mailbox: 'team@example.com',
      keys,
      settings: { anthropicBaseUrl: world.anthropic.url },
      enter: async () => enter(),
    });

  const proofOf = (account: ProofAccount, stop = new AbortController().signal) => {
    const proof = new Proof({ proof: 'prove:aws', date: new Date(), release: '0.1.0', sdk: 'none', stop });
    noteHosts(account, proof);
    return proof;
  };

  /** What AWS and the mailbox do by themselves: the subscription is confirmed, and schedules fire. */
  async function whatHappensByItself({ environment }: ProofAccount, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const { Subscriptions = [] } = await world.topics.send(new ListSubscriptionsCommand({}));
      for (const { TopicArn, SubscriptionArn = '' } of Subscriptions)
        await world.topics
          .send(new ConfirmSubscriptionCommand({ TopicArn, Token: SubscriptionArn.split(':').at(-1) }))
          .catch(() => undefined);
      const schedules = await schedulesOf(world, sharedName(environment)).catch(() => []);
      for (const schedule of schedules) await fire(world, schedule).catch(() => undefined);
      await setTimeout(2_000);
    }
  }

  async function whatIsLeft({ environment }: ProofAccount): Promise<readonly string[]> {
    const [functions, secrets, roles, logs, stacks] = await Promise.all([
      world.aws<{ Functions: object[] }>('lambda', 'list-functions'),
      world.aws<{ SecretList: object[] }>('secretsmanager', 'list-secrets'),
      world.aws<{ Roles: object[] }>('iam', 'list-roles'),
      world.aws<{ logGroups: object[] }>('logs', 'describe-log-groups'),
      world.aws<{ Stacks: object[] }>('cloudformation', 'describe-stacks'),
    ]);
    return [functions.Functions, secrets.SecretList, roles.Roles, logs.logGroups, stacks.Stacks]
      .flat()
      .map((one) => JSON.stringify(one))
      .filter((one) => one.includes(environment));
  }

  test('Ctrl-C keeps what was settled until then, and everything is removed', async () => {
    const account = accountWith([], () => undefined);
    const stop = new AbortController();
    const proof = proofOf(account, stop.signal);
    await proof.sitting(async () => {
      const [deploys, confirmed] = proofFor(account, proof);
      await deploys!.run(account);
      stop.abort();
      await confirmed!.run(account);
    });
    await cleanUp(account);
    const { interrupted, questions } = proof.document();
    expect(interrupted).toBe(true);
    expect(questions['first-deployment']).toMatchObject({ settled: 'yes' });
    expect(questions['scheduler-role']).toMatchObject({ settled: 'skipped' });
    expect(await whatIsLeft(account)).toEqual([]);
  });

  test('settles what the emulator can show, leaves open what it has not, and removes everything', async () => {
    const keys = [makeKey(world, 'dev'), makeKey(world, 'dev')];
    const account = accountWith(keys, () => world.anthropic.disable(keys[0]!));
    const proof = proofOf(account);
    const over = new AbortController();
    const meanwhile = whatHappensByItself(account, over.signal);
    try {
      for (const { run } of proofFor(account, proof)) await run(account);
    } finally {
      over.abort();
      await meanwhile;
      await cleanUp(account);
    }
    const document = proof.document();
    const told = Object.entries(document.questions).map(([id, outcome]) => [
      id,
      outcome.settled === 'yes' ? outcome.answer : `${outcome.settled}: ${outcome.why}`,
    ]);
    expect(Object.fromEntries(told)).toEqual({
      'first-deployment': 'rotation enabled, every 90 days',
      'scheduler-role': 'the secret carries what the check remembers',
      'evidence-log-written': expect.stringMatching(/^events in the log: [1-9]/),
      'conditions-in-rotation': 'two keys were promoted, and the first was proven dead beside the second',
      'control-of-death': 'two keys were promoted, and the first was proven dead beside the second',
      'evidence-log-read': 'listed and read with the reader policy alone',
      'rotation-off': 'with rotation off, DescribeSecret returns the function, and ListSecrets returns it',
      // moto knows no limit of labels, no history of events, and lets everybody do anything.
      'label-limit': 'more than 25 labels',
      'event-history': 'no: LookupEvents was answered with 500',
      'trail-event-fields': 'no: LookupEvents was answered with 500',
      'refusal-wording': 'no: AWS let the reader policy read the secret',
      'orders-alias': 'no: AWS let the responder policy invoke the function itself',
    });
    expect(await whatIsLeft(account)).toEqual([]);
    expect(document.hosts).toEqual([new URL(world.env.AWS_ENDPOINT_URL!).host]);
    expect(() => linesFor(document, { 'anthropic.md': '', 'proven.md': '' })).toThrow('settles nothing');
    for (const key of keys) expect(JSON.stringify(document)).not.toContain(key.slice(20, 40));
  });
});
