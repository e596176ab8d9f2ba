import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';
import { proveAnthropic } from '../../local/prove/anthropic';
import { Proof, proofDocument, renderProof } from '../../local/prove/proof';
import { questionsOf } from '../../local/prove/questions';

let clock: VirtualClock;
let fake: FakeAnthropic;
let key: string;
let adminKey: string;
let stop: AbortController;

beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
  fake = await startFakeAnthropic({ clock });
  adminKey = fake.createAdminKey();
  key = fake.createKey({ name: 'Kim throws this away' }).value;
  stop = new AbortController();
});
afterEach(() => fake.stop());

interface Person {
  /** What the hidden prompts get: the throw-away key, and the Admin API key. */
  readonly types?: readonly string[];
  readonly atTheConsole?: () => void;
  /** Whether they wait for the usage report. @default true */
  readonly waits?: boolean;
}

async function run({ types = [key, adminKey], atTheConsole, waits = true }: Person = {}) {
  const said: string[] = [];
  const prompts = [...types];
  const prover = {
    hidden: async () => prompts.shift() ?? '',
    line: async (question: string) => {
      if (!question.includes('disable this key')) return waits ? '' : 'n';
      (atTheConsole ?? (() => fake.disable(key)))();
      return '';
    },
    say: (line: string) => void said.push(line),
  };
  const options = {
    proof: 'prove:anthropic',
    date: clock.now(),
    release: '0.1.0',
    sdk: 'sdk 1',
    stop: stop.signal,
  } as const;
  const proof = new Proof(options);
  const isDead = await proveAnthropic({ prover, baseURL: fake.url, clock, proof });
  const document = proof.document();
  return {
    isDead,
    document,
    questions: document.questions,
    text: [...said, renderProof(document)].join('\n'),
  };
}

const ORGANIZATION = questionsOf('prove:anthropic').filter(
  (id) => !id.startsWith('disable') && id !== 'new-key-refused',
);

describe('one sitting with both keys', () => {
  test('settles every question that this organization can answer', async () => {
    fake.setPropagation({ change: 42_000, arrival: 5_000 });
    fake.setActivityFeed({ lag: 20_000 });
    const leaked = fake.createKey().value;
    fake.disabledByAnthropic(leaked);
    const workspace = fake.createWorkspace('Old experiments');
    fake.createKey({ workspace });
    fake.archiveWorkspace(workspace);
    clock.advance(60_000);
    fake.setPropagation({ arrival: 65_000 });
    const { isDead, questions } = await run();
    expect(isDead).toBe(true);
    const answers = Object.entries(questions).map(([id, outcome]) => [
      id,
      outcome.settled === 'yes' ? outcome.answer : `${outcome.settled}: ${outcome.why}`,
    ]);
    expect(Object.fromEntries(answers)).toEqual({
      'disabled-key-status': '401 authentication_error',
      'disable-delay': '45 s, asked every 5 s',
      'disabled-key-workspace-header': 'the workspace header is in 0 of 4 refusals',
      'new-key-refused': 'yes: 401 authentication_error, and accepted 6 s later',
      'disabled-key-request-id': "a request id of Anthropic's is in 4 of 4 refusals",
      'disabled-key-other-headers': 'organization in 0, rate limits in 0, x-should-retry in 0 of 4 refusals',
      'count-tokens-as-usage': 'no: only the message is there',
      'usage-reports': 'analytics/usage 200, usage_report/messages 200',
      'usage-delay': expect.stringMatching(/^usage_report\/messages: at most 3\d\d s$/),
      'key-record':
        'created_by user, principal null, scope workspace, expires_at null, partial_key_hint a text',
      'feed-absent': 'no: this organization has the feed',
      'feed-page-size': 'yes: limit=1000 200, limit=5000 200',
      'feed-own-change': 'created: user_actor, disabled: user_actor',
      'feed-delay': 'at most 45 s',
      'feed-leaked-key': 'anthropic_actor ×1',
      'key-of-archived-workspace': 'no: keys of an archived workspace are active',
      'federation-by-admin-key': '403 permission_error',
      'federation-page-size': 'no: an Admin key does not list them: 403 permission_error',
    });
  });

  test('the file names who answered, and is one that the schema takes', async () => {
    const { document } = await run();
    expect(document.hosts).toEqual([new URL(fake.url).host]);
    expect(proofDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  test('nothing changes at Anthropic: what is no message or probe is a GET', async () => {
    await run();
    const others = fake.requests.filter(({ path }) => !path.startsWith('/v1/messages'));
    expect(new Set(others.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(others.length).toBeGreaterThan(9);
  });

  test('neither the file nor the screen holds a key, and the file no mail, name, id or address', async () => {
    const personal = fake.createKey({ personal: true, expiresAt: new Date('2027-01-01T00:00:00Z') }).value;
    fake.setManner({ namesOrganization: true });
    const { document, text } = await run({
      types: [personal, adminKey],
      atTheConsole: () => fake.disable(personal),
    });
    expect(document.questions['key-record']).toMatchObject({ answer: expect.stringContaining('user_actor') });
    for (const value of [...fake.everyKey()]) expect(text.includes(value.slice(20, 40))).toBe(false);
    const file = JSON.stringify(document);
    const secrets = [
      ...fake.everyKey().map((value) => value.slice(14, 24)),
      ...['alex', 'sam@', 'Rivera', 'Okafor', 'example', 'Kim', 'Default', 'user_01', '203.0.113'],
      ...[fake.organization.id, fake.organization.name, 'Mozilla', 'wrkspc_', 'apikey_', 'activity_'],
    ];
    expect(secrets.filter((secret) => file.includes(secret))).toEqual([]);
  });

  test('a key that was accepted at once seconds after it was made was not refused first', async () => {
    clock.advance(8_000);
    fake.setManner({ delay: 300 });
    const { questions } = await run();
    expect(questions['new-key-refused']).toMatchObject({
      settled: 'yes',
      answer: 'no: accepted 8 s after it was created',
    });
  });

  test('an older key does not tell how a new one is answered', async () => {
    clock.advance(90_000);
    const { questions } = await run();
    expect(questions['new-key-refused']).toMatchObject({ settled: 'no' });
  });

  test('whoever does not wait for the report leaves its questions, and no other', async () => {
    const { questions } = await run({ waits: false });
    expect(questions['usage-delay']).toEqual({ settled: 'skipped', why: 'nobody waited for the report' });
    expect(questions['feed-own-change']).toMatchObject({ settled: 'yes' });
  });

  test.each([
    [0, 'yes: minutes in which tokens were only counted have usage'],
    [1, 'no: only the message is there'],
  ])(
    'a minute with %p tokens of an answer in the report tells whether counting is use',
    async (tokens, answer) => {
      const bucket = (output_tokens: number) => ({ results: [{ uncached_input_tokens: 8, output_tokens }] });
      const body = JSON.stringify({ data: [bucket(tokens), { results: [] }, bucket(1)], has_more: false });
      fake.script({ body }, { path: '/v1/organizations/usage_report/messages' });
      const { questions } = await run();
      expect(questions['count-tokens-as-usage']).toMatchObject({ settled: 'yes', answer });
    },
  );
});

describe('what is not as it should be leaves its own questions open, and no other', () => {
  test('without an Admin API key, what a key shows is settled, and the rest says what it takes', async () => {
    const { questions } = await run({ types: [key] });
    expect(questions['disabled-key-status']).toMatchObject({ settled: 'yes' });
    expect(questions['feed-absent']).toEqual({ settled: 'skipped', why: 'it takes an Admin API key' });
    expect(questions['feed-delay']).toEqual({ settled: 'skipped', why: 'it takes both keys' });
    expect(ORGANIZATION.filter((id) => questions[id]!.settled === 'yes')).toEqual([]);
    expect(fake.requests.filter(({ path }) => !path.startsWith('/v1/messages'))).toEqual([]);
  });

  test('an Admin API key that Anthropic refuses settles nothing of the organization', async () => {
    const { isDead, questions } = await run({ types: [key, `sk-ant-admin01-${'x'.repeat(95)}`] });
    expect(isDead).toBe(true);
    expect(questions['key-record']).toEqual({
      settled: 'no',
      why: 'the keys were not listed: 401 authentication_error',
    });
    expect(questions['feed-absent']).toMatchObject({ settled: 'no' });
    expect(questions['disable-delay']).toMatchObject({ settled: 'yes' });
  });

  test('a key whose record shows no hint is not taken for another', async () => {
    const { value } = fake.createKey({ withoutHint: true });
    const { questions } = await run({ types: [value, adminKey], atTheConsole: () => fake.disable(value) });
    const why = 'no single record of the throw-away key was found';
    expect(questions['feed-own-change']).toEqual({ settled: 'no', why });
    expect(questions['usage-reports']).toEqual({ settled: 'no', why });
    expect(questions['feed-page-size']).toMatchObject({ settled: 'yes' });
  });

  test('a paste that is no Admin API key is asked for again', async () => {
    const { text, questions } = await run({ types: [key, 'sk-ant-api03-no', adminKey] });
    expect(text).toContain('This is no Admin API key');
    expect(questions['key-record']).toMatchObject({ settled: 'yes' });
  });

  test.each([
    ['it is not enabled', { offered: false }, 'yes', '400 invalid_request_error'],
    ['the key is older than the feed', { since: new Date('2027-01-01') }, 'no', undefined],
  ])('the feed: %s', async (_, feed, settled, answer) => {
    fake.setActivityFeed(feed);
    const { questions } = await run();
    expect(questions['feed-absent']).toMatchObject({ settled, ...(answer && { answer }) });
    expect(questions['feed-own-change']).toMatchObject({ settled: 'no' });
    expect(questions['feed-leaked-key']).toMatchObject({ settled: 'no' });
    expect(questions['usage-reports']).toMatchObject({ settled: 'yes' });
  });

  test.each(['firewall 403', 'bad gateway', 'captive page', 'connection reset'] as const)(
    'an answer that is not of Anthropic settles nothing: %s',
    async (answer) => {
      for (const path of ['/v1/compliance/activities', '/v1/organizations/usage_report/messages'])
        fake.script(answer, { path });
      fake.script(answer, { path: '/v1/organizations/service_accounts' });
      fake.script(answer, { path: '/v1/organizations/federation_issuers' });
      fake.script(answer, { path: '/v1/organizations/federation_rules' });
      const { questions } = await run();
      const settled = ORGANIZATION.filter((id) => questions[id]!.settled === 'yes');
      expect(settled).toEqual(['key-record']);
    },
  );

  test('a disabled key that gets another answer is told as it is', async () => {
    const { isDead, questions } = await run({ atTheConsole: () => fake.trouble('not-found', { key }) });
    expect(isDead).toBe(false);
    expect(questions['disabled-key-status']).toMatchObject({ answer: '404 not_found_error' });
    expect(questions['disabled-key-workspace-header']).toMatchObject({
      answer: expect.stringMatching(/is in (\d+) of \1 refusals$/),
    });
  });

  test('a key that nobody disabled lives on', async () => {
    const { isDead, questions, text } = await run({ atTheConsole: () => undefined });
    expect(isDead).toBe(false);
    expect(questions['disable-delay']).toMatchObject({ settled: 'no' });
    expect(text).toContain('The key still answers as before.');
  });

  test('a key that does not work to begin with shows nothing of a key, and the organization is read nevertheless', async () => {
    fake.disable(key);
    const { questions, text } = await run();
    expect(text).toContain('must be ALIVE to begin with');
    expect(questions['disabled-key-status']).toMatchObject({ settled: 'skipped' });
    expect(questions['federation-by-admin-key']).toMatchObject({ settled: 'yes' });
  });

  test('a paste that is no key is named, and nothing is asked', async () => {
    const { text, document } = await run({ types: [`"${key}"`] });
    expect(text).toContain('quotes or punctuation');
    expect(fake.requests).toEqual([]);
    expect(document.hosts).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  test('keeps what was settled until then', async () => {
    const { document, questions } = await run({
      atTheConsole: () => {
        stop.abort();
      },
    });
    expect(document.interrupted).toBe(true);
    expect(questions['federation-by-admin-key']).toMatchObject({ settled: 'yes' });
    expect(questions['disable-delay']).toEqual({
      settled: 'skipped',
      why: 'the sitting was interrupted before',
    });
  });

  test('during an outage leaves nothing as if Anthropic had not answered', async () => {
    fake.script('overloaded', { path: '/v1/compliance/activities' });
    const slow = clock.sleep.bind(clock);
    clock.sleep = async (milliseconds) => {
      // The reader tries again after two seconds.
      if (milliseconds === 2_000) stop.abort();
      await slow(milliseconds);
    };
    const { document, questions } = await run();
    expect(document.interrupted).toBe(true);
    expect(questions['key-record']).toMatchObject({ settled: 'yes' });
    expect(questions['feed-absent']).toEqual({
      settled: 'skipped',
      why: 'the sitting was interrupted before',
    });
  });

  test.each(['ExitPromptError', 'AbortError'])('in a prompt is the same: %s', async (name) => {
    const { document } = await run({
      atTheConsole: () => {
        throw Object.assign(new Error('Ctrl-C'), { name });
      },
    });
    expect(document.interrupted).toBe(true);
    expect(document.questions['usage-reports']).toMatchObject({ settled: 'yes' });
  });
});

test('what may stand in no file gets into none, whatever a step makes of an answer', () => {
  const proof = new Proof({
    proof: 'prove:anthropic',
    date: clock.now(),
    release: '0.1.0',
    sdk: 'sdk 1',
    stop: stop.signal,
  });
  proof.settle('disabled-key-status', `refused to ${key}`);
  proof.settle('feed-own-change', 'created by', { by: 'alex@example.com' });
  proof.settle('feed-delay', 'from 203.0.113.20');
  proof.settle('key-record', 'apikey_01Rj2N8SVvo6BePZj99NhmiT');
  proof.settle('usage-reports', 'analytics/usage 200', { fields: ['partial_key_hint', 'user_actor'] });
  const { questions } = proof.document();
  const settled = Object.entries(questions).filter(([, outcome]) => outcome.settled === 'yes');
  expect(settled.map(([id]) => id)).toEqual(['usage-reports']);
});

test('a proof settles only its own questions', () => {
  const proof = new Proof({
    proof: 'prove:aws',
    date: clock.now(),
    release: '0.1.0',
    sdk: 'sdk 1',
    stop: stop.signal,
  });
  expect(() => proof.settle('feed-delay', '1 s')).toThrow('not for prove:aws');
});
