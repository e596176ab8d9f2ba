import { LambdaClient } from '@aws-sdk/client-lambda';
import { createAdminClient } from '../../lib/adapters/lambda';
import type { AdminAnswer } from '../../lib/workflows/ports';
import { FAULT } from '../../local/aws';
import { keyText } from '../keys';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const ask = () =>
  createAdminClient(embedded.client(LambdaClient), 'admin').ask({
    verb: 'inspect',
    secretId: 'anthropic/prod/x',
  });
const answering = (answer: unknown) => embedded.aws.lambda.register('admin', async () => answer);

test('the request arrives unchanged', async () => {
  const asked: unknown[] = [];
  embedded.aws.lambda.register('admin', async (event) => {
    asked.push(event);
    return { outcome: 'inspected', inspections: [] };
  });
  expect(await ask()).toEqual({ outcome: 'inspected', inspections: [] });
  expect(asked).toEqual([{ verb: 'inspect', secretId: 'anthropic/prod/x' }]);
});

test('dates come back as dates, and text that looks like one stays text', async () => {
  const day = new Date('2026-11-20T10:00:00Z');
  const answer: AdminAnswer = {
    outcome: 'inspected',
    inspections: [
      {
        fingerprint: '0123456789ab',
        record: {
          id: 'apikey_1',
          name: '2026-11-20T10:00:00.000Z',
          status: 'active',
          createdAt: day,
          expiresAt: day,
          personal: false,
        },
        usage: {
          kind: 'in-use',
          from: day,
          to: day,
          refreshedAt: day,
          requests: 3,
          lastUsed: day,
          models: ['m'],
        },
        spike: { hour: day, requests: 100, medianPerHour: 1 },
      },
      { fingerprint: '0123456789ac', usage: { kind: 'idle', from: day, to: day, refreshedAt: day } },
    ],
  };
  answering(answer);
  expect(await ask()).toEqual(answer);
});

test('a reason of an earlier release, which was a sentence, is one that this release knows', async () => {
  const inspected = (usage: object) => ({ outcome: 'inspected', inspections: [{ fingerprint: 'f', usage }] });
  answering(inspected({ kind: 'unknown', reason: 'The usage report ends at 2026-11-20T10:00:00.000Z.' }));
  expect(await ask()).toEqual(inspected({ kind: 'unknown', reason: 'other-release' }));
  const day = new Date('2026-11-20T10:00:00Z');
  answering(inspected({ kind: 'unknown', reason: 'not-fresh', refreshedAt: day }));
  expect(await ask()).toEqual(inspected({ kind: 'unknown', reason: 'not-fresh', refreshedAt: day }));
});

test('a function that throws is unavailable, and the error holds no key', async () => {
  const key = keyText('leaked');
  embedded.aws.lambda.register('admin', async () => {
    throw new Error(`could not use ${key}`);
  });
  const failure = await ask().catch((error: Error) => error);
  expect(failure).toMatchObject({ name: 'AdminError', failure: 'unavailable' });
  expect(String(failure)).toContain('could not use');
  expect(String(failure)).not.toContain(key);
});

test.each([null, 'text', { outcome: 'something new' }, { outcome: 'toString' }])(
  'an answer that nobody knows is no answer: %j',
  async (answer) => {
    answering(answer);
    await expect(ask()).rejects.toMatchObject({ name: 'AdminError', failure: 'unavailable' });
  },
);

test.each([
  ['no-permission', FAULT.denied],
  ['unavailable', FAULT.throttled],
  ['unavailable', FAULT.unavailable],
  ['unavailable', FAULT.lost],
] as const)('a call that fails is told apart: %s', async (failure, fault) => {
  answering({ outcome: 'inspected', inspections: [] });
  embedded.aws.faults.on({ times: Number.POSITIVE_INFINITY }, fault);
  await expect(ask()).rejects.toMatchObject({ name: 'AdminError', failure });
});

test('a missing function is not found', async () => {
  await expect(ask()).rejects.toMatchObject({ name: 'AdminError', failure: 'not-found' });
});
