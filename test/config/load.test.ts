import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';

const faults = (yaml: string) => loadFleet(yaml, 'keys.yaml').errors.map(renderFault);

const LINKS = 'projectUrl: https://git.acme.io/keys\n    runbookUrl: https://wiki.acme.io/runbook';

/** A valid fleet, with fields of its key or environment replaced. */
const withKey = (fields: string) =>
  `environments:\n  prod:\n    alerts: [a@acme.io]\n    ${LINKS}\n    keys:\n      api: { owner: b@acme.io${fields} }\n`;
const withEnvironment = (fields: string) =>
  `environments:\n  prod:\n    alerts: [a@acme.io]\n    ${fields}\n    keys:\n      api: { owner: b@acme.io }\n`;

test('a valid file becomes a fleet with every default filled in', () => {
  const { fleet, errors, warnings } = loadFleet(withKey(', policy: { maxAgeDays: 60 }'), 'keys.yaml');
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  expect(fleet?.environments[0]).toMatchObject({
    environment: 'prod',
    eventBusName: 'default',
    anthropicBaseUrl: 'https://api.anthropic.com',
    keys: [
      {
        service: 'api',
        owner: 'b@acme.io',
        policy: { maxAgeDays: 60, warnDays: [14, 7, 1], graceHours: 48 },
      },
    ],
  });
});

test('the nearest policy wins, field by field', () => {
  const yaml = `
defaults: { maxAgeDays: 80, graceHours: 24 }
environments:
  prod:
    alerts: [a@acme.io, c@acme.io]
    policy: { maxAgeDays: 70, workingHours: { days: Mon-Fri, hours: 9-17, timeZone: Europe/Berlin } }
    keys:
      api: { owner: b@acme.io, policy: { maxAgeDays: 60 } }
      bot: { owner: b@acme.io }
`;
  const [api, bot] = loadFleet(yaml, 'keys.yaml').fleet!.environments[0]!.keys;
  const workingHours = { days: [1, 5], hours: [9, 17], timeZone: 'Europe/Berlin' };
  expect(api?.policy).toMatchObject({ maxAgeDays: 60, graceHours: 24, workingHours });
  expect(bot?.policy).toMatchObject({ maxAgeDays: 70, graceHours: 24 });
});

const KEY = 'environments.prod.keys.api';
/** In two pieces, or the secret scanner would take it for a password. */
const NAMED = ['user', 'hunter2'].join(':');
const SPECIFIED: [what: string, yaml: string, fault: string][] = [
  [
    'an unknown field',
    withKey(', ownr: x'),
    `${KEY}.ownr is not a known field: expected one of owner, policy,`,
  ],
  [
    'a missing owner',
    'environments:\n  prod:\n    alerts: [a@acme.io]\n    keys:\n      api: {}\n',
    `${KEY}.owner is missing: expected an e-mail address`,
  ],
  [
    'a bad address',
    withKey('').replace('b@acme.io', 'bee'),
    `${KEY}.owner is "bee": expected an e-mail address`,
  ],
  [
    "an address that AWS's tags refuse",
    withKey('').replace('b@acme.io', '"b!c@acme.io"'),
    `${KEY}.owner is "b!c@acme.io"`,
  ],
  ['a policy that is no mapping', withKey(', policy: 90'), `${KEY}.policy is 90: expected policy fields`],
  [
    'an age that is no number',
    withKey(', policy: { maxAgeDays: ninety }'),
    `${KEY}.policy.maxAgeDays is "ninety": expected a whole number of days from 1 to 1000`,
  ],
  [
    'a reminder after the end',
    withKey(', policy: { maxAgeDays: 10 }'),
    `${KEY}.policy.maxAgeDays is 10: expected reminders before the key is overdue`,
  ],
  [
    'a reminder on the last day',
    withKey(', policy: { maxAgeDays: 20, warnDays: [20] }'),
    `${KEY}.policy.warnDays is [20]: expected reminders`,
  ],
  [
    'a long age without a reason',
    withKey(', policy: { maxAgeDays: 91 }'),
    `${KEY}.policy.maxAgeDays is 91: expected at most 90 days, or a reason in allowLongAge`,
  ],
  [
    'a reason that says nothing',
    withKey(', policy: { allowLongAge: "-" }'),
    `${KEY}.policy.allowLongAge is "-": expected a reason in words`,
  ],
  [
    "a reason that AWS's tags refuse",
    withKey(', policy: { allowLongAge: "because, well" }'),
    `${KEY}.policy.allowLongAge is "because, well"`,
  ],
  [
    'a long grace without a reason',
    withKey(', policy: { graceHours: 337 }'),
    `${KEY}.policy.graceHours is 337: expected at most 336 hours (14 days), or a reason in allowLongGrace`,
  ],
  [
    'a schedule in prose',
    withKey(', policy: { checkEvery: hourly }'),
    `${KEY}.policy.checkEvery is "hourly": expected rate(`,
  ],
  [
    'a check less than daily',
    withKey(', policy: { checkEvery: rate(2 days) }'),
    `${KEY}.policy.checkEvery is "rate(2 days)"`,
  ],
  [
    'a check on weekdays only',
    withKey(', policy: { checkEvery: cron(0 9 ? * MON-FRI *) }'),
    `${KEY}.policy.checkEvery is "cron(0 9 ? * MON-FRI *)"`,
  ],
  [
    'a check every minute',
    withKey(', policy: { checkEvery: cron(* * * * ? *) }'),
    `${KEY}.policy.checkEvery is "cron(* * * * ? *)": expected rate(`,
  ],
  [
    'two checks within five minutes, across the hour',
    withKey(', policy: { checkEvery: "cron(0,58 * * * ? *)" }'),
    `${KEY}.policy.checkEvery is "cron(0,58 * * * ? *)"`,
  ],
  [
    'an hour that does not exist',
    withKey(', policy: { checkEvery: cron(0 25 * * ? *) }'),
    `${KEY}.policy.checkEvery is "cron(0 25 * * ? *)"`,
  ],
  [
    'working hours that end as they begin',
    withKey(', policy: { workingHours: { days: Mon-Fri, hours: 9-9, timeZone: UTC } }'),
    `${KEY}.policy.workingHours.hours is "9-9": expected hours such as 9-17 or 22-6`,
  ],
  [
    'a day of three',
    withKey(', policy: { workingHours: { days: Mon-Tue-Wed, hours: 9-17, timeZone: UTC } }'),
    `${KEY}.policy.workingHours.days is "Mon-Tue-Wed": expected days such as Mon-Fri or Sun-Thu`,
  ],
  [
    'a misspelled region',
    withEnvironment('region: eu-centrl-1'),
    'environments.prod.region is "eu-centrl-1": expected a region that the CDK knows, such as eu-central-1, or a reason in unknownRegion',
  ],
  [
    'the default workspace by a name that is no id',
    withEnvironment('workspaceId: default'),
    'environments.prod.workspaceId is "default": expected the id of a workspace such as wrkspc_…: with "default" every key would look foreign',
  ],
  [
    'a time zone that does not exist',
    withKey(', policy: { workingHours: { days: Mon-Fri, hours: 9-17, timeZone: Mars } }'),
    `${KEY}.policy.workingHours.timeZone is "Mars"`,
  ],
  [
    'automatic deactivation without Admin access',
    withKey(', policy: { deactivate: automatic }'),
    `${KEY}.policy.deactivate is "automatic": expected prompt, or adminAccess for prod`,
  ],
  [
    'two ways of Admin access',
    withEnvironment('adminAccess: {}'),
    'environments.prod.adminAccess is {}: expected either federation or adminKeySecretArn',
  ],
  [
    'two ways to read an environment',
    withEnvironment('readAs: { profile: prod, role: "arn:aws:iam::123456789012:role/readers" }'),
    'environments.prod.readAs is {"profile":"prod","role":"arn:aws:iam::123456789012:role/readers"}: expected either profile or role',
  ],
  [
    'a role of another account to read an environment',
    withEnvironment('account: "123456789012"').replace(
      '    keys:',
      '    readAs: { role: "arn:aws:iam::210987654321:role/readers" }\n    keys:',
    ),
    'environments.prod.readAs.role is "arn:aws:iam::210987654321:role/readers": expected something in account 123456789012',
  ],
  [
    'a role with a wildcard',
    withEnvironment('readAs: { role: "arn:aws:iam::123456789012:role/*" }'),
    'environments.prod.readAs.role is "arn:aws:iam::123456789012:role/*": expected the ARN of one IAM role, without wildcards',
  ],
  ...[
    'repo:acme/*:ref:refs/heads/main',
    'repo:acme/keys',
    'arn:aws:iam::123456789012:role/*',
    'arn:aws:sts::123456789012:assumed-role/a/b',
    '123456789012',
    '*',
  ].map((reader): [string, string, string] => [
    `${reader} as a reader`,
    withEnvironment(`readers: ["${reader}"]`),
    `environments.prod.readers[0] is "${reader}": expected the ARN of an IAM role or user, or of an account`,
  ]),
  [
    'a partial ARN',
    withKey(', existing: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:legacy"'),
    `${KEY}.existing is "arn:aws:secretsmanager:eu-central-1:123456789012:secret:legacy": expected the complete ARN`,
  ],
  [
    'a service that is no name',
    withKey('').replace('api:', 'My_API:'),
    'environments.prod.keys.My_API is not a usable name',
  ],
  [
    'an account that YAML reads as a number',
    withEnvironment('account: 123456789012'),
    'environments.prod.account is 123456789012: expected twelve digits in quotes',
  ],
  [
    'a proxy over plain HTTP',
    withEnvironment('proxyUrl: http://proxy'),
    'environments.prod.proxyUrl is "http://proxy": expected an https URL',
  ],
  [
    'a review on a day that does not exist',
    withEnvironment('spendLimitReviewed: 2026-02-30'),
    'environments.prod.spendLimitReviewed is "2026-02-30": expected a date',
  ],
  [
    'nobody to tell',
    withEnvironment('x: 1').replace(/ {4}alerts.*\n {4}x.*\n/, ''),
    'environments.prod.alerts is missing: expected at least one e-mail address, or a topicArn',
  ],
  [
    'nobody who hears everything',
    withKey('').replace('[a@acme.io]', '{ critical: [a@acme.io] }'),
    'environments.prod.alerts.all is missing: expected at least one e-mail address, or a topicArn',
  ],
  [
    'a critical mailbox that is none',
    withKey('').replace('[a@acme.io]', '{ all: [a@acme.io], critical: [nobody] }'),
    'environments.prod.alerts.critical[0] is "nobody": expected an e-mail address',
  ],
  [
    'a number among the alerts',
    withKey('').replace('[a@acme.io]', '[5]'),
    'environments.prod.alerts[0] is 5: expected an e-mail address',
  ],
  [
    'alerts of another form',
    withKey('').replace('[a@acme.io]', 'a@acme.io'),
    'environments.prod.alerts is "a@acme.io": expected a list of e-mail addresses, or all and critical with a list each',
  ],
  [
    'a list of alerts that is misspelt',
    withKey('').replace('[a@acme.io]', '{ all: [a@acme.io], critcal: [b@acme.io] }'),
    'environments.prod.alerts.critcal is not a known field: expected one of all, critical. Did you mean critical?',
  ],
  [
    'a topic of another region',
    withEnvironment('{ region: eu-central-1, topicArn: "arn:aws:sns:us-east-1:123456789012:t" }').replace(
      / {4}\{ (.*), (.*) \}/,
      '    $1\n    $2',
    ),
    'environments.prod.topicArn is "arn:aws:sns:us-east-1:123456789012:t": expected something in eu-central-1',
  ],
  [
    'the same service twice',
    `${withKey('')}      api: { owner: c@acme.io }\n`,
    'api is there twice: expected each name once',
  ],
  ['a file without environments', 'defaults: {}', 'environments is missing: expected environments by name'],
  ['an empty file', '', 'this file is empty: expected a file with environments'],
  ['a field that is another in the singular', withEnvironment('alert: [a@acme.io]'), 'Did you mean alerts?'],
  [
    'the alias of a KMS key',
    withEnvironment('encryption: alias/foo'),
    'environments.prod.encryption is "alias/foo": expected customer-managed, or the ARN of a KMS key',
  ],
  [
    'two ways of Admin access, of which nothing else follows',
    withEnvironment('policy: { deactivate: automatic }').replace(
      '    keys:',
      `    adminAccess:
      adminKeySecretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:admin-AbCdEf
      federation: { ruleId: fdrl_1, organizationId: org-acme, serviceAccountId: svac_1 }
    keys:`,
    ),
    'environments.prod.adminAccess is {"adminKeySecretArn"',
  ],
  [
    'a topic that is none, of which nothing else follows',
    withEnvironment('topicArn: notices').replace(/ {4}alerts.*\n/, ''),
    'environments.prod.topicArn is "notices": expected the ARN of an SNS topic',
  ],
  [
    'a password for the proxy, which is not repeated',
    withEnvironment(`proxyUrl: "https://${NAMED}@proxy.acme.io"`),
    'environments.prod.proxyUrl is "https://…@proxy.acme.io": expected a URL without user and password',
  ],
  [
    'a password for the gateway',
    withEnvironment(`anthropicBaseUrl: "https://${NAMED}@gateway.acme.io"`),
    'environments.prod.anthropicBaseUrl is "https://…@gateway.acme.io": expected a URL without user and password',
  ],
  ['text that is not YAML', 'environments: [', 'this file is not YAML'],
];

test.each(SPECIFIED)('%s is refused, in the words of whoever wrote it', (_, yaml, fault) => {
  const found = faults(yaml);
  expect(found).toEqual([expect.stringContaining(fault)]);
  expect(found[0]).toMatch(/^keys\.yaml:\d+: /);
});

test('a review in the future is refused', () => {
  const now = new Date('2026-11-21T23:00:00Z');
  const errors = (on: string) =>
    loadFleet(withEnvironment(`spendLimitReviewed: ${on}`), 'keys.yaml', now).errors.map(renderFault);
  expect(errors('2026-11-22')).toEqual([]);
  expect(errors('2036-10-01')).toEqual([
    expect.stringContaining(
      'spendLimitReviewed is "2036-10-01": expected the day of a past review, today (2026-11-21)',
    ),
  ]);
});

test('a fault is named with its line', () => {
  expect(faults(withKey('').replace('b@acme.io', 'bee'))[0]).toMatch(/^keys\.yaml:7: /);
});

test('two environments may share a workspace only with a reason', () => {
  const two = (fields: string) => `
environments:
  dev: { alerts: [a@acme.io], workspaceId: wrkspc_1, keys: { api: { owner: b@acme.io } } }
  prod: { alerts: [a@acme.io], workspaceId: wrkspc_1, ${fields} keys: { api: { owner: b@acme.io } } }
`;
  expect(faults(two(''))).toEqual([
    'keys.yaml:4: environments.prod.workspaceId is "wrkspc_1": expected another workspace than that of dev, or a reason in sharedWorkspace',
  ]);
  expect(faults(two('sharedWorkspace: One team runs both,'))).toEqual([]);
});

test.each([
  ['stack: b-1', 'stacks: 2,', ''],
  ['stack: b-c', '', ', stack: c'],
])('two environments cannot have a further stack of one name: %s and %s%s', (own, stacks, other) => {
  const yaml = `environments:
  prod: { alerts: [a@acme.io], keys: { api: { owner: b@acme.io, ${own} } } }
  prod-b: { alerts: [a@acme.io], ${stacks} keys: { api: { owner: b@acme.io${other} } } }
`;
  expect(faults(yaml).join()).toMatch(
    /keys\.api\.stack .*another name: prod-b-[1c] is a further stack of prod/,
  );
  expect(faults(yaml)).toHaveLength(1);
  expect(faults(yaml.replace('prod-b:', 'dev:'))).toEqual([]);
});

test('a further stack cannot have the name of an environment', () => {
  const two = `
environments:
  prod: { alerts: [a@acme.io], keys: { api: { owner: b@acme.io, stack: batch } } }
  prod-batch: { alerts: [a@acme.io], keys: { api: { owner: b@acme.io } } }
`;
  expect(faults(two)).toEqual([
    'keys.yaml:3: environments.prod.keys.api.stack is "batch": expected another name: prod-batch is an environment',
  ]);
});

test('one secret cannot be adopted as two keys', () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:legacy-AbCdEf';
  const yaml = `${withKey(`, existing: "${arn}"`)}      bot: { owner: b@acme.io, existing: "${arn}" }\n`;
  expect(faults(yaml)).toEqual([expect.stringContaining('expected a secret of its own: this is prod/api')]);
});

test('more adopted secrets than a policy can name are refused', () => {
  const keys = Array.from(
    { length: 21 },
    (_, n) =>
      `      k${n}: { owner: b@acme.io, existing: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:old-${n}-AbCdEf" }`,
  );
  const yaml = `environments:\n  prod:\n    alerts: [a@acme.io]\n    keys:\n${keys.join('\n')}\n`;
  expect(faults(yaml)).toEqual([
    expect.stringMatching(/^keys\.yaml:25: .*k20\.existing .*at most 20 adopted secrets/),
  ]);
});

test('the resource policy of an adopted secret is left alone', () => {
  const fields =
    ', existing: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:old-AbCdEf", principals: ["arn:aws:iam::123456789012:role/app"]';
  expect(faults(withKey(fields))).toEqual([
    expect.stringContaining('expected no principals on an adopted secret'),
  ]);
});

test('a contradiction in the defaults is named once, where it was written', () => {
  const yaml = `defaults: { maxAgeDays: 7 }\n${withKey('')}      bot: { owner: b@acme.io }\n`;
  expect(faults(yaml)).toEqual([expect.stringMatching(/^keys\.yaml:1: defaults\.maxAgeDays is 7: /)]);
});

test('all faults are named at once, contradictions as well as misspellings', () => {
  const yaml = `
defaults: { colour: red }
environments:
  prod:
    alerts: [nobody]
    policy: { graceHours: 900, checkEvery: sometimes }
    keys:
      a: { ownr: a@acme.io }
      b: { owner: a@acme.io, policy: { maxAgeDays: 200 } }
      B_: { owner: a@acme.io }
      c: { owner: a@acme.io, policy: { deactivate: automatic } }
      c: { owner: a@acme.io, policy: { deactivate: automatic } }
`;
  const lines = faults(yaml).map((fault) => Number(/:(\d+):/.exec(fault)?.[1]));
  expect(lines).toEqual([2, 5, 6, 6, 8, 8, 9, 10, 11, 12]);
});

test('a pasted key is refused anywhere in the file, and not printed', () => {
  const key = `sk-ant-api03-${'x'.repeat(93)}AA`;
  for (const yaml of [`${withKey('')}# ${key}\n`, withKey(`, policy: { probeModel: ${key} }`), `${key}: [`]) {
    const found = faults(yaml).join('\n');
    expect(found).toContain('revoke that key in the Anthropic Console');
    expect(found).not.toContain('xxxx');
  }
});

test('example addresses and a single mailbox in production are warned about', () => {
  const yaml = withKey('').replaceAll('@acme.io', '@example.com').replace('b@', 'a@');
  expect(loadFleet(yaml, 'keys.yaml').warnings).toEqual([
    expect.stringContaining('prod: nobody reads a@example.com'),
    expect.stringContaining('prod: only a@example.com hears of anything'),
  ]);
});

test('one mailbox in two spellings is warned about', () => {
  const yaml = withKey('').replace('b@acme.io', 'A@Acme.io');
  expect(loadFleet(yaml, 'keys.yaml').warnings).toContainEqual(
    expect.stringContaining('prod: a@acme.io and A@Acme.io are probably one mailbox'),
  );
  expect(loadFleet(withKey(''), 'keys.yaml').warnings.join()).not.toContain('one mailbox,');
});

test('links that mails lack are warned about', () => {
  const warnings = (fields: string) =>
    loadFleet(
      withEnvironment(`${fields}\n    topicArn: arn:aws:sns:eu-central-1:111122223333:own`),
      'keys.yaml',
    ).warnings;
  expect(warnings('evidencePolicy: here')).toEqual([
    'prod: projectUrl and runbookUrl are not set, so mails name your repository and docs/runbook.md without a link',
  ]);
  expect(warnings('projectUrl: https://git.acme.io/keys')).toEqual([
    'prod: runbookUrl is not set, so mails name docs/runbook.md without a link',
  ]);
  expect(warnings(LINKS)).toEqual([]);
});

test.each([
  'http://wiki.acme.io',
  `https://${NAMED}@wiki.acme.io`,
  'wiki.acme.io',
  'https://wiki.acme.io/ü b',
])('a link for mails that is no plain https URL is refused: %s', (url) => {
  for (const field of ['projectUrl', 'runbookUrl'])
    expect(faults(withEnvironment(`${field}: "${url}"`)).join('\n')).toContain(`environments.prod.${field}`);
});

test('a command line that would be downloaded, or that a shell would interpret, is refused by its line', () => {
  expect(faults(withEnvironment('cliCommand: pnpm exec anthropic-keys'))).toEqual([]);
  expect(faults(withEnvironment('cliCommand: npm run keys --'))).toEqual([]);
  for (const command of ['npm exec our-keys', 'keys; id', 'keys $(id)', ''])
    expect(faults(withEnvironment(`cliCommand: "${command}"`))).toEqual([
      expect.stringMatching(
        /^keys\.yaml:\d+: environments\.prod\.cliCommand is ".*": expected a command that/,
      ),
    ]);
  expect(faults(withEnvironment('cliCommand: 7'))).toEqual([
    expect.stringContaining('cliCommand is 7: expected a command that runs what is installed'),
  ]);
});

test.each(['keys.yaml', 'examples/demo/keys.yaml'])('the shipped %s is fine', (file) => {
  const text = readFileSync(join(__dirname, '../..', file), 'utf8');
  expect(loadFleet(text, file).errors.map(renderFault)).toEqual([]);
});

test.each(['*', 'app-*', 'app-?', 'app-$(x)'])('an adopted secret %s is refused, by its line', (name) => {
  const yaml = withKey(
    `, existing: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf"`,
  );
  expect(faults(yaml)).toEqual([
    expect.stringMatching(/^keys\.yaml:\d+: .*existing.*complete ARN of a secret/),
  ]);
});

test.each(['*', 'app-*', 'app-?'])('a reader %s with a wildcard is refused, by its line', (name) => {
  const yaml = withKey(`, principals: ["arn:aws:iam::123456789012:role/${name}"]`);
  expect(faults(yaml)).toEqual([
    expect.stringMatching(/^keys\.yaml:\d+: .*principals\[0\].*one IAM role or user, without wildcards/),
  ]);
});

test('a secret that is created for another key cannot be adopted', () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:anthropic/prod/api-AbCdEf';
  const yaml = `${withKey('')}      bot: { owner: b@acme.io, existing: "${arn}" }\n`;
  expect(faults(yaml)).toEqual([
    expect.stringContaining('expected a secret of its own: this is the one that is created for prod/api'),
  ]);
});

test.each([
  ['legacy/claude-backup', 1],
  ['legacy/claude-202611', 1],
  ['legacy/claude-AbCdEf', 0],
])(
  'an ARN that ends in %s, perhaps by the name of its secret, is warned about, by its line',
  (name, warned) => {
    const yaml = withKey(`, existing: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}"`);
    const { errors, warnings } = loadFleet(yaml, 'keys.yaml');
    expect(errors).toEqual([]);
    expect(
      warnings.filter((warning) => /^keys\.yaml:\d+: .*six random characters/.test(warning)),
    ).toHaveLength(warned);
  },
);

test.each([
  ['Mon-Fri', '9-17', [1, 5], [9, 17]],
  ['Sun-Thu', '8-16', [7, 4], [8, 16]],
  ['Mon-Fri', '22-6', [1, 5], [22, 6]],
  ['Sat-Sat', '0-24', [6, 6], [0, 24]],
])('working hours may be %s, %s', (days, hours, dayNumbers, hourNumbers) => {
  const { fleet } = loadFleet(
    withKey(`, policy: { workingHours: { days: ${days}, hours: ${hours}, timeZone: Asia/Jerusalem } }`),
    'keys.yaml',
  );
  expect(fleet?.environments[0]?.keys[0]?.policy.workingHours).toEqual({
    days: dayNumbers,
    hours: hourNumbers,
    timeZone: 'Asia/Jerusalem',
  });
});

test.each(['eu-central-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'])(
  'the region %s is taken',
  (region) => {
    expect(faults(withEnvironment(`region: ${region}`))).toEqual([]);
  },
);

test('a region that the CDK does not know yet is taken with a reason', () => {
  const yaml = withEnvironment('region: eu-west-9').replace(
    'alerts',
    'unknownRegion: Opened after the release of this CDK\n    alerts',
  );
  expect(faults(yaml)).toEqual([]);
});

test.each([
  ['https://api.anthropic.com', 0],
  ['https://api.anthropic.com.evil.example', 1],
  ['https://gateway.acme.io/anthropic', 1],
  ['http://localhost:8080', 1],
])('a base URL %s is warned about %d times, by its line', (url, warned) => {
  const { errors, warnings } = loadFleet(withEnvironment(`anthropicBaseUrl: ${url}`), 'keys.yaml');
  expect(errors).toEqual([]);
  const expected = `keys.yaml:4: environments.prod.anthropicBaseUrl is "${url}": expected https://api.anthropic.com, unless`;
  expect(warnings.filter((warning) => warning.startsWith(expected))).toHaveLength(warned);
});
