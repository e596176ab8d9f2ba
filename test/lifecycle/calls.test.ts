import { type CallCount, countCalls, inShort } from './count-calls';

const LOOK = { DescribeSecret: 1, ListSecretVersionIds: 1, GetSecretValue: 1 };
const LOOK_AT_TWO = { ...LOOK, GetSecretValue: 2 };
const NOTICE = { PutEvents: 1, ListSubscriptionsByTopic: 1, Publish: 1, TagResource: 2 };
/** 152 secrets are two pages. */
const LISTING = { ListSecrets: 2 };

/** Flows, and what they cost: calls of AWS by operation, and requests to Anthropic. Fewer are welcome, and more need a reason. */
const EXPECTED: readonly [flow: string, inShort: string, aws: CallCount['aws']][] = [
  ['steady check', '3 + 1', LOOK],
  ['first check of a day', '4 + 1', { ...LOOK, TagResource: 1 }],
  [
    'rotation',
    '33 + 2',
    {
      DescribeSecret: 5,
      ListSecretVersionIds: 4,
      GetSecretValue: 11,
      ...LISTING,
      PutSecretValue: 1,
      UpdateSecretVersionStage: 4,
      ...NOTICE,
      TagResource: 3,
    },
  ],
  ['check in grace', '4 + 2', LOOK_AT_TWO],
  [
    'check at the end of grace, the old key works',
    '12 + 2',
    { ...LOOK_AT_TWO, ListRules: 1, ...LISTING, ...NOTICE },
  ],
  ['check with a forgotten old key', '5 + 2', { ...LOOK_AT_TWO, ListRules: 1 }],
  [
    'a day of hourly checks with a forgotten old key',
    '128 + 48',
    {
      DescribeSecret: 24,
      ListSecretVersionIds: 24,
      GetSecretValue: 48,
      ListRules: 24,
      ...LISTING,
      ...NOTICE,
      TagResource: 3,
    },
  ],
  ['daily report', '3 + 0', { ...LISTING, ListSubscriptionsByTopic: 1 }],
  [
    'check that proves the old key dead',
    '10 + 4',
    { ...LOOK_AT_TWO, ...NOTICE, UpdateSecretVersionStage: 1 },
  ],
  [
    'rotation without a submission',
    '7 + 0',
    { DescribeSecret: 2, ListSecretVersionIds: 1, GetSecretValue: 3, UpdateSecretVersionStage: 1 },
  ],
  ['steady check beside the version that it left empty', '4 + 1', LOOK_AT_TWO],
];

let counts: readonly CallCount[];
beforeAll(async () => {
  counts = await countCalls();
  const rows = counts.map((count) => `${inShort(count).padStart(8)}  ${count.flow}`);
  console.info(['Calls of AWS + of Anthropic:', ...rows].join('\n'));
});

test.each(EXPECTED)('%s: %s calls', (flow, short, aws) => {
  const count = counts.find((one) => one.flow === flow)!;
  expect(count.aws).toEqual(aws);
  expect(inShort(count)).toBe(short);
});

test('every flow is in the table', () => {
  expect(EXPECTED.map(([flow]) => flow)).toEqual(counts.map(({ flow }) => flow));
});
