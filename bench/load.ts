import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { rotatingKey } from '../consumer';
import { HOUR, MINUTE } from '../lib/domain/time';
import { readerOf, readsOf } from '../test/consumer/application';
import { TestKey } from '../test/lifecycle/test-key';

const SECONDS = Number(process.argv[2] ?? 60);
const PER_SECOND = 200;
/** Days of the embedded world that pass meanwhile. */
const DAYS = 5;

interface Answer {
  readonly milliseconds: number;
  readonly failure?: string;
}

async function main(): Promise<number> {
  const testKey = await TestKey.build({
    overHttp: true,
    adminAccess: true,
    policy: { deactivate: 'automatic' },
  });
  const { aws, anthropic, clock } = testKey.sandbox;
  const first = await testKey.promoteFirstKey();
  let refused = 0;
  const key = rotatingKey({
    secretId: testKey.secretName,
    client: readerOf(aws, 3),
    fetch: async (...request) => {
      const answer = await fetch(...request);
      if (answer.status === 401) refused += 1;
      return answer;
    },
    now: () => clock.now().getTime(),
  });
  const client = new Anthropic({ baseURL: anthropic.url, apiKey: key.get, fetch: key.fetch, maxRetries: 0 });
  const answers: Promise<Answer>[] = [];
  const begun = performance.now();
  const share = () => (performance.now() - begun) / (SECONDS * 1000);

  /** One request every five milliseconds by the wall clock, whether or not those before it were answered. */
  async function ask(): Promise<void> {
    while (share() < 1) {
      const due = Math.floor((performance.now() - begun) * (PER_SECOND / 1000));
      while (answers.length < due) answers.push(timed(client));
      await wait(5);
    }
  }

  /** Time of the embedded world: an hour's check at a time, and two rotations. */
  async function rotate(): Promise<void> {
    const start = clock.now().getTime();
    const steps = [
      [0.05, 'submit, with 48 hours of grace', () => testKey.submit(testKey.newKey())],
      [0.85, 'submit, and switch the old key off at once', () => switchOver(testKey)],
    ] as const;
    const left = [...steps];
    for (let hour = 1; hour <= DAYS * 24; hour++) {
      while (share() < hour / (DAYS * 24)) {
        // So that the age of the key in the cache goes on between two checks.
        const now = start + share() * DAYS * 24 * HOUR;
        if (now - clock.now().getTime() > MINUTE) clock.set(new Date(now));
        await wait(10);
      }
      const before = testKey.told.length;
      for (; left[0] && share() >= left[0][0]; left.shift()) {
        console.info(`${at(clock.now())} ${left[0][1]}`);
        await left[0][2]();
      }
      await testKey.check();
      for (const kind of testKey.told.slice(before)) console.info(`${at(clock.now())} mail: ${kind}`);
    }
  }

  console.info(`${PER_SECOND} requests a second for ${SECONDS} s, in which ${DAYS} days pass:`);
  await Promise.all([ask(), rotate()]);
  const all = await Promise.all(answers);
  const times = all.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const failed = all.flatMap(({ failure }) => failure ?? []);
  const part = (share: number) => `${times[Math.floor(share * (times.length - 1))]!.toFixed(1)} ms`;
  console.info(
    [
      `${all.length} requests`,
      `${failed.length} failed`,
      `${refused} refused and sent again`,
      `${readsOf(aws)} reads of the secret`,
      `p50 ${part(0.5)}`,
      `p99 ${part(0.99)}`,
      `first key ${anthropic.statusOf(first)}`,
    ].join(' · '),
  );
  for (const failure of new Set(failed)) console.info(`failed: ${failure}`);
  await testKey.sandbox.close();
  return failed.length === 0 ? 0 : 1;
}

async function timed(client: Anthropic): Promise<Answer> {
  const start = performance.now();
  const message = {
    model: 'claude-haiku-5-5',
    max_tokens: 1,
    messages: [{ role: 'user' as const, content: 'Hi' }],
  };
  const failure = await client.messages.create(message).then(() => undefined, String);
  return { milliseconds: performance.now() - start, failure };
}

async function switchOver(testKey: TestKey): Promise<void> {
  const old = testKey.live;
  await testKey.submit(testKey.newKey());
  testKey.sandbox.anthropic.disable(old);
}

const at = (date: Date) => date.toISOString().slice(0, 16);

main().then((code) => {
  process.exitCode = code;
});
