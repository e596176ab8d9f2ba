import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { HOUR, plus } from '../../lib/domain/time';
import { FakeGithub } from '../../local/github/fake-github';
import { serveGithub } from '../../local/github/server';
import { aKeyThatIs, fleetsDocument, statusDocument } from '../tickets/listings';
import { runCommand } from './surroundings/command';

// The packaged command line as a process of its own, with nothing in its environment but what a workflow gives it, and GitHub over HTTP.

/** The command goes by the clock of this machine. */
const AT = new Date('2026-01-10T14:00:00Z');

let github: FakeGithub;
let server: Awaited<ReturnType<typeof serveGithub>>;
let folder: string;

beforeEach(async () => {
  github = new FakeGithub('acme/keys');
  server = await serveGithub(github);
  folder = mkdtempSync(join(tmpdir(), 'tickets-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

const given = () => ({
  GITHUB_API_URL: server.url,
  GITHUB_REPOSITORY: 'acme/keys',
  GITHUB_TOKEN: github.token,
  // None of these is to be asked.
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});

async function tickets(listing: string, argv: readonly string[] = [], vars: object = {}) {
  const file = join(folder, 'listing.json');
  writeFileSync(file, listing);
  const ran = await runCommand(['tickets', '--from', file, ...argv], { ...given(), ...vars });
  expect(ran.stdout + ran.stderr).not.toContain(github.token);
  return { ...ran, shown: `${ran.stdout}${ran.stderr}`.replace(/\s+/g, ' ') };
}

const keys = (state: Parameters<typeof aKeyThatIs>[0], ...services: readonly string[]) =>
  services.map((service) => aKeyThatIs(state, { service, now: AT }));

const listing = (listed: ReturnType<typeof keys>, now = AT) => statusDocument(fleetOf(listed, [], now));

const states = () => github.issues.map(({ number, state, state_reason }) => [number, state, state_reason]);

test('issues follow the listings: opened, kept, closed, opened again by a person’s mistake, and never written twice', async () => {
  const first = await tickets(listing(keys('dead', 'a', 'b')));
  expect([first.exit, first.shown]).toEqual([0, expect.stringContaining('Opened: #1, #2.')]);

  const writes = github.writes.length;
  const again = await tickets(listing(keys('dead', 'a', 'b')));
  expect([again.exit, again.shown]).toEqual([0, expect.stringContaining('Nothing to do')]);
  expect(github.writes).toHaveLength(writes);

  const later = plus(AT, HOUR);
  const second = await tickets(listing([...keys('fine', 'a'), ...keys('dead', 'b')], later), ['--json']);
  expect(JSON.parse(second.stdout)).toMatchObject({
    schema: 'anthropic-key-rotation/tickets/1',
    repository: 'acme/keys',
    complete: true,
    closed: [1],
    updated: [2],
    failed: [],
  });
  expect(states()).toEqual([
    [1, 'closed', 'completed'],
    [2, 'open', null],
  ]);

  const b = github.issues[1]!;
  b.state = 'closed';
  const third = await tickets(listing(keys('dead', 'b'), later));
  expect(third.shown).toContain('Reopened: #2.');
  expect([b.state, b.comments]).toEqual(['open', ['The listing of 2026-01-10 15:00 UTC has this finding.']]);
});

test('a listing of which a part could not be read closes what is over elsewhere, says so, and succeeds', async () => {
  const dev = { account: '444455556666', environments: ['dev'] };
  const inDev = aKeyThatIs('dead', { environment: 'dev', account: dev.account, now: AT });
  const everywhere = fleetsDocument([
    { fleet: fleetOf(keys('dead', 'a'), [], AT) },
    { ...dev, fleet: fleetOf([inDev], [], AT) },
  ]);
  await tickets(everywhere);
  const half = fleetsDocument([{ fleet: fleetOf(keys('fine', 'a'), [], plus(AT, HOUR)) }, dev]);
  const ran = await tickets(half);
  expect([ran.exit, ran.shown]).toEqual([
    0,
    expect.stringContaining('dev could not be read, so no issue of it is closed: Sign in with another role.'),
  ]);
  expect(states()).toEqual([
    [1, 'closed', 'completed'],
    [2, 'open', null],
  ]);
});

test('an older listing changes nothing, and fails', async () => {
  await tickets(listing(keys('dead', 'a')));
  const writes = github.writes.length;
  const ran = await tickets(listing(keys('fine', 'a'), plus(AT, -HOUR)));
  expect([ran.exit, ran.shown]).toEqual([
    1,
    expect.stringContaining('a newer one of 2026-01-10 14:00 UTC was applied already'),
  ]);
  expect(github.writes).toHaveLength(writes);
});

test.each([
  ['cut', listing(keys('fine', 'a')).slice(0, 700), 'ends too soon'],
  ['empty', '', 'is empty'],
  ['of another schema', '{"schema":"anthropic-key-rotation/status/9"}', 'status/9'],
  [
    'of a filter',
    statusDocument(fleetOf(keys('fine', 'a'), [], AT), {}, { filter: { owner: 'x' } }),
    'a filter let through',
  ],
  ['from a day to come', listing(keys('fine', 'a'), new Date('2099-01-01T00:00:00Z')), 'still to come'],
])('a listing that is %s closes nothing, and fails before GitHub is asked', async (_, text, words) => {
  await tickets(listing(keys('dead', 'a')));
  const before = github.requests.length;
  const ran = await tickets(text);
  expect([ran.exit, ran.shown]).toEqual([2, expect.stringContaining(words)]);
  expect(ran.shown).toContain('Nothing was changed.');
  expect([github.requests.length, states()]).toEqual([before, [[1, 'open', null]]]);
});

test('duplicates of a race are closed, the oldest stays', async () => {
  await tickets(listing(keys('dead', 'a')));
  const [one] = github.issues;
  github.addIssue({ body: one!.body, labels: [...one!.labels] });
  const ran = await tickets(listing(keys('dead', 'a')));
  expect([ran.exit, ran.shown]).toEqual([0, expect.stringContaining('Duplicates: #2.')]);
  expect(states()).toEqual([
    [1, 'open', null],
    [2, 'closed', 'not_planned'],
  ]);
  expect(github.issues[1]!.comments).toEqual(['Duplicate of #1.']);
});

test('--dry-run says what it would do, and does nothing', async () => {
  const ran = await tickets(listing(keys('dead', 'a')), ['--dry-run']);
  expect([ran.exit, ran.shown]).toEqual([0, expect.stringContaining('1. Open "prod/a: DEAD".')]);
  expect(github.writes).toEqual([]);
});

test('what failed is told and makes the command fail, the rest is done, and the next run completes it', async () => {
  github.labels.add('anthropic-key');
  github.fail(/POST .*issues$/, { status: 422, body: { message: 'Validation Failed' } });
  const ran = await tickets(listing(keys('dead', 'a', 'b')));
  expect([ran.exit, ran.shown]).toEqual([
    1,
    expect.stringMatching(
      /Opened: #1\..*Open "prod\/a: DEAD": GitHub refused it with 422\. GitHub says: Validation Failed/,
    ),
  ]);
  expect((await tickets(listing(keys('dead', 'a', 'b')))).shown).toContain('Opened: #2.');
});

test.each<[string, object, string]>([
  ['no token', { GITHUB_TOKEN: undefined }, 'There is no token for GitHub'],
  ['a token with a line break', { GITHUB_TOKEN: 'ghs_abc\nx: y' }, 'holds something that no token has'],
  ['no repository', { GITHUB_REPOSITORY: undefined }, 'Name the repository'],
  [
    'a repository that is none',
    { GITHUB_REPOSITORY: 'acme/../keys' },
    'GITHUB_REPOSITORY takes a repository such as acme/keys',
  ],
  [
    'an address that is not encrypted',
    { GITHUB_API_URL: 'http://github.example.com' },
    'because a token is sent there',
  ],
])('%s is wrong usage, in words that do not repeat a token', async (_, vars, words) => {
  const ran = await tickets(listing(keys('dead', 'a')), [], vars);
  expect([ran.exit, ran.shown]).toEqual([2, expect.stringContaining(words)]);
  expect(ran.shown).not.toContain('ghs_abc');
  expect(github.requests).toEqual([]);
});

test('--github names another repository than the workflow’s, and GH_TOKEN does for GITHUB_TOKEN', async () => {
  const vars = { GITHUB_REPOSITORY: 'acme/other', GITHUB_TOKEN: '', GH_TOKEN: github.token };
  const ran = await tickets(listing(keys('dead', 'a')), ['--github', 'acme/keys'], vars);
  expect(ran.exit).toBe(0);
});

test('--print has what another tracker needs, and asks nobody', async () => {
  const ran = await tickets(listing(keys('dead', 'a')), ['--print', '--json'], { GITHUB_TOKEN: '' });
  expect(JSON.parse(ran.stdout)).toMatchObject({
    schema: 'anthropic-key-rotation/ticket-list/1',
    complete: true,
    covered: expect.arrayContaining([expect.stringMatching(/^111122223333-eu-central-1-[0-9a-f]{8}$/)]),
    tickets: [
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        place: '111122223333/eu-central-1',
        title: 'prod/a: DEAD',
        says: expect.stringContaining('Put in a new key.'),
        command: 'npx --no -- anthropic-keys submit prod/a --region eu-central-1',
        section: 'dead-key',
      },
    ],
  });
  expect(github.requests).toEqual([]);
});

test('--print says what could not be read, so that nothing to do is no all clear', async () => {
  const from = JSON.stringify({
    schema: 'anthropic-key-rotation/fleets/1',
    complete: false,
    parts: [{ environments: ['prod'], unread: { why: 'denied', words: 'A permission is missing.' } }],
  });
  const { exit, stdout } = await tickets(from, ['--print']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /^prod could not be read, so its tickets stay as they are: A permission is\s+missing\./,
  );
  expect(stdout).toContain('Nothing that could be read needs a ticket.');
});

test('a file that is not there is named, as is standard input into which nothing comes', async () => {
  const missing = await runCommand(['tickets', '--from', join(folder, 'none.json')], given());
  expect([missing.exit, missing.stderr]).toEqual([2, expect.stringContaining('none.json')]);
  const nothing = await runCommand(['tickets', '--from', '-'], given());
  expect([nothing.exit, nothing.stderr.replace(/\s+/g, ' ')]).toEqual([
    2,
    expect.stringContaining('The listing is empty'),
  ]);
  const unnamed = await runCommand(['tickets'], given());
  expect([unnamed.exit, unnamed.stderr]).toEqual([2, expect.stringContaining('--from is missing')]);
});
