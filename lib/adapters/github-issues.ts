import { ISSUE_LABEL } from '../domain/tickets/issue';
import type { Issue } from '../domain/tickets/plan';
import { utcMinute } from '../domain/time';
import { plain } from '../domain/wording/text';
import { type GithubRepository, type IssueTracker, TrackerError } from '../workflows/operator-ports';
import type { Clock } from '../workflows/ports';
import { cappedFetch, type Fetch } from './anthropic-client';
import { type Json, listOf, objectOf, parsed } from './outside-json';

interface Options extends GithubRepository {
  readonly fetch?: Fetch;
  readonly clock: Clock;
}

/** Pages of 100 issues, of which no more are read: there is one issue for each secret and kind of finding. */
const MOST_PAGES = 100;

/** GitHub asks for a second between writes, and takes about 80 a minute. */
const PAUSE = 1_000;

/** Longest that one run waits for limits, in milliseconds. */
const PATIENCE = 10 * 60_000;

const MOST_TRIES = 4;
const TIMEOUT = 30_000;
const LONGEST_BODY = 32 * 2 ** 20;

/**
 * The issues of a repository by GitHub's REST API. A request that changes nothing when it is repeated is tried again when GitHub fails. One that makes
 * something is not: it may have been made, and the next run finds out.
 */
export function createGithubIssues({ apiUrl, repository, token, fetch, clock }: Options): IssueTracker {
  const ask = cappedFetch(LONGEST_BODY, fetch);
  const base = `${apiUrl}/repos/${repository}`;
  let waited = 0;
  let wrote = false;
  let labelled: Promise<void> | undefined;

  const pause = async (milliseconds: number, why: string) => {
    if (waited + milliseconds > PATIENCE)
      throw new TrackerError(
        'all',
        `${why} It takes no more until ${utcMinute(new Date(clock.now().getTime() + milliseconds))} UTC: run again then.`,
      );
    waited += milliseconds;
    await clock.sleep(milliseconds);
  };

  async function once(method: string, url: string, body?: object): Promise<Answer | undefined> {
    try {
      const answer = await ask(url, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'anthropic-key-rotation',
          'x-github-api-version': '2022-11-28',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // A redirect would take the token elsewhere.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return { status: answer.status, headers: answer.headers, body: await answer.text() };
    } catch {
      return undefined;
    }
  }

  /** The answer to a request, once no limit stands in its way. */
  async function send(method: string, url: string, body?: object): Promise<Answer> {
    if (method !== 'GET' && wrote) await clock.sleep(PAUSE);
    wrote ||= method !== 'GET';
    for (let tries = 1; ; tries += 1) {
      const answer = await once(method, url, body);
      const limit = answer && limitOf(answer, clock.now());
      if (limit !== undefined) {
        await pause(limit, 'GitHub limits how much is asked of it.');
        continue;
      }
      if (answer && answer.status < 500) return answer;
      if (method === 'POST' || tries === MOST_TRIES)
        throw new TrackerError(
          'all',
          answer
            ? `GitHub failed with ${answer.status}.`
            : `GitHub did not answer at ${new URL(url).host}, or its answer broke off.`,
        );
      await pause(PAUSE * 2 ** (tries - 1), 'GitHub does not answer.');
    }
  }

  /** `about`: whether a refusal of it is about this one step or about all. */
  async function write(
    method: string,
    path: string,
    body: object,
    about: TrackerError['concerns'],
  ): Promise<Json> {
    const answer = await send(method, `${base}${path}`, body);
    if (answer.status >= 200 && answer.status < 300) return parsed(answer.body);
    throw refusal(answer, repository, about);
  }

  /** GitHub drops labels silently that somebody may not set, and may not know ours yet. */
  async function ensureLabel(): Promise<void> {
    const { status } = await send('GET', `${base}/labels/${ISSUE_LABEL}`);
    if (status !== 404) return;
    const made = await send('POST', `${base}/labels`, {
      name: ISSUE_LABEL,
      color: 'b60205',
      description: 'Kept by anthropic-keys tickets: found by this label, so leave it on.',
    });
    // Another run was faster.
    if (made.status !== 201 && made.status !== 422) throw refusal(made, repository, 'all');
  }

  return {
    async list() {
      const issues: Issue[] = [];
      const query = `state=all&labels=${ISSUE_LABEL}&sort=created&direction=asc&per_page=100`;
      let next: string | undefined = `${base}/issues?${query}`;
      for (let page = 0; next !== undefined; page += 1) {
        if (page === MOST_PAGES)
          throw new TrackerError(
            'all',
            `${repository} has more than ${MOST_PAGES * 100} issues with the label ${ISSUE_LABEL}: take it off those that are not kept by it.`,
          );
        const answer = await send('GET', next);
        if (answer.status !== 200) throw refusal(answer, repository, 'all');
        issues.push(...issuesIn(answer.body));
        next = nextPage(answer.headers.get('link'), apiUrl);
      }
      return issues;
    },
    async open({ title, text }) {
      labelled ??= ensureLabel();
      await labelled;
      const made = await write('POST', '/issues', { title, body: text, labels: [ISSUE_LABEL] }, 'all');
      const number = numberOf(made);
      if (listOf(made.labels).some((label) => objectOf(label).name === ISSUE_LABEL)) return number;
      throw new TrackerError(
        'all',
        `GitHub made #${number} without the label ${ISSUE_LABEL}, so that no run would find it again. Give the token the right to write issues, and set the label.`,
      );
    },
    async change(number, { text, state }) {
      const reason = state && { state: state === 'open' ? 'open' : 'closed', state_reason: REASONS[state] };
      await write('PATCH', `/issues/${number}`, { body: text, ...reason }, 'one');
    },
    async comment(number, text) {
      await write('POST', `/issues/${number}/comments`, { body: text }, 'one');
    },
  };
}

const REASONS = { open: 'reopened', done: 'completed', 'not-planned': 'not_planned' } as const;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A page of issues, without pull requests. @throws TrackerError for anything else: a page that cannot be read must not pass for an empty one */
function issuesIn(body: string): readonly Issue[] {
  const page = listIn(body);
  if (!page) throw new TrackerError('all', 'GitHub answered with something else than a list of issues.');
  return page.map(objectOf).flatMap((issue): readonly Issue[] => {
    if (issue.pull_request !== undefined) return [];
    const text = typeof issue.body === 'string' ? issue.body : '';
    return [{ number: numberOf(issue), open: issue.state === 'open', locked: issue.locked === true, text }];
  });
}

function listIn(body: string): readonly unknown[] | undefined {
  try {
    const page: unknown = JSON.parse(body);
    return Array.isArray(page) ? page : undefined;
  } catch {
    return undefined;
  }
}

function numberOf({ number }: Json): number {
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new TrackerError('all', 'GitHub answered with an issue without a number.');
}

/** The address of the next page; undefined behind the last one. @throws TrackerError where it leads elsewhere, which would get the token */
function nextPage(link: string | null, apiUrl: string): string | undefined {
  const [, next] = /<([^<>]+)>;\s*rel="next"/.exec(link ?? '') ?? [];
  if (next === undefined) return undefined;
  if (URL.canParse(next) && new URL(next).origin === new URL(apiUrl).origin) return next;
  throw new TrackerError('all', `GitHub's next page is at ${plain(next)}, and not at ${apiUrl}.`);
}

/** How long GitHub asks to wait, in milliseconds; undefined where no limit is the reason. Source: its best practices for the REST API. */
function limitOf({ status, headers, body }: Answer, now: Date): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (after >= 0) return Math.max(1, after) * 1_000;
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  if (headers.get('x-ratelimit-remaining') === '0' && reset >= 0)
    return Math.max(0, reset * 1_000 - now.getTime()) + 1_000;
  return status === 429 || /rate limit/i.test(body) ? 60_000 : undefined;
}

const MOVED = new Set([301, 302, 307, 308]);

/** What a refusal or a failure means, with GitHub's own words. */
function refusal(
  { status, body }: Answer,
  repository: string,
  about: TrackerError['concerns'],
): TrackerError {
  const { message } = parsed(body);
  const theirs = typeof message === 'string' && message !== '' ? ` GitHub says: ${plain(message)}` : '';
  const which = about === 'one' ? 'the issue' : repository;
  if (status === 401)
    return new TrackerError('all', `GitHub does not accept the token: it is wrong, or has expired.${theirs}`);
  if (status === 403 && !/\block/i.test(theirs))
    return new TrackerError(
      'all',
      `The token may not do this in ${repository}: it needs the right to write issues.${theirs}`,
    );
  if (status === 404)
    return new TrackerError(about, `GitHub does not have ${which}, or the token does not reach it.${theirs}`);
  if (status === 410)
    return new TrackerError(
      about,
      about === 'one'
        ? `The issue is deleted.${theirs}`
        : `Issues are switched off in ${repository}.${theirs}`,
    );
  if (MOVED.has(status))
    return new TrackerError(about, `GitHub has moved ${which}: name the place where it is now.`);
  return new TrackerError(status === 422 ? 'one' : about, `GitHub refused it with ${status}.${theirs}`);
}
