import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createTrailReader } from '../../lib/adapters/cloudtrail';
import { DAY, plus } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const reader = () => createTrailReader(embedded.client(CloudTrailClient, 'auditor'), embedded.clock);

/** So many puts, on secrets that hold no more versions than they may. */
async function puts(count: number): Promise<void> {
  const { secrets, clock } = embedded;
  for (let n = 0; n < count; n++) {
    const name = `other-${Math.floor(n / 90)}`;
    if (n % 90 === 0) await secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'first' }));
    clock.advance(1000);
    await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: `${n}` }));
  }
}

const lookups = () => embedded.aws.calls.by('auditor');

test('every page is read, at two lookups a second', async () => {
  await puts(120);
  const began = embedded.clock.now();
  const trail = await reader().read();
  expect(trail).toMatchObject({ readable: true, since: plus(began, -90 * DAY) });
  expect(trail.readable && trail.events).toHaveLength(120);
  const seconds = (embedded.clock.now().getTime() - began.getTime()) / 1000;
  expect(lookups()).toHaveLength(9);
  expect(lookups().length - 1).toBeLessThanOrEqual(seconds * 2);
});

test('it tells each lookup that it makes, before it makes it', async () => {
  await puts(60);
  const told: unknown[] = [];
  await reader().read((lookup) => told.push([lookup, lookups().length]));
  expect(told).toHaveLength(8);
  expect(told.slice(0, 3)).toEqual([
    [{ kind: 1, kinds: 7, page: 1 }, 0],
    [{ kind: 1, kinds: 7, page: 2 }, 1],
    [{ kind: 2, kinds: 7, page: 1 }, 2],
  ]);
});

test('a very long history is read in part, and says since when it is complete', async () => {
  await puts(1100);
  const trail = await reader().read();
  if (!trail.readable) throw new Error(trail.why);
  expect(trail.events).toHaveLength(1000);
  const oldest = Math.min(...trail.events.map(({ at }) => at.getTime()));
  expect(trail.since).toEqual(new Date(oldest));
});

test('what is older than 90 days is gone', async () => {
  await puts(1);
  embedded.clock.advance(91 * DAY);
  expect(await reader().read()).toMatchObject({ readable: true, events: [] });
});

test.each([
  ['denied', FAULT.denied, 'denied', /AccessDeniedException/],
  ['throttled', FAULT.throttled, 'throttled', /ThrottlingException/],
  ['out of service', FAULT.unavailable, 'unavailable', /InternalServiceError/],
  ['out of reach', FAULT.lost, 'unavailable', /./],
])('a trail that is %s is not readable, and says why', async (_, fault, why, error) => {
  embedded.aws.faults.on({ service: 'cloudtrail', times: Number.POSITIVE_INFINITY }, fault);
  const denial = why === 'denied' && { denial: { action: 'cloudtrail:LookupEvents' } };
  expect(await reader().read()).toEqual({
    readable: false,
    why,
    error: expect.stringMatching(error),
    ...denial,
  });
});

test('any other refusal is thrown', async () => {
  const invalid = { kind: 'error', code: 'InvalidLookupAttributesException', message: 'No.' } as const;
  embedded.aws.faults.on({ service: 'cloudtrail' }, invalid);
  await expect(reader().read()).rejects.toThrow(/^LookupEvents: InvalidLookupAttributesException/);
});
