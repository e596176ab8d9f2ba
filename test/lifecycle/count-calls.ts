import { randomUUID } from 'node:crypto';
import { ENVIRONMENT_TAG } from '../../lib/contract/policy-tags';
import { DAY, HOUR } from '../../lib/domain/time';
import { TestKey } from './test-key';

/** Calls that the functions made in one flow. */
export interface CallCount {
  readonly flow: string;
  /** By the operation's name. */
  readonly aws: Readonly<Record<string, number>>;
  /** Requests. */
  readonly anthropic: number;
}

/** Secrets of the account besides those that are played with: a listing takes two pages. */
const FLEET = 150;

/** Plays the flows of a key's life one after the other, beside another live key and a fleet, and counts the calls of each. */
export async function countCalls(): Promise<readonly CallCount[]> {
  const testKey = await TestKey.build();
  try {
    await fillFleet(testKey);
    return await played(testKey);
  } finally {
    await testKey.close();
  }
}

export const sumOf = ({ aws }: CallCount): number =>
  Object.values(aws).reduce((sum, calls) => sum + calls, 0);

/** In the short form of the documents: `32 + 2` are calls of AWS and of Anthropic. */
export const inShort = (count: CallCount): string => `${sumOf(count)} + ${count.anthropic}`;

async function played(testKey: TestKey): Promise<readonly CallCount[]> {
  const counts: CallCount[] = [];
  const count = async (flow: string, act: () => Promise<unknown>) => {
    counts.push(await counted(flow, testKey, act));
  };
  const { clock, anthropic } = testKey.sandbox;
  clock.advance(HOUR);
  const old = await testKey.promoteFirstKey();
  const neighbour = await testKey.neighbour();
  await neighbour.promoteFirstKey();
  await testKey.after(1);
  await count('steady check', () => testKey.after(1));
  await count('first check of a day', () => testKey.after(24));
  await count('rotation', () => testKey.submit(testKey.newKey()));
  await count('check in grace', () => testKey.after(1));
  clock.advance(2 * DAY);
  await count('check at the end of grace, the old key works', () => testKey.check());
  await count('check with a forgotten old key', () => testKey.after(1));
  await count('a day of hourly checks with a forgotten old key', () => testKey.days(1, 1));
  await neighbour.check();
  await count('daily report', () => testKey.report());
  anthropic.disable(old);
  await count('check that proves the old key dead', () => testKey.after(1));
  await testKey.after(1);
  await count('rotation without a submission', () => testKey.rotate());
  await count('steady check beside the version that it left empty', () => testKey.after(1));
  return counts;
}

async function counted(flow: string, { sandbox }: TestKey, act: () => Promise<unknown>): Promise<CallCount> {
  const { aws, anthropic } = sandbox;
  const asked = anthropic.requests.length;
  aws.calls.clear();
  await act();
  const ours = aws.calls.all().filter(({ caller }) => caller.startsWith('anthropic-keys-'));
  const byOperation: Record<string, number> = {};
  for (const { operation } of ours) byOperation[operation] = (byOperation[operation] ?? 0) + 1;
  return { flow, aws: byOperation, anthropic: anthropic.requests.length - asked };
}

async function fillFleet({ sandbox: { aws } }: TestKey): Promise<void> {
  for (let n = 0; n < FLEET; n++)
    await aws.secretsManager.perform('CreateSecret', {
      Name: `fleet/${n}`,
      ClientRequestToken: randomUUID(),
      Tags: [{ Key: ENVIRONMENT_TAG, Value: 'prod' }],
    });
}
