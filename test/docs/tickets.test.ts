import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { runCommand } from '../cli/surroundings/command';
import { ROOT } from '../root';
import { aKeyThatIs, fleetsDocument, type State, statusDocument } from '../tickets/listings';

// The recipe for Jira of docs/tickets.md, run in bash against a stand-in for Jira that knows what the recipe asks.

const SCRIPT = join(ROOT, 'examples/tickets/jira-tickets');
const AT = new Date('2026-01-10T14:00:00Z');
const TOKEN = 'a-token-of-jira';

interface JiraIssue {
  readonly key: string;
  readonly fields: {
    readonly summary: string;
    readonly labels: readonly string[];
    readonly description: unknown;
  };
  done: boolean;
}

let issues: JiraIssue[];
let asked: string[];
/** The next request that fits fails. */
let failing: RegExp | undefined;
let server: Server;
let site: string;
let folder: string;

const PAGE = 2;

function answer(method: string, url: string, body: string): { status: number; body?: unknown } {
  const path = url.replace('/rest/api/3/', '');
  const given = body === '' ? {} : JSON.parse(body);
  if (path === 'search/jql') {
    if (given.jql !== 'project = OPS AND labels = anthropic-key ORDER BY created ASC') return { status: 400 };
    const from = Number(given.nextPageToken ?? 0);
    const found = issues.filter(({ fields }) => fields.labels.includes('anthropic-key'));
    const page = found.slice(from, from + PAGE).map(({ key, fields, done }) => ({
      key,
      fields: { labels: fields.labels, status: { statusCategory: { key: done ? 'done' : 'new' } } },
    }));
    const isLast = from + PAGE >= found.length;
    return { status: 200, body: { issues: page, ...(!isLast && { nextPageToken: String(from + PAGE) }) } };
  }
  if (path === 'issue') {
    if (given.fields.labels.some((label: string) => /\s/.test(label))) return { status: 400 };
    const issue = { key: `OPS-${issues.length + 1}`, fields: given.fields, done: false };
    issues.push(issue);
    return { status: 201, body: { key: issue.key } };
  }
  const [, key] = /^issue\/(OPS-\d+)\/transitions$/.exec(path) ?? [];
  const issue = issues.find((each) => each.key === key);
  if (!issue) return { status: 404 };
  if (method === 'GET')
    return {
      status: 200,
      body: {
        transitions: [
          { id: '11', to: { statusCategory: { key: 'new' } } },
          { id: '31', to: { statusCategory: { key: 'done' } } },
        ],
      },
    };
  issue.done = given.transition.id === '31';
  return { status: 204 };
}

beforeEach(async () => {
  [issues, asked, failing] = [[], [], undefined];
  folder = mkdtempSync(join(tmpdir(), 'jira-'));
  server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await text(request);
    asked.push(`${method} ${url}`);
    const mayEnter =
      headers.authorization === `Basic ${Buffer.from(`ada@acme.io:${TOKEN}`).toString('base64')}`;
    const fails = failing?.test(`${method} ${url} ${body}`) ?? false;
    const given = fails ? { status: 503 } : mayEnter ? answer(method, url, body) : { status: 401 };
    response.writeHead(given.status).end('body' in given ? JSON.stringify(given.body) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** What the command line prints of a listing, and then the script with it. */
async function apply(listing: string, vars: object = {}) {
  const file = join(folder, 'listing.json');
  writeFileSync(file, listing);
  const { stdout } = await runCommand(['tickets', '--from', file, '--print', '--json'], {});
  const list = join(folder, 'tickets.json');
  writeFileSync(list, stdout);
  return new Promise<{ exit: number; shown: string }>((resolve) => {
    const env = {
      PATH: process.env.PATH,
      JIRA_SITE: site,
      JIRA_PROJECT: 'OPS',
      JIRA_EMAIL: 'ada@acme.io',
      JIRA_TOKEN: TOKEN,
      ...vars,
    };
    execFile('bash', [SCRIPT, list], { env }, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code) : 0, shown: `${stdout}${stderr}` }),
    );
  });
}

const keys = (state: State, ...services: readonly string[]) =>
  services.map((service) => aKeyThatIs(state, { service, now: AT }));

const listing = (listed: ReturnType<typeof keys>) => statusDocument(fleetOf(listed, [], AT));

const states = () => issues.map(({ fields, done }) => [fields.summary, done]);

test('an issue for each finding, over several pages, and none twice', async () => {
  const dead = listing(keys('dead', 'a', 'b', 'c', 'd', 'e'));
  expect((await apply(dead)).shown).toBe(
    'Opened OPS-1.\nOpened OPS-2.\nOpened OPS-3.\nOpened OPS-4.\nOpened OPS-5.\n',
  );
  expect(await apply(dead)).toEqual({ exit: 0, shown: '' });
  expect(issues).toHaveLength(5);
  expect(JSON.stringify(issues[0]!.fields.description)).toContain(
    'npx --no -- anthropic-keys submit prod/a --region eu-central-1',
  );
});

test('it is closed when the finding is over, and opened again when it comes back', async () => {
  await apply(listing(keys('dead', 'a', 'b')));
  expect((await apply(listing([...keys('fine', 'a'), ...keys('dead', 'b')]))).shown).toBe('Closed OPS-1.\n');
  expect(states()).toEqual([
    ['prod/a: DEAD', true],
    ['prod/b: DEAD', false],
  ]);
  expect((await apply(listing(keys('dead', 'a', 'b')))).shown).toBe('Reopened OPS-1.\n');
});

test('an environment that could not be read keeps its issues', async () => {
  const dev = { account: '444455556666', environments: ['dev'] };
  const inDev = aKeyThatIs('dead', { environment: 'dev', account: dev.account, now: AT });
  const prod = { fleet: fleetOf(keys('dead', 'a'), [], AT) };
  await apply(fleetsDocument([prod, { ...dev, fleet: fleetOf([inDev], [], AT) }]));
  await apply(fleetsDocument([{ fleet: fleetOf(keys('fine', 'a'), [], AT) }, dev]));
  expect(states()).toEqual([
    ['prod/a: DEAD', true],
    ['dev/api-gateway: DEAD', false],
  ]);
});

test.each([
  ['the second page of the search fails', /nextPageToken/],
  ['nothing answers', /./],
])('where %s nothing is opened or closed', async (_, fault) => {
  await apply(listing(keys('dead', 'a', 'b', 'c')));
  failing = fault;
  asked.length = 0;
  expect((await apply(listing([...keys('fine', 'a'), ...keys('dead', 'x')]))).exit).not.toBe(0);
  expect(asked.filter((request) => !request.endsWith('/search/jql'))).toEqual([]);
});

test('a listing that is none closes nothing', async () => {
  await apply(listing(keys('dead', 'a')));
  asked.length = 0;
  const cut = await apply(listing(keys('fine', 'a')).slice(0, 500));
  expect([cut.exit, cut.shown]).toEqual([
    2,
    expect.stringContaining('no list of tickets. Nothing was changed.'),
  ]);
  expect(asked).toEqual([]);
});

test('a token goes to no address that is not encrypted, and into no argument', async () => {
  const ran = await apply(listing(keys('dead', 'a')), { JIRA_SITE: 'http://jira.example.com' });
  expect([ran.exit, ran.shown]).toEqual([2, expect.stringContaining('JIRA_SITE takes an https URL')]);
  const script = readFileSync(SCRIPT, 'utf8');
  expect(script.match(/.*"\$JIRA_TOKEN".*/g)).toEqual([expect.stringContaining('--config <(printf')]);
});

test('docs/tickets.md shows the script as it is', () => {
  expect(readFileSync(join(ROOT, 'docs/tickets.md'), 'utf8')).toContain(readFileSync(SCRIPT, 'utf8'));
});
