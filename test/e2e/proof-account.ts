import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { stringify } from 'yaml';
import { secretName, sharedName } from '../../lib/contract/names';
import { type Account, accountOf, look, type SeenSecret } from '../../local/deploy/account';
import { type Cdk, cdkOf } from '../../local/deploy/cdk';
import { FleetFile } from '../../local/deploy/fleet-file';
import type { Proof } from '../../local/prove/proof';

/** A real account with a throw-away environment in it, and the person who watches. */
export interface ProofAccount extends Account {
  readonly accountId: string;
  readonly environment: string;
  readonly secret: string;
  readonly topicArn: string;
  readonly stack: string;
  readonly cdk: Cdk;
  readonly fleet: FleetFile;
  /** Throw-away Anthropic keys, in the order of their use; none where the person has none. */
  readonly keys: readonly string[];
  /** Waits until Enter is pressed. */
  enter(question: string): Promise<void>;
}

export interface ProofOptions {
  readonly accountId: string;
  readonly region: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mailbox: string;
  readonly keys: readonly string[];
  /** Fields of the environment in the fleet file, where it is not AWS and Anthropic that it runs on. */
  readonly settings?: Readonly<Record<string, unknown>>;
  enter(question: string): Promise<void>;
}

const SERVICE = 'throw-away';

/** Describes an environment that nobody else has: one key, no grace, checked every five minutes. */
export function proofAccountOf(options: ProofOptions): ProofAccount {
  const { accountId, region, env, mailbox, keys, settings, enter } = options;
  const environment = `proof-${randomBytes(3).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'anthropic-keys-proof-'));
  const fleetFile = join(folder, 'keys.yaml');
  const fleet = {
    environments: {
      [environment]: {
        account: accountId,
        region,
        alerts: [mailbox],
        policy: { graceHours: 0, checkEvery: 'rate(5 minutes)' },
        keys: { [SERVICE]: { owner: mailbox } },
        ...settings,
      },
    },
  };
  writeFileSync(fleetFile, stringify(fleet));
  const stack = `AnthropicKeys-${environment}`;
  return {
    ...accountOf(region, env),
    accountId,
    environment,
    secret: secretName(environment, SERVICE),
    topicArn: `arn:aws:sns:${region}:${accountId}:${sharedName(environment)}`,
    stack,
    cdk: cdkOf({ env, fleetFile, folder, stacks: [stack] }),
    fleet: new FleetFile(fleetFile, fleetFile),
    keys,
    enter,
  };
}

/** Notes who answers: the hosts of our own clients, and whatever the `aws` command line is led to. */
export function noteHosts({ secrets, lambda, topics, env }: ProofAccount, proof: Proof): void {
  for (const [name, value] of Object.entries(env))
    if (name.startsWith('AWS_ENDPOINT_URL')) proof.answeredBy(new URL(value).host);
  for (const client of [secrets, lambda, topics] as readonly Pick<SecretsManagerClient, 'middlewareStack'>[])
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const { hostname, port } = args.request as { hostname: string; port?: number };
        proof.answeredBy(port ? `${hostname}:${port}` : hostname);
        return answer;
      },
      { step: 'finalizeRequest', name: 'noteHost' },
    );
}

/** Waits until the secret looks as it should: nothing here happens at once. @throws Error after `minutes`, with what was seen last */
export async function until(
  account: ProofAccount,
  holds: (secret: SeenSecret) => boolean,
  minutes: number,
): Promise<SeenSecret> {
  for (const deadline = Date.now() + minutes * 60_000; ; await setTimeout(5_000)) {
    const seen = await look(account, account.secret);
    if (holds(seen)) return seen;
    if (Date.now() > deadline) {
      const labels = Object.keys(seen.labels).join(', ');
      throw new Error(`Not so after ${minutes} minutes. The secret has the labels ${labels}.`);
    }
  }
}
