import { PEOPLE_POLICIES } from '../../lib/contract/names';
import { environmentIn, LEAST_POLICY, leastPolicy } from '../../lib/contract/people';
import { policiesOf } from './enforce';
import { evaluate } from './policy';
import { ACCOUNT, KMS_KEY_ID, REGION } from './resolve';

// With Admin access and a KMS key, so that everything is there that a policy may allow.
const policies = policiesOf('federated');
const holderOf = (policy: string) => policies.get(policy)!;

describe('the table of actions and policies', () => {
  const arnsOf: Readonly<Record<string, readonly string[]>> = {
    secretsmanager: [`arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:anthropic/prod/api-1-AbCdEf`, '*'],
    sns: [`arn:aws:sns:${REGION}:${ACCOUNT}:anthropic-keys-prod`],
    scheduler: [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/anthropic-keys-prod/api-1`],
    logs: [
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group::log-stream:`,
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/events/anthropic-keys-prod/x:log-stream:`,
    ],
    kms: [`arn:aws:kms:${REGION}:${ACCOUNT}:key/${KMS_KEY_ID}`],
  };
  const context = {
    'aws:ResourceTag/anthropic-key:environment': 'prod',
    'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com`,
    'kms:ResourceAliases': ['alias/anthropic-keys-prod'],
  };
  const allows = (policy: string, action: string, resources: readonly string[]) =>
    resources.some((resource) => evaluate(holderOf(policy), { action, resource, context }).allowed);

  const rows = Object.entries(LEAST_POLICY);

  test.each(rows)('%s takes %s, and none of the lesser policies allows it', (action, least) => {
    const resources = arnsOf[action.split(':')[0]!]!;
    const allowing = PEOPLE_POLICIES.filter((policy) => allows(policy, action, resources));
    expect(allowing).toEqual(PEOPLE_POLICIES.slice(PEOPLE_POLICIES.indexOf(least)));
  });

  test.each([
    ['check', 'operator'],
    ['rotate', 'operator'],
    ['report', 'operator'],
    ['admin:orders', 'responder'],
  ] as const)('invoking %s takes %s', (role, least) => {
    const name = `anthropic-keys-prod-${role}`;
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
    expect(leastPolicy('lambda:InvokeFunction', name)).toBe(least);
    expect(leastPolicy('lambda:InvokeFunction', arn)).toBe(least);
    const allowing = PEOPLE_POLICIES.filter((each) => allows(each, 'lambda:InvokeFunction', [arn]));
    expect(allowing).toEqual(PEOPLE_POLICIES.slice(PEOPLE_POLICIES.indexOf(least)));
  });

  test('a policy holds no action that the table does not know', () => {
    const known = new Set([...Object.keys(LEAST_POLICY), 'lambda:InvokeFunction']);
    const held = PEOPLE_POLICIES.flatMap((policy) => holderOf(policy)).flatMap(({ Action }) => Action ?? []);
    expect([...new Set(held)].filter((action) => !known.has(action))).toEqual([]);
  });
});

test.each([
  ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-AbCdEf', 'prod'],
  ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:legacy/claude-AbCdEf', undefined],
  ['arn:aws:sns:eu-central-1:111122223333:anthropic-keys-pre-prod', 'pre-prod'],
  ['arn:aws:scheduler:eu-central-1:111122223333:schedule/anthropic-keys-prod/api-1', 'prod'],
  ['arn:aws:lambda:eu-central-1:111122223333:function:anthropic-keys-pre-prod-admin:orders', 'pre-prod'],
  ['anthropic-keys-prod-check', 'prod'],
  ['*', undefined],
])('%s is of the environment %s', (resource, environment) => {
  expect(environmentIn(resource)).toBe(environment);
});
