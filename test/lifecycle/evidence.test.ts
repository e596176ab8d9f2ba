import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createTrailReader } from '../../lib/adapters/cloudtrail';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { renderHtml, toJson } from '../../lib/cli/html/page';
import { auditOf } from '../../lib/domain/audit/audit';
import { surveyFleet } from '../../lib/workflows/fetch-secret';
import { readEvidence } from '../../lib/workflows/trail-history';
import { clientConfig, FAULT } from '../../local/aws';
import { TestKey } from './test-key';

let testKey: TestKey;
beforeEach(async () => {
  testKey = await TestKey.build();
});
afterEach(() => testKey.close());

/** Both commands of the mail, by somebody with a name. */
async function submits(person: string, key: string): Promise<void> {
  const { aws } = testKey.sandbox;
  const client = new SecretsManagerClient(clientConfig(aws, person));
  const SecretId = testKey.secretName;
  const value = { SecretString: key, VersionStages: ['SUBMITTED'] };
  await client.send(new PutSecretValueCommand({ SecretId, ...value }));
  await client.send(new RotateSecretCommand({ SecretId }));
  await testKey.sandbox.settle();
  client.destroy();
}

/** What the audit of the fleet is made of, as the command line asks for it. */
async function audit() {
  const { aws, clock } = testKey.sandbox;
  const clients = [
    new SecretsManagerClient(clientConfig(aws, 'auditor')),
    new CloudTrailClient(clientConfig(aws, 'auditor')),
  ] as const;
  const fleet = await surveyFleet({ store: createSecretStore(clients[0], clock), clock });
  const report = auditOf(fleet, await readEvidence(createTrailReader(clients[1], clock), fleet));
  for (const client of clients) client.destroy();
  return report;
}

test('the audit names the person who submitted a key, and the rotation that promoted it', async () => {
  const key = testKey.newKey();
  await submits('kim', key);
  await testKey.after(1);
  const report = await audit();
  const { histories, trail } = JSON.parse(toJson(report));
  expect(trail).toMatchObject({ readable: true });
  expect(histories[0].events).toEqual([
    expect.objectContaining({
      step: 'submitted',
      by: 'kim/kim',
      sources: ['memory', 'cloudtrail'],
      requestId: expect.any(String),
    }),
    expect.objectContaining({ step: 'promoted', by: 'kim/kim', sources: ['memory', 'cloudtrail'] }),
  ]);
  expect(renderHtml(report)).toMatch(/AWS CloudTrail was read back to .*2026-08-23/);
  expect(toJson(report) + renderHtml(report)).not.toContain(key);
});

test('a wrong key shows as a rotation that failed, with who tried', async () => {
  await testKey.promoteFirstKey();
  testKey.sandbox.clock.advance(3_600_000);
  await submits('sam', testKey.newKey(testKey.otherWorkspace));
  const events = (await audit()).histories[0]?.events;
  expect(events).toContainEqual(expect.objectContaining({ step: 'submitted', by: 'sam/sam' }));
  expect(events).toContainEqual(expect.objectContaining({ step: 'rotation-failed' }));
});

test('an auditor who may not read the trail gets the audit all the same, and is told', async () => {
  await submits('kim', testKey.newKey());
  testKey.sandbox.aws.faults.on({ service: 'cloudtrail', times: Number.POSITIVE_INFINITY }, FAULT.denied);
  const report = await audit();
  expect(report.trail).toEqual({ readable: false, why: expect.stringContaining('AccessDenied') });
  expect(report.histories[0]?.events.map(({ by }) => by)).toEqual([undefined, undefined]);
  expect(renderHtml(report)).toContain('AWS CloudTrail was not readable');
});
