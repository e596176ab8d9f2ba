import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stringify } from 'yaml';
import { secretName, sharedName } from '../../lib/contract/names';
import { type Account, accountOf, look, type SeenSecret } from '../../local/deploy/account';
import { type Cdk, cdkOf } from '../../local/deploy/cdk';

/** A real account with a throw-away environment in it, and the person who watches. */
export interface ProofAccount extends Account {
  readonly accountId: string;
  readonly environment: string;
  readonly secret: string;
  readonly topicArn: string;
  readonly stack: string;
  readonly cdk: Cdk;
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
  enter(question: string): Promise<void>;
}

const SERVICE = 'throw-away';

/** Describes an environment that nobody else has: one key, no grace, checked every five minutes. */
export function proofAccountOf({ accountId, region, env, mailbox, keys, enter }: ProofOptions): ProofAccount {
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
    keys,
    enter,
  };
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
