import { linesFor, requireReal } from '../../local/prove/documents';
import type { ProofDocument } from '../../local/prove/proof';

const PAGES = {
  'anthropic.md': `## Not established

| Id | Question | Why the code is safe either way | Settled by |
| --- | --- | --- | --- |
| \`disabled-key-status\` | Does it answer 401 \\| 404? | a plain 404 is UNKNOWN | \`prove:anthropic\` |
| \`feed-absent\` | How does the feed answer? | told with its status | \`prove:anthropic\` with an Admin key |
| \`feed-of-parent\` | Whose? | none of ours | the feed |
`,
  'proven.md': `## Not yet proven on a real account

- [ ] \`first-deployment\` *(proof)* A first deployment succeeds,
      on a placeholder.
- [ ] \`sign-in\` That people sign in.
`,
};

const proof = (overrides: Partial<ProofDocument> = {}): ProofDocument => ({
  schema: 'anthropic-key-rotation/proof/1',
  proof: 'prove:anthropic',
  hosts: ['api.anthropic.com'],
  date: '2026-12-01T09:00:00.000Z',
  release: '0.2.0',
  sdk: '@anthropic-ai/sdk 1.14.0',
  interrupted: false,
  questions: {
    'disabled-key-status': { settled: 'yes', answer: '401 a|b', evidence: {} },
    'feed-absent': { settled: 'no', why: 'this organization has the feed' },
  },
  ...overrides,
});

test('a settled row gets its answer in the last cell; what is open is listed with why', () => {
  expect(linesFor(proof(), PAGES)).toBe(`docs/anthropic.md:

| \`disabled-key-status\` | Does it answer 401 \\| 404? | a plain 404 is UNKNOWN | 2026-12-01, \`prove:anthropic\` of release 0.2.0: 401 a\\|b |

Still open:

- \`feed-absent\`: this organization has the feed
`);
});

test('a settled item of a list is ticked and gets a line', () => {
  const questions = {
    'first-deployment': { settled: 'yes', answer: 'rotation enabled, every 90 days', evidence: {} },
    'from-tomorrow': { settled: 'yes', answer: 'yes', evidence: {} },
  } as const;
  const hosts = ['secretsmanager.eu-central-1.amazonaws.com'];
  expect(linesFor(proof({ proof: 'prove:aws', hosts, questions }), PAGES)).toBe(`docs/proven.md:

- [x] \`first-deployment\` *(proof)* A first deployment succeeds,
      on a placeholder.
      **2026-12-01, \`prove:aws\` of release 0.2.0: rotation enabled, every 90 days.**

Not asked by this release: from-tomorrow
`);
});

describe('only Anthropic and AWS themselves settle something', () => {
  test.each([
    ['prove:anthropic', ['api.anthropic.com']],
    ['prove:aws', ['secretsmanager.eu-central-1.amazonaws.com', 'sns.us-gov-west-1.amazonaws.com']],
    ['prove:aws', ['secretsmanager.cn-north-1.amazonaws.com.cn']],
    ['prove:aws', ['secretsmanager.eusc-de-east-1.amazonaws.eu']],
    ['prove:aws', ['lambda.eu-west-1.api.aws']],
  ] as const)('%s by %j is taken', (name, hosts) => {
    expect(() => requireReal(proof({ proof: name, hosts: [...hosts] }))).not.toThrow();
  });

  test.each([
    ['prove:anthropic', ['127.0.0.1:8080']],
    ['prove:anthropic', ['anthropic.invalid']],
    ['prove:anthropic', ['api.anthropic.com', 'localhost:1234']],
    ['prove:anthropic', ['api.anthropic.com:8443']],
    ['prove:anthropic', ['api.anthropic.com.example.com']],
    ['prove:anthropic', ['secretsmanager.eu-central-1.amazonaws.com']],
    ['prove:anthropic', []],
    ['prove:aws', ['localhost:5000']],
    ['prove:aws', ['secretsmanager.eu-central-1.amazonaws.com', 'localhost']],
    ['prove:aws', ['amazonaws.com.example.com']],
    ['prove:aws', ['api.anthropic.com']],
  ] as const)('%s by %j is refused', (name, hosts) => {
    expect(() => linesFor(proof({ proof: name, hosts: [...hosts] }), PAGES)).toThrow(
      /^The answers came from .+: this settles nothing in the documents\.$/,
    );
  });
});
