import fc from 'fast-check';
import { trailEvent } from '../../lib/adapters/cloudtrail';
import { keyText } from '../keys';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-gateway-a1B2c3';
const TOKEN = '5e0cbe3d-1111-4222-8333-444455556666';

/** A put as the CLI makes it, in the shape of CloudTrail's records. */
const aPut = {
  eventVersion: '1.11',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:kim@example.com',
    arn: 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_KeyOperator_0123456789abcdef/kim@example.com',
    accountId: '111122223333',
    accessKeyId: 'ASIAEXAMPLE',
    sessionContext: { attributes: { creationDate: '2026-11-21T08:00:00Z', mfaAuthenticated: 'true' } },
  },
  eventTime: '2026-11-21T09:30:00Z',
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'PutSecretValue',
  awsRegion: 'eu-central-1',
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2.31.0',
  requestParameters: {
    secretId: 'anthropic/prod/api-gateway',
    clientRequestToken: TOKEN,
    versionStages: ['SUBMITTED'],
  },
  responseElements: { arn: ARN },
  requestID: 'c0ffee00-0000-4000-8000-000000000001',
  eventID: 'c0ffee00-0000-4000-8000-000000000002',
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: '111122223333',
};

const read = (changes: object = {}) => trailEvent(JSON.stringify({ ...aPut, ...changes }));

test('a put is read as caller, time, secret, version and labels, and nothing else', () => {
  expect(read()).toEqual({
    id: 'c0ffee00-0000-4000-8000-000000000002',
    at: new Date('2026-11-21T09:30:00Z'),
    name: 'PutSecretValue',
    secretId: ARN,
    by: 'AWSReservedSSO_KeyOperator/kim@example.com',
    labels: ['SUBMITTED'],
    versionId: TOKEN,
  });
});

test('an event of Secrets Manager itself names its secret in another field, and no caller', () => {
  const report = {
    eventName: 'RotationSucceeded',
    eventType: 'AwsServiceEvent',
    userIdentity: { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' },
    requestParameters: null,
    responseElements: null,
    additionalEventData: { SecretId: ARN },
  };
  expect(read(report)).toEqual({
    id: aPut.eventID,
    at: new Date(aPut.eventTime),
    name: 'RotationSucceeded',
    secretId: ARN,
    labels: [],
  });
});

test.each([
  ['a user', { arn: 'arn:aws:iam::111122223333:user/platform/kim' }, 'platform/kim'],
  ['a role', { arn: 'arn:aws:sts::111122223333:assumed-role/KeyOperator/kim' }, 'KeyOperator/kim'],
  ['a federated user', { arn: 'arn:aws:sts::111122223333:federated-user/kim' }, 'kim'],
  ['the root user', { arn: 'arn:aws:iam::111122223333:root' }, 'the root user'],
  [
    'another account',
    { arn: 'arn:aws:sts::444455556666:assumed-role/KeyOperator/kim' },
    'KeyOperator/kim of account 444455556666',
  ],
  [
    'a role with a source identity',
    {
      arn: 'arn:aws:sts::111122223333:assumed-role/Shared/session-1',
      sessionContext: { sourceIdentity: 'kim' },
    },
    'Shared/session-1 for kim',
  ],
  ['nobody', {}, undefined],
  ['a list', ['arn'], undefined],
  ['a number for an ARN', { arn: 7 }, undefined],
])('%s is named in short', (_, userIdentity, by) => {
  expect(read({ userIdentity })?.by).toBe(by);
});

test.each([
  ['UpdateSecretVersionStage', { versionStage: 'AWSCURRENT', moveToVersionId: TOKEN }, ['AWSCURRENT'], TOKEN],
  ['UpdateSecret', { clientRequestToken: TOKEN, description: 'x' }, [], undefined],
  ['RotateSecret', { clientRequestToken: TOKEN }, [], TOKEN],
])('%s names labels and version in its own way', (eventName, parameters, labels, versionId) => {
  const event = read({ eventName, requestParameters: { secretId: ARN, ...parameters } });
  expect([event?.labels, event?.versionId]).toEqual([labels, versionId]);
});

test.each([
  ['that was refused', { errorCode: 'AccessDenied' }],
  [
    'that only configures the rotation',
    { eventName: 'RotateSecret', requestParameters: { secretId: ARN, rotateImmediately: false } },
  ],
  ['without id', { eventID: undefined }],
  ['without name', { eventName: null }],
  ['without time', { eventTime: 'yesterday' }],
  ['about no secret', { requestParameters: null, responseElements: null }],
])('a record %s is no change of a secret', (_, changes) => {
  expect(read(changes)).toBeUndefined();
});

test('any text and any JSON is tolerated', () => {
  fc.assert(fc.property(fc.string(), (text) => trailEvent(text) === undefined));
  const hostile = fc.record(Object.fromEntries(Object.keys(aPut).map((name) => [name, fc.jsonValue()])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(hostile, (changes) => {
      const event = read(changes);
      return event === undefined || !Number.isNaN(event.at.getTime());
    }),
  );
  expect(trailEvent(undefined)).toBeUndefined();
});

test('no key and no control character gets through, in any field', () => {
  const key = keyText('leaked');
  const everywhere = {
    userIdentity: { arn: `arn:aws:sts::111122223333:assumed-role/Role/${key}` },
    requestParameters: {
      secretId: `\u001b[2J${key}`,
      clientRequestToken: key,
      versionStages: [key],
      secretString: key,
      description: key,
    },
    responseElements: null,
    eventID: key,
    eventName: `PutSecretValue\u0007${key}`,
  };
  const event = read(everywhere);
  expect(event?.secretId).toBe('[2Jsk-ant-[redacted]');
  expect(JSON.stringify(event)).not.toContain(key);
});
