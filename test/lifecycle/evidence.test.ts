import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createTrailReader } from '../../lib/adapters/cloudtrail';
import { createEvidenceLog } from '../../lib/adapters/evidence-log';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { renderHtml, toJson } from '../../lib/cli/html/page';
import { auditOf } from '../../lib/domain/audit/audit';
import { surveyFleet } from '../../lib/workflows/fetch-secret';
import { readEvidence } from '../../lib/workflows/read-evidence';
import { clientConfig, FAULT } from '../../local/aws';
import { fingerprintOf } from '../../local/demo/hands';
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
    new CloudWatchLogsClient(clientConfig(aws, 'auditor')),
  ] as const;
  const fleet = await surveyFleet({ store: createSecretStore(clients[0], clock), clock });
  const trail = createTrailReader(clients[1], clock);
  const { sources, complaints } = await readEvidence(
    { trail, evidenceLog: createEvidenceLog(clients[2], clock) },
    fleet,
  );
  for (const client of clients) client.destroy();
  return { report: auditOf(fleet, sources), complaints };
}

const eventsOf = async () => (await audit()).report.histories[0]!.events;

test('the audit names the person who submitted a key, and the rotation that promoted it', async () => {
  const key = testKey.newKey();
  await submits('kim', key);
  await testKey.after(1);
  const { report } = await audit();
  const { histories, trail, logs } = JSON.parse(toJson(report));
  expect(trail).toMatchObject({ readable: true });
  expect(logs).toEqual([{ environment: 'prod', readable: true, since: '2026-11-21T09:00:00.000Z' }]);
  expect(histories[0].events).toEqual([
    expect.objectContaining({
      step: 'submitted',
      by: 'kim/kim',
      sources: ['memory', 'cloudtrail'],
      requestId: expect.any(String),
    }),
    expect.objectContaining({
      step: 'promoted',
      by: 'kim/kim',
      fingerprint: report.rows[0]!.fingerprint,
      sources: ['memory', 'event', 'cloudtrail'],
    }),
  ]);
  expect(renderHtml(report)).toMatch(/AWS CloudTrail was read back to .*2026-08-23/);
  expect(toJson(report) + renderHtml(report)).not.toContain(key);
});

test('a wrong key shows as a rotation that failed, with who tried', async () => {
  await testKey.promoteFirstKey();
  testKey.sandbox.clock.advance(3_600_000);
  await submits('sam', testKey.newKey(testKey.otherWorkspace));
  const events = await eventsOf();
  expect(events).toContainEqual(expect.objectContaining({ step: 'submitted', by: 'sam/sam' }));
  expect(events).toContainEqual(expect.objectContaining({ step: 'rotation-failed' }));
});

test('what CloudTrail and the secret have forgotten is in the evidence log', async () => {
  const [first, second, third] = [testKey.newKey(), testKey.newKey(), testKey.newKey()];
  for (const key of [first, second, third]) {
    await submits('kim', key);
    await testKey.after(24 * 60);
  }
  const promoted = (await eventsOf()).filter(({ step }) => step === 'promoted');
  expect(promoted.map(({ sources }) => sources)).toEqual([
    ['event'],
    ['event'],
    ['memory', 'event', 'cloudtrail'],
  ]);
  expect(promoted.map(({ unconfirmed }) => unconfirmed)).toEqual([undefined, undefined, undefined]);
});

test('a leak has its instant and its reason, and its reminders are no leaks of their own', async () => {
  const key = await testKey.promoteFirstKey();
  testKey.sandbox.clock.set(new Date('2026-11-24T18:33:10Z'));
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprintOf(key) });
  await testKey.days(5);
  const leaks = (await eventsOf()).filter(({ step }) => step === 'contained');
  expect(leaks).toEqual([
    expect.objectContaining({ at: new Date('2026-11-24T18:33:10Z'), sources: ['memory', 'event'] }),
  ]);
});

test('a rollback by command is a rollback, with the function that did it', async () => {
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.after(2);
  await testKey.command({ verb: 'roll-back', fingerprint: fingerprintOf(old) });
  await testKey.after(1);
  const [last] = (await eventsOf()).filter(({ step }) => step !== 'grace-ends').slice(-1);
  expect(last).toMatchObject({
    step: 'rolled-back',
    note: 'by a person',
    by: 'anthropic-keys-prod-check',
    fingerprint: fingerprintOf(old),
    sources: ['memory', 'event', 'cloudtrail'],
  });
});

test('an event that a stranger put on the bus is shown as reported, and CloudTrail as silent about it', async () => {
  await testKey.promoteFirstKey();
  await testKey.days(5);
  const { aws } = testKey.sandbox;
  const { arn: secretArn } = aws.secretsManager.inspect(testKey.secretName)!;
  const forged = {
    ...{ id: 'AKR-0000-0000', kind: 'rotated', environment: 'prod', secretArn },
    details: { current: { fingerprint: 'abcdef012345' } },
  };
  const broken = { ...forged, id: 'AKR-1111-1111', details: null };
  for (const detail of [forged, forged, broken]) {
    const entry = { Source: 'anthropic-key-rotation', DetailType: 'x', Detail: JSON.stringify(detail) };
    await new EventBridgeClient(clientConfig(aws, 'stranger')).send(
      new PutEventsCommand({ Entries: [entry] }),
    );
  }
  await testKey.after(1);
  const { report } = await audit();
  expect(report.histories[0]!.events.filter(({ unconfirmed }) => unconfirmed)).toEqual([
    expect.objectContaining({ step: 'promoted', fingerprint: 'abcdef012345', sources: ['event'] }),
  ]);
  expect(renderHtml(report)).toContain('reported: evidence log');
  expect(renderHtml(report)).toContain('AWS CloudTrail shows no change of the live key');
});

test('an auditor who may read neither trail nor log gets the audit all the same, and is told in words', async () => {
  await submits('kim', testKey.newKey());
  const { faults } = testKey.sandbox.aws;
  for (const service of ['cloudtrail', 'logs'] as const)
    faults.on({ service, times: Number.POSITIVE_INFINITY }, FAULT.denied);
  const { report, complaints } = await audit();
  expect(report.trail).toEqual({
    readable: false,
    why: 'whoever made it may not look events up (cloudtrail:LookupEvents)',
  });
  expect(report.histories[0]?.events.map(({ by }) => by)).toEqual([undefined, undefined]);
  const page = renderHtml(report);
  expect(page).toContain('was not read for this page: whoever made it may not look events up');
  expect(page).toContain(
    'The evidence log of prod was not read for this page: whoever made it lacks the policy',
  );
  expect(page).not.toContain('AccessDenied');
  expect(complaints).toEqual([
    {
      text: expect.stringMatching(/^AWS CloudTrail: AccessDenied/),
      denial: { action: 'cloudtrail:LookupEvents' },
    },
    {
      text: expect.stringMatching(/^Evidence log of prod: AccessDenied/),
      denial: { action: 'logs:FilterLogEvents' },
      environment: 'prod',
    },
  ]);
});
