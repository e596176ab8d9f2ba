import { rowNamed } from '../domain/findings/catalogue';
import { type ListedPlace, placeName, type TicketListing, type TicketRow } from '../domain/tickets/listing';

/** What the command line prints of one place, and of several. */
const ONE_PLACE = 'anthropic-key-rotation/status/1';
const SEVERAL = 'anthropic-key-rotation/fleets/1';
const ERROR = 'anthropic-key-rotation/error/1';

/**
 * Reads a listing that `status --json` or `status --everywhere --json` printed.
 * @throws Error that names what is wrong: a part of a listing must never pass for all of it
 */
export function decodeListing(text: string): TicketListing {
  const document = new Reader(jsonOf(text));
  const schema = document.text('schema');
  if (schema === ERROR) throw new Error(`The listing failed: ${document.text('error')}`);
  if (schema !== ONE_PLACE && schema !== SEVERAL)
    throw new Error(
      `The listing's schema is ${JSON.stringify(schema)}: expected ${ONE_PLACE} or ${SEVERAL}, as this release prints them.`,
    );
  if (document.has('filter'))
    throw new Error(
      'The listing has only the keys that a filter let through. Make it without --environment, --owner and --needs-attention: what is left out would look like what is over.',
    );
  return schema === ONE_PLACE ? { places: [placeOf(document, document)], unread: [] } : fleetsOf(document);
}

function fleetsOf(document: Reader): TicketListing {
  const parts = document.each('parts');
  const isUnread = (part: Reader) => part.has('unread');
  const unread = parts.filter(isUnread).map((part) => ({
    environments: part.texts('environments'),
    words: part.at('unread').text('words'),
  }));
  const isComplete = document.flag('complete');
  if (isComplete !== (unread.length === 0))
    throw new Error(
      `The listing says that it is ${isComplete ? '' : 'not '}complete, and ${unread.length === 0 ? 'no part of it is unread' : 'a part of it is unread'}.`,
    );
  const read = parts
    .filter((part) => !isUnread(part))
    .map((part) => ({
      ...placeOf(part, part.at('fleet')),
      environments: part.texts('environments'),
    }));
  return { places: merged(read), unread };
}

type Part = ListedPlace & Required<Pick<ListedPlace, 'environments'>>;

/** One place for all parts of the same account and region, as old as the oldest of them. */
function merged(parts: readonly Part[]): readonly ListedPlace[] {
  const places = new Map<string, Part>();
  for (const part of parts) {
    const other = places.get(placeName(part));
    places.set(placeName(part), other ? joined(other, part) : part);
  }
  return [...places.values()];
}

const joined = (one: Part, other: Part): Part => ({
  ...one,
  environments: [...one.environments, ...other.environments],
  now: new Date(Math.min(one.now.getTime(), other.now.getTime())),
  rows: distinct([...one.rows, ...other.rows], ({ key }) => key.secretArn),
  unreadable: distinct([...one.unreadable, ...other.unreadable], ({ secretArn }) => secretArn),
  twins: distinct([...one.twins, ...other.twins], ({ name }) => name),
  claimed: distinct([...one.claimed, ...other.claimed], ({ secretName }) => secretName),
});

const distinct = <T>(all: readonly T[], idOf: (each: T) => string): readonly T[] => [
  ...new Map(all.map((each) => [idOf(each), each])).values(),
];

function placeOf(part: Reader, fleet: Reader): ListedPlace {
  const account = part.matching('account', /^\d{12}$/, 'an account of 12 digits');
  const region = part.matching('region', /^[a-z]{2,}(-[a-z0-9]+)+$/, 'a region');
  return {
    account,
    region,
    now: fleet.date('now'),
    rows: fleet.each('rows').map((row) => rowOf(row, `:${region}:${account}:`)),
    unreadable: fleet.each('unreadable').map((secret) => ({
      environment: secret.text('environment'),
      service: secret.optionalText('service'),
      secretName: secret.text('secretName'),
      secretArn: arnOf(secret, `:${region}:${account}:`),
      faults: secret.texts('faults'),
    })),
    twins: fleet.each('twins').map((each) => ({ name: each.text('name'), secrets: each.texts('secrets') })),
    claimed: fleet.each('claimed').map((secret) => ({
      environment: secret.text('environment'),
      secretName: secret.text('secretName'),
    })),
  };
}

const arnOf = (secret: Reader, within: string) => {
  const arn = secret.matching(
    'secretArn',
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
    'the ARN of a secret',
  );
  if (arn.includes(within)) return arn;
  throw new Error(`The listing has ${arn} in a place of ${within.slice(1, -1)}.`);
};

function rowOf(row: Reader, within: string): TicketRow {
  const key = row.at('key');
  return {
    key: {
      environment: key.text('environment'),
      service: key.text('service'),
      owner: key.text('owner'),
      secretName: key.text('secretName'),
      secretArn: arnOf(key, within),
    },
    findings: row.texts('findings').map((kind) => {
      const known = rowNamed(kind);
      if (known) return known.kind;
      throw new Error(
        `The listing has the finding ${JSON.stringify(kind)}, which this release does not know: make and apply it with the same release.`,
      );
    }),
    hint: row.optionalText('hint'),
    verdict: row.has('verdict') ? verdictOf(row.at('verdict')) : undefined,
    ageDays: row.has('ageDays') ? row.number('ageDays') : undefined,
    maxAgeDays: row.number('maxAgeDays'),
    dueAt: row.optionalDate('dueAt'),
    expiresAt: row.optionalDate('expiresAt'),
    unwatchedSince: row.optionalDate('unwatchedSince'),
    retiring: row
      .each('retiring')
      .map((old) => ({ until: old.date('until'), hint: old.optionalText('hint') })),
    snooze: row.has('snooze') ? { until: row.at('snooze').date('until') } : undefined,
  };
}

const verdictOf = (verdict: Reader) => ({
  kind: verdict.text('kind'),
  since: verdict.date('since'),
  unknownSince: verdict.optionalDate('unknownSince'),
  refusedSince: verdict.optionalDate('refusedSince'),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      text.trim() === ''
        ? 'The listing is empty: whatever wrote it failed.'
        : 'The listing is no JSON, or ends too soon: whatever wrote it was stopped.',
    );
  }
}

/** Reads an object's fields, and says which one is not what it should be. `path` is where the object stands. */
class Reader {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly path = '',
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path, 'an object', value);
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  at(name: string): Reader {
    return new Reader(this.#fields[name], this.#named(name));
  }

  each(name: string): readonly Reader[] {
    return this.#list(name).map((item, index) => new Reader(item, `${this.#named(name)}[${index}]`));
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((item, index) =>
      typeof item === 'string' ? item : wrong(`${this.#named(name)}[${index}]`, 'a text', item),
    );
  }

  text(name: string): string {
    const found = this.#fields[name];
    return typeof found === 'string' ? found : this.#wrong(name, 'a text');
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  matching(name: string, shape: RegExp, expected: string): string {
    const found = this.text(name);
    return shape.test(found) ? found : this.#wrong(name, expected);
  }

  number(name: string): number {
    const found = this.#fields[name];
    return typeof found === 'number' ? found : this.#wrong(name, 'a number');
  }

  flag(name: string): boolean {
    const found = this.#fields[name];
    return typeof found === 'boolean' ? found : this.#wrong(name, 'true or false');
  }

  date(name: string): Date {
    const found = new Date(this.text(name));
    return Number.isNaN(found.getTime()) ? this.#wrong(name, 'a date') : found;
  }

  optionalDate(name: string): Date | undefined {
    return this.has(name) ? this.date(name) : undefined;
  }

  #list(name: string): readonly unknown[] {
    const found = this.#fields[name];
    return Array.isArray(found) ? found : this.#wrong(name, 'a list');
  }

  #named(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  #wrong(name: string, expected: string): never {
    return wrong(this.#named(name), expected, this.#fields[name]);
  }
}

function wrong(path: string, expected: string, found: unknown): never {
  const shown = found === undefined ? 'missing' : JSON.stringify(found).slice(0, 60);
  throw new Error(`The listing cannot be used: ${path || 'it'} is ${shown}: expected ${expected}.`);
}
