import { createGithubIssues } from '../../lib/adapters/github-issues';
import { ISSUE_LABEL } from '../../lib/domain/tickets/issue';
import { planTickets } from '../../lib/domain/tickets/plan';
import { HOUR, MINUTE, plus } from '../../lib/domain/time';
import { keepTickets } from '../../lib/workflows/keep-tickets';
import type { IssueTracker } from '../../lib/workflows/operator-ports';
import { VirtualClock } from '../../local/clock';
import { FakeGithub } from '../../local/github/fake-github';
import { serveGithub } from '../../local/github/server';
import { NOW } from '../builders';
import { aKeyThatIs, listingOf } from '../tickets/listings';

let github: FakeGithub;
let server: Awaited<ReturnType<typeof serveGithub>>;
let clock: VirtualClock;
let tracker: IssueTracker;

const open = (token = github.token) =>
  createGithubIssues({ apiUrl: server.url, repository: 'acme/keys', token, clock });

beforeEach(async () => {
  github = new FakeGithub('acme/keys');
  server = await serveGithub(github);
  clock = new VirtualClock(NOW);
  tracker = open();
});
afterEach(() => server.stop());

const waited = () => clock.now().getTime() - NOW.getTime();

const apply = async (keys: Parameters<typeof listingOf>[0], now = NOW) => {
  const tracker = open();
  return keepTickets(planTickets(listingOf(keys, now), await tracker.list(), now), tracker);
};

const one = { title: 'prod/api: DEAD', text: 'It is dead.' };

test('an issue is opened with the label, which is made once', async () => {
  expect(await tracker.open(one)).toBe(1);
  await tracker.open(one);
  expect(github.issues).toEqual([
    expect.objectContaining({ title: one.title, body: one.text, labels: [ISSUE_LABEL] }),
    expect.anything(),
  ]);
  expect(github.writes).toEqual([
    'POST /repos/acme/keys/labels',
    'POST /repos/acme/keys/issues',
    'POST /repos/acme/keys/issues',
  ]);
});

test('a label that another run makes meanwhile is no failure', async () => {
  github.fail(/GET .*labels/, { status: 404, body: { message: 'Not Found' } });
  github.labels.add(ISSUE_LABEL);
  expect(await tracker.open(one)).toBe(1);
});

test('where labels are dropped silently no further issue is made, because none would be found again', async () => {
  github.maySetLabels = false;
  const { failed, untried } = await apply(['a', 'b', 'c'].map((service) => aKeyThatIs('dead', { service })));
  expect(failed).toEqual([expect.stringContaining('without the label anthropic-key')]);
  expect([github.issues.length, untried]).toEqual([1, 2]);
});

test('all pages are read, with closed issues, and without pull requests and what has no label', async () => {
  for (let n = 0; n < 250; n += 1)
    github.addIssue({
      labels: n % 5 === 4 ? ['bug'] : [ISSUE_LABEL],
      pullRequest: n % 10 === 0,
      state: n % 2 ? 'open' : 'closed',
    });
  const listed = await tracker.list();
  expect(listed.map(({ number }) => number)).toEqual(
    github.issues.flatMap(({ number, labels, pullRequest }) =>
      labels.includes(ISSUE_LABEL) && !pullRequest ? [number] : [],
    ),
  );
  expect(listed.some(({ open }) => open) && listed.some(({ open }) => !open)).toBe(true);
  expect(github.requests).toHaveLength(2);
});

test.each<[string, Parameters<FakeGithub['fail']>[1], RegExp]>([
  ['a page that is no list', { status: 200, body: {} }, /something else than a list/],
  ['a page that breaks off', { status: 200, body: '[{"number": 1,' }, /something else than a list/],
  [
    'a refused token',
    { status: 401, body: { message: 'Bad credentials' } },
    /does not accept the token.*Bad credentials/,
  ],
  [
    'a token without the right',
    { status: 403, body: { message: 'Resource not accessible by integration' } },
    /needs the right to write issues/,
  ],
  [
    'no such repository',
    { status: 404, body: { message: 'Not Found' } },
    /does not have acme\/keys, or the token does not reach it/,
  ],
  [
    'issues that are switched off',
    { status: 410, body: { message: 'Issues has been disabled' } },
    /switched off/,
  ],
  [
    'a repository of another name',
    { status: 301, headers: { location: 'https://evil.example' }, body: {} },
    /has moved acme\/keys/,
  ],
  [
    'a next page elsewhere',
    { status: 200, headers: { link: '<https://evil.example/x>; rel="next"' }, body: [] },
    /next page is at/,
  ],
])('%s is an error in words, and never an empty list', async (_, answer, words) => {
  for (let n = 0; n < 100; n += 1) github.addIssue({ labels: [ISSUE_LABEL] });
  github.fail(/GET .*issues/, answer);
  await expect(tracker.list()).rejects.toThrow(words);
});

test('a second page that cannot be read is no short list', async () => {
  for (let n = 0; n < 150; n += 1) github.addIssue({ labels: [ISSUE_LABEL] });
  const first = tracker.list();
  github.fail(/never/, 'hang-up');
  await expect(first).resolves.toHaveLength(150);
  let asked = 0;
  const counting = createGithubIssues({
    apiUrl: server.url,
    repository: 'acme/keys',
    token: github.token,
    clock,
    fetch: (url, init) => {
      asked += 1;
      return asked > 1
        ? Promise.reject(new TypeError('fetch failed'))
        : fetch(url as string, init as RequestInit);
    },
  });
  await expect(counting.list()).rejects.toThrow('GitHub did not answer');
  expect(asked).toBe(5);
});

test('more issues with the label than there can be are refused before anything is written', async () => {
  for (let n = 0; n < 10_050; n += 1) github.addIssue({ labels: [ISSUE_LABEL] });
  await expect(tracker.list()).rejects.toThrow('more than 10000 issues with the label anthropic-key');
});

describe('what is tried again', () => {
  const DOWN = { status: 502, body: 'Bad gateway' };

  test.each([
    ['a server that fails', DOWN],
    ['a connection that breaks', 'hang-up'],
  ] as const)('a reading and a change, after %s', async (_, fault) => {
    github.addIssue({ labels: [ISSUE_LABEL] });
    for (let n = 0; n < 3; n += 1) github.fail(/GET/, fault);
    expect(await tracker.list()).toHaveLength(1);
    github.fail(/PATCH/, fault);
    await tracker.change(1, { text: 'new', state: 'done' });
    expect(github.issues[0]).toMatchObject({ body: 'new', state: 'closed', state_reason: 'completed' });
  });

  test('not for ever', async () => {
    for (let n = 0; n < 9; n += 1) github.fail(/GET/, DOWN);
    await expect(tracker.list()).rejects.toThrow('GitHub failed with 502.');
    expect(github.requests).toHaveLength(4);
  });

  test('not what makes something: it may have been made, and the next run finds it', async () => {
    github.fail(/POST .*issues$/, 'hang-up', true);
    const dead = [aKeyThatIs('dead')];
    expect(await apply(dead)).toMatchObject({
      done: [],
      failed: [expect.stringContaining('did not answer')],
    });
    expect(github.issues).toHaveLength(1);
    const before = github.writes.length;
    expect(await apply(dead)).toEqual({ done: [], failed: [], untried: 0 });
    expect(github.writes).toHaveLength(before);
  });
});

describe('a limit', () => {
  test.each<[string, Record<string, string>, number, number]>([
    ['with the seconds to wait', { 'retry-after': '30' }, 429, 30_000],
    [
      'by its reset',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(plus(NOW, 5 * MINUTE).getTime() / 1000) },
      403,
      5 * MINUTE + 1000,
    ],
    ['without a word on how long', {}, 403, MINUTE],
  ])(
    '%s is waited for, also by what makes something, which was not made',
    async (_, headers, status, wait) => {
      github.labels.add(ISSUE_LABEL);
      const body = { message: 'You have exceeded a secondary rate limit.' };
      github.fail(/POST/, { status, headers, body });
      expect(await tracker.open(one)).toBe(1);
      expect([github.issues.length, waited()]).toEqual([1, wait]);
    },
  );

  test('of an hour ends the run, and says until when; what was not tried is counted', async () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(plus(NOW, HOUR).getTime() / 1000),
    };
    github.fail(/POST .*issues$/, { status: 403, headers, body: { message: 'API rate limit exceeded' } });
    const { failed, untried } = await apply(['a', 'b'].map((service) => aKeyThatIs('dead', { service })));
    expect(failed).toEqual([
      expect.stringContaining('It takes no more until 2026-11-21 15:00 UTC: run again then.'),
    ]);
    expect([untried, waited()]).toEqual([1, 1_000]);
  });

  test('writes are a second apart', async () => {
    await apply(['a', 'b', 'c'].map((service) => aKeyThatIs('dead', { service })));
    expect([github.writes.length, waited()]).toEqual([4, 3_000]);
  });
});

describe('one issue that refuses', () => {
  const keys = ['a', 'b'].map((service) => aKeyThatIs('dead', { service }));
  const fine = ['a', 'b'].map((service) => aKeyThatIs('fine', { service }));

  test.each([
    ['deleted', 'The issue is deleted'],
    ['transferred', 'GitHub has moved the issue'],
  ] as const)('because it was %s meanwhile keeps no other from being closed', async (gone, words) => {
    await apply(keys);
    const tracker = open();
    const plan = planTickets(listingOf(fine, plus(NOW, HOUR)), await tracker.list(), plus(NOW, HOUR));
    github.issues[0]!.gone = gone;
    const { done, failed } = await keepTickets(plan, tracker);
    expect(failed).toEqual([expect.stringContaining(words)]);
    expect(done).toEqual([{ does: 'close', number: 2 }]);
  });

  test('a comment, because it was locked meanwhile, is closed all the same, as are the others', async () => {
    await apply(keys);
    const tracker = open();
    const plan = planTickets(listingOf(fine, plus(NOW, HOUR)), await tracker.list(), plus(NOW, HOUR));
    github.issues[0]!.locked = true;
    const { failed } = await keepTickets(plan, tracker);
    expect(failed).toEqual([expect.stringContaining('locked')]);
    expect(github.issues.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  test('deleted or transferred issues get a new one while their finding is there', async () => {
    await apply(keys);
    github.issues[0]!.gone = 'deleted';
    github.issues[1]!.gone = 'transferred';
    expect((await apply(keys)).done).toEqual([
      { does: 'open', number: 3 },
      { does: 'open', number: 4 },
    ]);
  });
});

test('the token is in the request, and in no error', async () => {
  const wrong = 'ghs_wrong';
  const error = await open(wrong).list().catch(String);
  expect(error).toContain('does not accept the token');
  expect(error).not.toContain(wrong);
});
