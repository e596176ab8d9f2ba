import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { LABEL } from '../../lib/contract/labels';
import { evidenceLogPrefix, sharedName } from '../../lib/contract/names';
import { keyText, PLACEHOLDER } from '../../lib/contract/secret-value';
import { look, type SeenSecret } from '../../local/deploy/account';
import { asking, Person } from '../../local/person';
import { isInterruption, type Proof, StillOpen } from '../../local/prove/proof';
import { type ProofAccount, until } from './proof-account';
import {
  historyNames,
  labelLimit,
  ordersHaveADoor,
  type ProofStep,
  readersRead,
  removeScratch,
  rotationIsRemembered,
} from './proof-asides';
import { removePeople } from './proof-person';
import type { Step } from './step';

const isSettled = ({ labels, versionId }: SeenSecret) =>
  labels[LABEL.pending] === undefined || labels[LABEL.pending] === versionId;

const deploys: ProofStep = {
  does: 'cdk deploy makes the environment, and rotation is accepted on a placeholder',
  settles: ['first-deployment'],
  async run(account) {
    await account.cdk.deploy();
    const { value, rotation } = await until(account, isSettled, 5);
    assert.equal(value, PLACEHOLDER);
    assert.deepEqual([rotation.enabled, rotation.days], [true, 90]);
    return 'rotation enabled, every 90 days';
  },
};

const confirmed: ProofStep = {
  does: 'The mailbox confirms its subscription: please click the link of AWS',
  async run({ topics, topicArn }) {
    for (const deadline = Date.now() + 15 * 60_000; Date.now() < deadline; await setTimeout(5_000)) {
      const { Attributes } = await topics.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
      if (Number(Attributes?.SubscriptionsConfirmed) > 0) return 'confirmed';
    }
    throw new Error('Nobody confirmed within 15 minutes.');
  },
};

const ticks: ProofStep = {
  does: 'The scheduler invokes the check by its own role, and the check may do what it does (up to ten minutes)',
  settles: ['scheduler-role'],
  async run(account) {
    const remembers = ({ tags }: SeenSecret) =>
      Object.keys(tags).some((name) => name.startsWith('anthropic-key-state:'));
    await until(account, remembers, 10);
    return 'the secret carries what the check remembers';
  },
};

/** Names of the log groups that begin so. */
async function logGroupsUnder({ aws }: ProofAccount, prefix: string): Promise<readonly string[]> {
  const { logGroups } = await aws<{ readonly logGroups: readonly { readonly logGroupName: string }[] }>(
    ...(['logs', 'describe-log-groups', '--log-group-name-prefix'] as const),
    prefix,
  );
  return logGroups.map(({ logGroupName }) => logGroupName);
}

/** Names of the environment's evidence logs: the only ones here. */
const evidenceLogs = (account: ProofAccount) =>
  logGroupsUnder(account, evidenceLogPrefix(account.environment));

/** Logs that a stack leaves: the evidence, and those of functions that still ran while it was removed, which AWS makes anew. */
async function leftLogs(account: ProofAccount): Promise<readonly string[]> {
  const ofFunctions = await logGroupsUnder(account, `/aws/lambda/${sharedName(account.environment)}-`);
  return [...(await evidenceLogs(account)), ...ofFunctions];
}

const reports: ProofStep = {
  does: 'EventBridge writes what the check reports to the evidence log, by the log resource policy',
  settles: ['evidence-log-written'],
  async run(account) {
    const [name] = await evidenceLogs(account);
    assert.ok(name, 'There is no evidence log.');
    for (const deadline = Date.now() + 10 * 60_000; Date.now() < deadline; await setTimeout(5_000)) {
      const { events } = await account.aws<{ readonly events: readonly unknown[] }>(
        ...(['logs', 'filter-log-events', '--log-group-name', name] as const),
      );
      if (events.length > 0) return `events in the log: ${events.length}`;
    }
    throw new Error(`Nothing arrived in ${name} within ten minutes.`);
  },
};

/** Hands a text in as the mails say: a put under SUBMITTED, then RotateSecret. */
const submit = ({ secrets, secret }: ProofAccount, text: string): Promise<void> =>
  new Person({ secretId: secret, ask: asking(secrets) }).submit(text);

const refuses: ProofStep = {
  does: 'Secrets Manager invokes the rotation, which refuses what is no key',
  async run(account) {
    await submit(account, 'this is no key');
    const handled = (seen: SeenSecret) => isSettled(seen) && seen.labels[LABEL.submitted] === undefined;
    assert.equal((await until(account, handled, 10)).value, PLACEHOLDER);
    return 'refused, and the placeholder is untouched';
  },
};

const promotes = (which: number, name: string): ProofStep => ({
  does: `The ${name} key is tested at Anthropic and promoted`,
  async run(account) {
    const key = account.keys[which]!;
    await submit(account, key);
    const live = (seen: SeenSecret) =>
      keyText(seen.value) === key && seen.labels[LABEL.accepted] === seen.versionId;
    await until(account, live, 10);
    return 'live, and accepted';
  },
});

const proves: ProofStep = {
  does: 'The old key is switched off by hand, and proven dead (up to twenty minutes)',
  settles: ['conditions-in-rotation', 'control-of-death'],
  async run(account) {
    const isRetiring = ({ labels }: SeenSecret) =>
      Object.keys(labels).some((label) => label.startsWith('RETIRE_AFTER_'));
    assert.ok(isRetiring(await look(account, account.secret)), 'The old key has no label to be retired by.');
    await account.enter('Disable the first key in the Claude Console, then press Enter:');
    await until(account, (seen) => !isRetiring(seen), 20);
    return 'two keys were promoted, and the first was proven dead beside the second';
  },
};

const unchanged: ProofStep = {
  does: 'cdk diff finds nothing to change',
  async run({ cdk }) {
    const { code, stdout } = await cdk.diff();
    assert.equal(code, 0, stdout);
    return 'no difference';
  },
};

const keeps: ProofStep = {
  does: 'cdk destroy keeps the secret',
  async run(account) {
    const before = await look(account, account.secret);
    await account.cdk.destroy();
    assert.equal((await look(account, account.secret)).value, before.value);
    return 'still there, with its value';
  },
};

/** What is proven on a real account: all of it with two throw-away keys, the rotation's refusal without. */
const stepsFor = ({ keys }: ProofAccount): readonly ProofStep[] => [
  deploys,
  confirmed,
  ticks,
  reports,
  refuses,
  ...(keys.length === 2 ? [promotes(0, 'first'), promotes(1, 'second'), proves] : []),
  unchanged,
  labelLimit,
  readersRead,
  historyNames,
  // From here on it has Admin access, with a secret that holds no Admin key: no step before may meet that.
  ordersHaveADoor,
  keeps,
  rotationIsRemembered,
];

/** The steps, of which each notes what it settles. */
export const proofFor = (account: ProofAccount, proof: Proof): readonly Step<ProofAccount>[] =>
  stepsFor(account).map(({ does, run, settles = [], aside }) => ({
    does,
    async run() {
      try {
        const seen = await Promise.race([run(account, proof), proof.stopped]);
        const noted = settles.filter((id) => proof.outcomeOf(id).settled === 'skipped');
        for (const id of noted) proof.settle(id, seen);
        return seen;
      } catch (error) {
        if (isInterruption(error)) throw error;
        proof.failed(settles, asAnswered(error));
        if (!aside) throw error;
        return `Still open: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  }));

/** What the `aws` command line says of a refusal, without anything that names the account. */
function asAnswered(error: unknown): unknown {
  const [, code, operation] =
    /An error occurred \((\w+)\) when calling the (\w+) operation/.exec(String(error)) ?? [];
  return operation ? new StillOpen(`${operation} was answered with ${code}`) : error;
}

/**
 * Removes everything that the proof made, whatever became of it: roles, the stack, its logs, and the secrets without a waiting time. What cannot
 * be removed keeps nothing else. @throws AggregateError that names what is left
 */
export async function cleanUp(account: ProofAccount): Promise<void> {
  const { cdk, secrets, secret } = account;
  const failures: unknown[] = [];
  const remove = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
  await remove(removePeople(account));
  await remove(cdk.destroy());
  await remove(removeScratch(account));
  await remove(
    leftLogs(account).then(async (names) => {
      for (const name of names) await account.aws('logs', 'delete-log-group', '--log-group-name', name);
    }),
  );
  const gone = new DeleteSecretCommand({ SecretId: secret, ForceDeleteWithoutRecovery: true });
  await remove(
    secrets.send(gone).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    }),
  );
  if (failures.length > 0)
    throw new AggregateError(failures, `Not all could be removed:\n${failures.map(String).join('\n')}`);
}
