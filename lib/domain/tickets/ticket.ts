import { type FindingKind, isQuieted, NEEDS, rowOf } from '../findings/catalogue';
import { shortHash } from '../key';
import { keyName } from '../policy';
import { utcDay } from '../time';
import { CLI_COMMAND } from '../wording/cli-command';
import { quote, type Verb } from '../wording/commands';
import { KEEP_ONE } from '../wording/phrases';
import { absolute, address, ages, count, enumerated, hintText, plain, token } from '../wording/text';
import { type ListedPlace, placeName, type TicketListing, type TicketRow } from './listing';

/** Something that a person has to do, as a tracker keeps it. Texts from outside are plain, and nothing in it is markup. */
export interface Ticket {
  /** The same in every listing: names the secret and the kind of finding, whatever the words are. */
  readonly id: string;
  /** `111122223333/eu-central-1`. */
  readonly place: string;
  /** Absent for what concerns a place as a whole. */
  readonly environment?: string;
  /** When the listing was made. */
  readonly listed: Date;
  readonly title: string;
  /** What is true, and what to do: sentences of our own. */
  readonly says: string;
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly command?: string;
  /** Anchor of a section in docs/runbook.md. @default the whole page */
  readonly section?: string;
  /** An exemption closes it until its end. */
  readonly snoozable: boolean;
}

/** Every ticket that a listing wants, the most pressing first: one for each key and finding that needs a person, and one for each problem that is no key's. */
export function ticketsOf({ places }: TicketListing): readonly Ticket[] {
  const findings = places.flatMap((place) =>
    place.rows.flatMap((row) => needsOf(row).map((rank) => ({ rank, ticket: ofFinding(place, row, rank) }))),
  );
  return [
    ...places.flatMap((place) => [...unreadable(place), ...twins(place)]),
    ...findings.sort((a, b) => a.rank - b.rank).map(({ ticket }) => ticket),
    ...places.flatMap(claimed),
  ];
}

/** Until when exemptions quiet findings, by the id that their ticket would have. */
export const snoozedTickets = ({ places }: TicketListing): ReadonlyMap<string, Date> =>
  new Map(
    places.flatMap(({ rows }) =>
      rows.flatMap(({ key, findings, snooze }) =>
        snooze
          ? findings
              .filter((kind) => isQuieted(kind, true))
              .map((kind) => [idOf(kind, key), snooze.until] as const)
          : [],
      ),
    ),
  );

/** Places in the order of urgency of what is open of a key. */
const needsOf = ({ findings, snooze }: TicketRow) =>
  NEEDS.flatMap(({ kind }, rank) =>
    findings.includes(kind) && !isQuieted(kind, snooze !== undefined) ? [rank] : [],
  );

const idOf = (kind: FindingKind, { environment, service, secretArn }: TicketRow['key']) =>
  hashOf(kind, environment, service, secretArn);

const hashOf = (...parts: readonly string[]) => shortHash(JSON.stringify(parts), 16);

function ofFinding(place: ListedPlace, row: TicketRow, rank: number): Ticket {
  const { kind, word, next, verb } = NEEDS[rank]!;
  const { key } = row;
  const since = SINCE[kind]?.(row, place.now);
  const name = nameOf(key);
  return {
    ...at(place),
    id: idOf(kind, key),
    environment: key.environment,
    title: `${name}: ${word}`,
    says: `${sentence(word)}${since ? ` since ${absolute(since)}` : ''}. ${sentence(next)}.`,
    facts: [...secretFacts(name, key, place), ['Owner', address(key.owner)], ...keyFacts(row, place.now)],
    command: commandFor(verb, key, place),
    section: rowOf(kind).alarms?.[0]?.section,
    snoozable: isQuieted(kind, true),
  };
}

const at = (place: ListedPlace) => ({ place: placeName(place), listed: place.now, snoozable: false });

const where = ({ account, region }: ListedPlace) => `account ${account}, ${region}`;

const nameOf = (key: Parameters<typeof keyName>[0]) => plain(keyName(key), 80);

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;

const secretFacts = (
  name: string,
  { secretName }: { readonly secretName: string },
  place: ListedPlace,
): Ticket['facts'] => [
  ['Key', name],
  ['Secret', plain(secretName)],
  ['Where', where(place)],
];

/** Since when a finding is true, where a listing says it. */
const SINCE: Partial<Readonly<Record<FindingKind, (row: TicketRow, now: Date) => Date | undefined>>> = {
  dead: ({ verdict }) => verdict?.since,
  blocked: ({ verdict }) => verdict?.since,
  refused: ({ verdict }) => verdict?.refusedSince,
  inconclusive: ({ verdict }) => verdict?.unknownSince,
  overdue: ({ dueAt }) => dueAt,
  unwatched: ({ unwatchedSince }) => unwatchedSince,
  'grace-over': firstGraceOver,
  zombie: firstGraceOver,
};

function firstGraceOver({ retiring }: TicketRow, now: Date): Date | undefined {
  return retiring
    .map(({ until }) => until)
    .filter((until) => until <= now)
    .sort((a, b) => a.getTime() - b.getTime())[0];
}

function keyFacts(row: TicketRow, now: Date): Ticket['facts'] {
  const { hint, verdict, dueAt, expiresAt, unwatchedSince, retiring } = row;
  const state = verdict && (token(verdict.kind) ?? 'unknown');
  return [
    ...(hint
      ? [
          [
            'Live key',
            `${hintText(hint)}${verdict ? `, ${state} since ${absolute(verdict.since)}` : ''}`,
          ] as const,
        ]
      : []),
    ...(dueAt ? [['Age', `${ages(row)}, due ${utcDay(dueAt)}`] as const] : []),
    ...(expiresAt ? [['Expires', absolute(expiresAt)] as const] : []),
    ...(unwatchedSince ? [['A check is overdue since', absolute(unwatchedSince)] as const] : []),
    ...retiring.map(
      ({ hint, until }) =>
        [
          'Old key',
          `${hint ? `${hintText(hint)}, ` : ''}grace ${until <= now ? 'ended' : 'ends'} ${absolute(until)}`,
        ] as const,
    ),
  ];
}

/** By the name that people type; by its ARN where the name holds what a shell or a person would take for something else. */
function commandFor(
  verb: Verb,
  key: { readonly environment: string; readonly service?: string; readonly secretArn: string },
  { region }: ListedPlace,
): string {
  const name = key.service === undefined ? '' : `${key.environment}/${key.service}`;
  const which = /^\w[\w.+-]*\/\w[\w.+-]*$/.test(name) ? name : key.secretArn;
  return [CLI_COMMAND, verb, quote(which), '--region', region].join(' ');
}

const unreadable = (place: ListedPlace): readonly Ticket[] =>
  place.unreadable.map((secret) => {
    const { environment, service, secretArn, secretName, faults } = secret;
    const name = service === undefined ? plain(secretName, 80) : nameOf({ environment, service });
    return {
      ...at(place),
      id: hashOf('unreadable', secretArn),
      environment,
      title: `${name}: damaged tags`,
      says: 'Its tags cannot be read, so it is kept by defaults. Deploy again: a deployment writes these tags.',
      facts: [
        ...secretFacts(name, secret, place),
        ...faults.slice(0, MOST_NAMED).map((fault) => ['Fault', plain(fault, 300)] as const),
      ],
      command: commandFor('doctor', secret, place),
    };
  });

const twins = (place: ListedPlace): readonly Ticket[] =>
  place.twins.map(({ name, secrets }) => ({
    ...at(place),
    id: hashOf('twins', placeName(place), name),
    environment: name.split('/')[0]!,
    title: `${plain(name, 80)}: ${count(secrets.length, 'secret')} of one name`,
    says: `Commands that name this key are refused. ${KEEP_ONE}`,
    facts: [
      ['Key', plain(name, 80)],
      ['Where', where(place)],
      ['Secrets', plain(enumerated(secrets.slice(0, MOST_NAMED)), 1000)],
    ],
  }));

/** Anybody may tag many secrets, so all of a place have one ticket, which names some. */
function claimed(place: ListedPlace): readonly Ticket[] {
  const names = place.claimed.map(({ secretName }) => secretName).sort();
  if (names.length === 0) return [];
  return [
    {
      ...at(place),
      id: hashOf('claimed', placeName(place)),
      title: `Secrets in ${where(place)} are tagged as keys, but not managed`,
      says: 'No deployment manages them: add each to keys.yaml and deploy, or take its tags away.',
      facts: [
        ['Where', where(place)],
        ['Number', String(names.length)],
        ...names.slice(0, MOST_NAMED).map((name) => ['Secret', plain(name)] as const),
      ],
    },
  ];
}

const MOST_NAMED = 10;
