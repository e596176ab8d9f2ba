import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { FilterLogEventsCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { awsFailure, denialOf, isDenial } from '../../lib/adapters/aws-failure';
import { listOf, objectOf, parsed } from '../../lib/adapters/outside-json';
import { evidenceLogPrefix, functionName, ordersName, sharedName } from '../../lib/contract/names';
import { look } from '../../local/deploy/account';
import { type Proof, StillOpen } from '../../local/prove/proof';
import type { QuestionId } from '../../local/prove/questions';
import type { ProofAccount } from './proof-account';
import { eventually, withPolicy } from './proof-person';
import type { Step } from './step';

/** A step of the proof, and what it settles with what it saw. */
export interface ProofStep extends Omit<Step<ProofAccount>, 'run'> {
  readonly settles?: readonly QuestionId[];
  /** Nothing builds on it: if it fails, the proof goes on. */
  readonly aside?: boolean;
  /** Returns what was seen: the answer to what is not settled yet. */
  run(account: ProofAccount, proof: Proof): Promise<string>;
}

const labelsName = ({ environment }: ProofAccount) => `${sharedName(environment)}-proof-labels`;
const adminKeyName = ({ environment }: ProofAccount) => `${sharedName(environment)}-proof-admin-key`;

/** Deletes the secrets that were made for these steps, if they are there. */
export async function removeScratch(account: ProofAccount): Promise<void> {
  for (const SecretId of [labelsName(account), adminKeyName(account)])
    await account.secrets
      .send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
      .catch((error: Error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
      });
}

export const labelLimit: ProofStep = {
  does: 'Labels are put on a secret of their own until AWS refuses one',
  settles: ['label-limit'],
  aside: true,
  async run(account) {
    const { secrets } = account;
    const { ARN: SecretId, VersionId: MoveToVersionId } = await secrets.send(
      new CreateSecretCommand({ Name: labelsName(account), SecretString: 'no key' }),
    );
    // AWSCURRENT is there from the start.
    for (let labels = 2; labels <= 25; labels++) {
      const VersionStage = `PROOF_${labels}`;
      const moved = secrets.send(
        new UpdateSecretVersionStageCommand({ SecretId, VersionStage, MoveToVersionId }),
      );
      const refused = await moved.then(
        () => undefined,
        (error: Error) => error.name,
      );
      if (refused === 'LimitExceededException') return `${labels - 1} labels, AWSCURRENT included`;
      if (refused) throw new StillOpen(`label ${labels} was refused with ${refused}`);
    }
    return 'more than 25 labels';
  },
};

export const readersRead: ProofStep = {
  does: 'With the reader policy alone, the evidence log is read, and no key',
  settles: ['evidence-log-read', 'refusal-wording'],
  aside: true,
  run: (account, proof) =>
    withPolicy(account, 'reader', async ({ logs, secrets }) => {
      const logGroupNamePrefix = evidenceLogPrefix(account.environment);
      const events = await eventually(async () => {
        let found = 0;
        for await (const { logGroups = [] } of paginateDescribeLogGroups(
          { client: logs },
          { logGroupNamePrefix },
        ))
          for (const { logGroupName } of logGroups)
            found += (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events?.length ?? 0;
        return found;
      });
      if (events === 0) throw new StillOpen('the log holds no event yet');
      proof.settle('evidence-log-read', 'listed and read with the reader policy alone');
      const refusal = await secrets.send(new GetSecretValueCommand({ SecretId: account.secret })).then(
        () => undefined,
        (error: unknown) => awsFailure(error),
      );
      if (!refusal) throw new StillOpen('AWS let the reader policy read the secret');
      const { action } = denialOf(refusal, { action: 'not named' }) ?? {};
      if (action !== 'secretsmanager:GetSecretValue')
        throw new StillOpen(`${refusal.code} does not name the action as expected`);
      proof.settle('refusal-wording', `the action is read from ${refusal.code}`);
      return `${events} events read, and no key`;
    }),
};

/** What came of an order to the function with Admin access, whose secret holds no Admin key. */
async function order(
  lambda: LambdaClient,
  FunctionName: string,
  { secret }: ProofAccount,
): Promise<'refused at the door' | 'let in' | 'denied by IAM'> {
  const request = { verb: 'reactivate', secretId: secret, fingerprint: '000000000000', by: 'proof' };
  const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) });
  const answer = await lambda.send(command).catch((error: unknown) => {
    if (isDenial(awsFailure(error))) return undefined;
    throw error;
  });
  if (!answer) return 'denied by IAM';
  const payload = answer.Payload?.transformToString() ?? '';
  if (parsed(payload).guard === 'orders-door') return 'refused at the door';
  // What the function says when it looks for the key, behind the door.
  if (answer.FunctionError && payload.includes('holds no Admin API key')) return 'let in';
  throw new Error(`The order got an unexpected answer: ${payload.slice(0, 200)}`);
}

export const ordersHaveADoor: ProofStep = {
  does: 'With Admin access, orders are taken by their alias alone, and the responder policy reaches no more',
  settles: ['orders-alias'],
  aside: true,
  async run(account) {
    const { environment, secrets, lambda, fleet, cdk } = account;
    const { ARN } = await secrets.send(
      new CreateSecretCommand({ Name: adminKeyName(account), SecretString: 'none: this is a proof' }),
    );
    fleet.set(`environments.${environment}.adminAccess`, { adminKeySecretArn: ARN }).write();
    await cdk.deploy();
    const [direct, door] = [functionName(environment, 'admin'), ordersName(environment)];
    assert.equal(await order(lambda, direct, account), 'refused at the door');
    assert.equal(await order(lambda, door, account), 'let in');
    return withPolicy(account, 'responder', async (responder) => {
      const byDoor = await eventually(async () => {
        const outcome = await order(responder.lambda, door, account);
        if (outcome === 'denied by IAM') throw new StillOpen('IAM denies the alias to the responder policy');
        return outcome;
      });
      assert.equal(byDoor, 'let in');
      if ((await order(responder.lambda, direct, account)) !== 'denied by IAM')
        throw new StillOpen('AWS let the responder policy invoke the function itself');
      return 'the alias takes orders; the function refuses them, and IAM denies it to the responder policy';
    });
  },
};

interface History {
  readonly Events: readonly { readonly CloudTrailEvent: string }[];
}

/** Minutes until CloudTrail shows an event: about five, at most fifteen. */
const HISTORY_AT_MOST = 20;

/** Events of one name that concern the secret, as CloudTrail's history has them. */
async function eventsOf({ aws, secret }: ProofAccount, name: string) {
  const { Events } = await aws<History>(
    ...(['cloudtrail', 'lookup-events', '--max-items', '50'] as const),
    ...['--lookup-attributes', `AttributeKey=EventName,AttributeValue=${name}`],
  );
  return Events.filter(({ CloudTrailEvent }) => CloudTrailEvent.includes(secret)).map(({ CloudTrailEvent }) =>
    parsed(CloudTrailEvent),
  );
}

export const historyNames: ProofStep = {
  does: `CloudTrail's event history names secret and labels (up to ${HISTORY_AT_MOST} minutes)`,
  settles: ['event-history', 'trail-event-fields'],
  aside: true,
  async run(account, proof) {
    for (const deadline = Date.now() + HISTORY_AT_MOST * 60_000; ; await setTimeout(20_000)) {
      const [put] = await eventsOf(account, 'PutSecretValue');
      const [rotated] = (
        await Promise.all(
          ['RotationSucceeded', 'RotationFailed', 'RotationAbandoned'].map((name) => eventsOf(account, name)),
        )
      ).flat();
      if (put && rotated) return note(put, rotated, proof);
      if (Date.now() > deadline) throw new StillOpen(`not in the history within ${HISTORY_AT_MOST} minutes`);
    }
  },
};

function note(put: object, rotated: object, proof: Proof): string {
  const { secretId, versionStages } = objectOf(objectOf(put).requestParameters);
  const named = typeof secretId !== 'string' ? 'missing' : secretId.startsWith('arn:') ? 'an ARN' : 'a name';
  if (named === 'missing') proof.leave('trail-event-fields', 'requestParameters.secretId is missing');
  else proof.settle('trail-event-fields', `requestParameters.secretId is ${named}, as the caller gave it`);
  const { SecretId } = objectOf(objectOf(rotated).additionalEventData);
  const labels = listOf(versionStages).length > 0 ? 'there' : 'missing';
  const reported = typeof SecretId === 'string' ? 'there' : 'missing';
  const told = `requestParameters.versionStages is ${labels}, additionalEventData.SecretId ${reported}`;
  proof.settle('event-history', told);
  return told;
}

export const rotationIsRemembered: ProofStep = {
  does: 'After the stack is gone, the secret still names the function that rotated it, or does not',
  settles: ['rotation-off'],
  aside: true,
  async run(account) {
    const { rotation } = await look(account, account.secret);
    if (rotation.enabled) throw new StillOpen('rotation is still on');
    const Filters = [{ Key: 'name' as const, Values: [account.secret] }];
    const { SecretList = [] } = await account.secrets.send(new ListSecretsCommand({ Filters }));
    const has = (arn: string | undefined) => (arn ? 'returns' : 'does not return');
    return `with rotation off, DescribeSecret ${has(rotation.functionArn)} the function, and ListSecrets ${has(SecretList[0]?.RotationLambdaARN)} it`;
  },
};
