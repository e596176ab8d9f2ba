import { randomUUID } from 'node:crypto';

/** An issue with the fields that the REST API documents, as far as anybody here reads them. */
export interface FakeIssue {
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  locked: boolean;
  labels: string[];
  readonly comments: string[];
  /** Set for a pull request, which GitHub lists among the issues. */
  readonly pullRequest: boolean;
  gone?: 'deleted' | 'transferred';
}

export interface GithubRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface GithubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Fault {
  readonly of: RegExp;
  readonly answer: GithubAnswer | 'hang-up';
  readonly afterwards: boolean;
}

/** One repository at GitHub, by what the documentation of its REST API says. */
export class FakeGithub {
  readonly issues: FakeIssue[] = [];
  readonly labels = new Set<string>(['bug']);
  /** Requests that were made, as `GET /repos/acme/keys/issues`. */
  readonly requests: string[] = [];
  /** The token may set labels. Without that right they are dropped silently. */
  maySetLabels = true;
  issuesEnabled = true;
  /** Where links to further pages lead. */
  url = '';
  readonly token = `ghs_${randomUUID().replaceAll('-', '')}`;
  readonly #faults: Fault[] = [];

  constructor(readonly repository: string) {}

  /** The next request that fits is answered so; with `afterwards` once it was done. */
  fail(of: RegExp, answer: Fault['answer'], afterwards = false): void {
    this.#faults.push({ of, answer, afterwards });
  }

  /** Requests that change something. */
  get writes(): readonly string[] {
    return this.requests.filter((request) => !request.startsWith('GET'));
  }

  addIssue(issue: Partial<FakeIssue>): FakeIssue {
    const made: FakeIssue = {
      number: this.issues.length + 1,
      title: '',
      body: null,
      state: 'open',
      state_reason: null,
      locked: false,
      labels: [],
      comments: [],
      pullRequest: false,
      ...issue,
    };
    this.issues.push(made);
    return made;
  }

  answer(request: GithubRequest): GithubAnswer | 'hang-up' {
    const { method, url } = request;
    const { pathname, searchParams } = new URL(url, 'http://github.invalid');
    const line = `${method} ${pathname}`;
    this.requests.push(line);
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    const armed = this.#faults.find(({ of }) => of.test(line));
    if (!armed) return this.#route(method, pathname, searchParams, request.body);
    this.#faults.splice(this.#faults.indexOf(armed), 1);
    if (armed.afterwards) this.#route(method, pathname, searchParams, request.body);
    return armed.answer;
  }

  #route(method: string, pathname: string, query: URLSearchParams, body: string): GithubAnswer {
    const root = `/repos/${this.repository}`;
    if (!pathname.startsWith(`${root}/`)) return NOT_FOUND;
    const [kind = '', which, more] = pathname.slice(root.length + 1).split('/');
    const given = (body === '' ? {} : JSON.parse(body)) as Readonly<Record<string, unknown>>;
    if (kind === 'labels') return this.#label(method, which, given);
    if (kind !== 'issues') return NOT_FOUND;
    if (!this.issuesEnabled)
      return { status: 410, body: { message: 'Issues has been disabled in this repository.' } };
    if (which === undefined) return method === 'GET' ? this.#list(pathname, query) : this.#create(given);
    const issue = this.issues.find(({ number }) => String(number) === which);
    if (!issue) return NOT_FOUND;
    if (issue.gone === 'deleted') return { status: 410, body: { message: 'This issue was deleted' } };
    if (issue.gone === 'transferred')
      return {
        status: 301,
        headers: { location: 'https://api.github.invalid/repositories/2/issues/1' },
        body: { message: 'Moved Permanently' },
      };
    if (more === 'comments') return this.#comment(issue, given);
    return method === 'PATCH' ? this.#change(issue, given) : { status: 200, body: shown(issue) };
  }

  #label(method: string, name: string | undefined, given: Readonly<Record<string, unknown>>): GithubAnswer {
    if (method === 'GET') return this.labels.has(name ?? '') ? { status: 200, body: { name } } : NOT_FOUND;
    const wanted = String(given.name);
    if (this.labels.has(wanted)) return invalid('already_exists');
    if (typeof given.color !== 'string' || !/^[0-9a-f]{6}$/i.test(given.color)) return invalid('invalid');
    if (String(given.description ?? '').length > 100) return invalid('invalid');
    this.labels.add(wanted);
    return { status: 201, body: { name: wanted } };
  }

  #list(pathname: string, query: URLSearchParams): GithubAnswer {
    const labels = query.get('labels')?.split(',') ?? [];
    const state = query.get('state') ?? 'open';
    const found = this.issues
      .filter((issue) => !issue.gone && labels.every((label) => issue.labels.includes(label)))
      .filter((issue) => state === 'all' || issue.state === state);
    const listed = query.get('direction') === 'asc' ? found : found.reverse();
    const size = Math.min(100, Number(query.get('per_page') ?? 30));
    const page = Number(query.get('page') ?? 1);
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    return {
      status: 200,
      headers:
        page * size < listed.length
          ? {
              link: `<${this.url}${pathname}?page=1>; rel="first", <${this.url}${pathname}?${next}>; rel="next"`,
            }
          : {},
      body: listed.slice((page - 1) * size, page * size).map(shown),
    };
  }

  #create({ title, body, labels }: Readonly<Record<string, unknown>>): GithubAnswer {
    if (typeof title !== 'string' || title === '' || title.length > 256) return invalid('missing_field');
    if (String(body ?? '').length > 65_536) return invalid('invalid');
    const wanted = this.maySetLabels && Array.isArray(labels) ? labels.map(String) : [];
    for (const label of wanted) this.labels.add(label);
    const issue = this.addIssue({ title, body: String(body ?? ''), labels: wanted });
    return { status: 201, body: shown(issue) };
  }

  #change(issue: FakeIssue, given: Readonly<Record<string, unknown>>): GithubAnswer {
    const { state, state_reason: reason, body } = given;
    if (state !== undefined && state !== 'open' && state !== 'closed') return invalid('invalid');
    if (reason !== undefined && !REASONS.includes(String(reason))) return invalid('invalid');
    if (typeof body === 'string') issue.body = body;
    if (state !== undefined && state !== issue.state) {
      issue.state = state;
      issue.state_reason = reason === undefined ? null : String(reason);
    }
    return { status: 200, body: shown(issue) };
  }

  #comment(issue: FakeIssue, { body }: Readonly<Record<string, unknown>>): GithubAnswer {
    if (issue.locked)
      return { status: 403, body: { message: 'Unable to create comment because issue is locked.' } };
    if (typeof body !== 'string' || body === '') return invalid('missing_field');
    issue.comments.push(body);
    return { status: 201, body: { id: issue.comments.length, body } };
  }
}

const REASONS = ['completed', 'not_planned', 'duplicate', 'reopened'];

const NOT_FOUND: GithubAnswer = { status: 404, body: { message: 'Not Found' } };

const invalid = (code: string): GithubAnswer => ({
  status: 422,
  body: { message: 'Validation Failed', errors: [{ resource: 'Issue', code }] },
});

const shown = ({ comments, pullRequest, labels, gone: _, ...issue }: FakeIssue) => ({
  ...issue,
  labels: labels.map((name) => ({ name })),
  comments: comments.length,
  ...(pullRequest && { pull_request: { url: `https://github.invalid/pulls/${issue.number}` } }),
});
