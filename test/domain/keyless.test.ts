import fc from 'fast-check';
import type { Federation, FederationRule } from '../../lib/domain/console/organization';
import { CONSUMER_KINDS, type Consumer, type ConsumerKind } from '../../lib/domain/consumer';
import { compare, isAllThere } from '../../lib/domain/keyless/compare';
import { AUDIENCE, IDENTITY_STATEMENT, needOf, payloadsOf } from '../../lib/domain/keyless/need';
import { couldGo, prospectOf, readIssuer, readRole } from '../../lib/domain/keyless/workload';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/web/gateway`;
const ISSUER = 'https://0f1e2d3c-4b5a-4968-8776-655443322110.tokens.sts.global.api.aws';
const WORKSPACE = 'wrkspc_01Home';

const consumer = (kind: ConsumerKind): Consumer => ({ kind, name: `prod/${kind}`, refresh: 'restart' });

const need = needOf({
  key: { environment: 'prod', service: 'api-gateway' },
  consumer: { name: 'prod/Gateway' },
  role: { arn: ROLE, account: ACCOUNT, name: 'gateway' },
  issuer: ISSUER,
  home: { workspaceId: WORKSPACE },
});

test.each([
  ['ecs', 'yes'],
  ['lambda', 'yes'],
  ['kubernetes', 'perhaps'],
  ['host', 'perhaps'],
  ['other', 'no'],
] as const)('a consumer of kind %s can do without a key: %s', (kind, can) => {
  expect(prospectOf(consumer(kind)).can).toBe(can);
  expect(prospectOf(consumer(kind)).findRole !== undefined).toBe(can !== 'no');
});

test('the table above has every kind of consumer', () => {
  expect(CONSUMER_KINDS).toHaveLength(5);
});

test.each([
  ['nobody says who reads it', undefined, false],
  ['nobody reads it', [], false],
  ['ECS and Lambda read it', ['ecs', 'lambda'], true],
  ['a host reads it, too', ['ecs', 'host'], false],
  ['a vendor holds it', ['other'], false],
] as const)('a key could go where %s: %3$s', (_, kinds, could) => {
  expect(couldGo(kinds?.map((kind) => consumer(kind)))).toBe(could);
});

describe('a role', () => {
  it.each([
    ROLE,
    `arn:aws:iam::${ACCOUNT}:role/gateway`,
    `arn:aws-us-gov:iam::${ACCOUNT}:role/a/b/c_d+e=f,g.h@i-j`,
  ])('is taken as it is: %s', (arn) => {
    expect(readRole(arn, ACCOUNT)).toMatchObject({ read: { arn, account: ACCOUNT } });
  });

  it.each([
    ['a wildcard at its end', `arn:aws:iam::${ACCOUNT}:role/gateway*`, 'wildcard'],
    ['a wildcard for the name', `arn:aws:iam::${ACCOUNT}:role/*`, 'wildcard'],
    ['a wildcard for the account', 'arn:aws:iam::*:role/gateway', 'wildcard'],
    ['nothing but a wildcard', '*', 'wildcard'],
    ['a question mark', `arn:aws:iam::${ACCOUNT}:role/gatewa?`, 'wildcard'],
    ['a session', `arn:aws:sts::${ACCOUNT}:assumed-role/gateway/i-0abc`, 'session of a role'],
    ['another account', 'arn:aws:iam::444455556666:role/gateway', 'account 444455556666'],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/ada`, 'not the ARN of an IAM role'],
    ['an instance profile', `arn:aws:iam::${ACCOUNT}:instance-profile/web`, 'not the ARN of an IAM role'],
    ['the whole account', `arn:aws:iam::${ACCOUNT}:root`, 'not the ARN of an IAM role'],
    ['a name alone', 'gateway', 'not the ARN of an IAM role'],
    ['a path alone', `arn:aws:iam::${ACCOUNT}:role/web/`, 'not the ARN of an IAM role'],
    ['a blank around it', ` ${ROLE}`, 'not the ARN of an IAM role'],
    ['a line break behind it', `${ROLE}\n`, 'not the ARN of an IAM role'],
    [
      'the role of a service of AWS',
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
      'no workload',
    ],
    [
      'a role that people sign in with',
      `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
      'no workload',
    ],
  ])('is refused with words for %s', (_, text, says) => {
    const outcome = readRole(text, ACCOUNT);
    expect(outcome).toEqual({ refused: expect.stringContaining(says) });
    expect((outcome as { refused: string }).refused).toContain(JSON.stringify(text));
  });
});

describe('an issuer', () => {
  it('is taken as IAM shows it', () => {
    expect(readIssuer(ISSUER)).toEqual({ read: ISSUER });
  });

  it.each([
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    ISSUER.replace('https', 'http'),
    'https://sts.amazonaws.com',
    'https://token.actions.githubusercontent.com',
    'https://*.tokens.sts.global.api.aws',
    `${ISSUER}.evil.example/`,
    'https://evil.example/x.tokens.sts.global.api.aws',
    '',
  ])('is refused with words: %s', (text) => {
    expect(readIssuer(text)).toEqual({ refused: expect.stringContaining(JSON.stringify(text)) });
  });
});

test('what is needed is told by names that Anthropic takes, and by nothing wider than needed', () => {
  expect(need).toEqual({
    serviceAccount: { name: 'prod-api-gateway', role: 'developer' },
    workspaceId: WORKSPACE,
    issuer: { name: 'aws-111122223333', url: ISSUER },
    rule: {
      name: 'prod-api-gateway-prod-gateway',
      subject: ROLE,
      audience: 'https://api.anthropic.com',
      scope: 'workspace:inference',
    },
  });
  expect(payloadsOf(need).map(({ path }) => path)).toEqual([
    '/v1/organizations/service_accounts',
    '/v1/organizations/service_accounts/<id of the service account>/workspaces',
    '/v1/organizations/federation_issuers',
    '/v1/organizations/federation_rules',
  ]);
  expect(IDENTITY_STATEMENT.Condition['ForAllValues:StringEquals']['sts:IdentityTokenAudience']).toEqual([
    AUDIENCE,
  ]);
});

const SIGNS = [
  '*',
  '?',
  '/',
  ':',
  'a',
  'role',
  'arn:aws:iam::',
  ACCOUNT,
  '444455556666',
  'assumed-role/',
  ' ',
  '\n',
  '@',
  '',
];

test('whatever is given as a role, no payload has another subject than its exact ARN, and none a wildcard', () => {
  const mess = fc.array(fc.constantFrom(...SIGNS), { maxLength: 8 }).map((parts) => parts.join(''));
  const text = fc.oneof(
    fc.string(),
    mess,
    mess.map((end) => `arn:aws:iam::${ACCOUNT}:role/${end}`),
    mess.map((end) => `${ROLE}${end}`),
  );
  fc.assert(
    fc.property(text, (given) => {
      const outcome = readRole(given, ACCOUNT);
      if ('refused' in outcome) return;
      const { issuer, home } = { issuer: ISSUER, home: {} };
      const key = { environment: 'prod', service: 'a' };
      const made = payloadsOf(needOf({ key, consumer: { name: 'x' }, role: outcome.read, issuer, home }));
      const rule = made.at(-1)!.body as { match: { subject_prefix: string; audience: string } };
      expect(rule.match).toEqual({ subject_prefix: given, audience: AUDIENCE });
      expect(given).toMatch(/^arn:aws[a-z-]*:iam::111122223333:role\/[^*?\s]+$/);
    }),
    { numRuns: 3_000 },
  );
});

const RULE: FederationRule = {
  id: 'fdrl_1',
  name: 'gateway',
  issuerId: 'fdis_1',
  serviceAccountId: 'svac_1',
  workspaces: [WORKSPACE],
  scope: 'workspace:inference',
  subject: ROLE,
  audience: AUDIENCE,
  claims: {},
};

const WHOLE: Federation = {
  serviceAccounts: [
    {
      id: 'svac_1',
      name: 'prod-api-gateway',
      role: 'developer',
      workspaceIds: ['wrkspc_default', WORKSPACE],
    },
  ],
  issuers: [{ id: 'fdis_1', name: 'aws-111122223333', url: ISSUER }],
  rules: [RULE],
};

const ARCHIVED = { archivedAt: new Date('2026-11-01T00:00:00Z') };

const withRule = (...changes: readonly Partial<FederationRule>[]): Federation => ({
  ...WHOLE,
  rules: changes.map((change, index) => ({
    ...RULE,
    ...(index > 0 && { id: `fdrl_${index + 1}` }),
    ...change,
  })),
});

const withAccount = (change: Partial<Federation['serviceAccounts'][number]>): Federation => ({
  ...WHOLE,
  serviceAccounts: [{ ...WHOLE.serviceAccounts[0]!, ...change }],
});

describe('what the organization has', () => {
  it.each([
    ['all of it', WHOLE],
    ['a rule without an audience, which is Anthropic’s own then', withRule({ audience: undefined })],
    ['the scope that the Console offers', withRule({ scope: 'workspace:developer' })],
    ['a rule for another role beside it', withRule({}, { subject: `${ROLE}-other` })],
    ['an archived rule that was too wide', withRule({}, { subject: 'arn:*', ...ARCHIVED })],
    ['a wide rule for another issuer', withRule({}, { subject: '*', issuerId: 'fdis_github' })],
  ])('is all that is needed: %s', (_, federation) => {
    const parts = compare(need, federation);
    expect(parts.filter(({ state }) => state !== 'there')).toEqual([]);
    expect(isAllThere(parts)).toBe(true);
  });

  it.each<[string, Federation, string, string]>([
    [
      'nothing',
      { serviceAccounts: [], issuers: [], rules: [] },
      'missing',
      `No issuer has the URL ${ISSUER}`,
    ],
    ['no rule', { ...WHOLE, rules: [] }, 'missing', `No rule lets in ${ROLE}`],
    [
      'an archived issuer',
      { ...WHOLE, issuers: [{ ...WHOLE.issuers[0]!, ...ARCHIVED }] },
      'missing',
      'is archived',
    ],
    [
      'an issuer with a slash at its end',
      { ...WHOLE, issuers: [{ ...WHOLE.issuers[0]!, url: `${ISSUER}/` }] },
      'differs',
      'letter for letter',
    ],
    ['an archived rule', withRule(ARCHIVED), 'missing', 'lets nobody in'],
    ['a rule for another issuer', withRule({ issuerId: 'fdis_2' }), 'differs', 'from another issuer'],
    [
      'a rule for a session of the role',
      withRule({ subject: `arn:aws:sts::${ACCOUNT}:assumed-role/gateway/1` }),
      'differs',
      `lets in "arn:aws:sts::${ACCOUNT}:assumed-role/gateway/1", and tokens of this role name ${ROLE}`,
    ],
    [
      'a rule for every role',
      withRule({ subject: `arn:aws:iam::${ACCOUNT}:role/*` }),
      'too-wide',
      'OPENS THE ORGANIZATION',
    ],
    [
      'a rule that begins alike, beside the right one',
      withRule({}, { subject: `${ROLE}*` }),
      'too-wide',
      'OPENS',
    ],
    ['a rule for everybody', withRule({}, { subject: '*' }), 'too-wide', 'OPENS'],
    [
      'a rule without a subject',
      withRule({}, { subject: undefined, condition: 'true' }),
      'unknown',
      'names no subject',
    ],
    ['two rules', withRule({}, {}), 'too-wide', '2 rules let this role in'],
    [
      'a rule that may administer',
      withRule({ scope: 'workspace:inference org:admin' }),
      'too-wide',
      'grants "org:admin"',
    ],
    ['a rule without a scope', withRule({ scope: '' }), 'differs', 'no scope'],
    ['a rule for every workspace', withRule({ workspaces: 'all' }), 'too-wide', 'every workspace'],
    ['a rule for another workspace', withRule({ workspaces: ['wrkspc_x'] }), 'differs', WORKSPACE],
    [
      'a rule for a further workspace',
      withRule({ workspaces: [WORKSPACE, 'wrkspc_x'] }),
      'too-wide',
      '1 more',
    ],
    [
      'a rule for another audience',
      withRule({ audience: 'https://example.com' }),
      'differs',
      'https://example.com',
    ],
    ['a rule with a condition', withRule({ condition: 'claims.x == 1' }), 'unknown', 'does not judge'],
    ['a rule with claims', withRule({ claims: { team: 'x' } }), 'unknown', 'does not judge'],
    ['a target of an unknown kind', withRule({ serviceAccountId: undefined }), 'unknown', 'is not known'],
    ['an archived service account', withAccount(ARCHIVED), 'missing', 'is archived'],
    ['an admin', withAccount({ role: 'admin' }), 'too-wide', 'role admin'],
    ['no membership', withAccount({ workspaceIds: ['wrkspc_default'] }), 'missing', 'no member'],
    ['an unknown membership', withAccount({ workspaceIds: undefined }), 'unknown', 'is not known'],
  ])('is not all that is needed: %s', (_, federation, state, says) => {
    const parts = compare(need, federation);
    expect(parts).toContainEqual(expect.objectContaining({ state, says: expect.stringContaining(says) }));
    expect(isAllThere(parts)).toBe(false);
  });

  it('is not known to be enough where the workspace of the key is not known', () => {
    const { workspaceId: _, ...elsewhere } = need;
    expect(isAllThere(compare(elsewhere, WHOLE))).toBe(false);
  });
});
