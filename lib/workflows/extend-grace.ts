import type { LabelMove } from '../domain/label-move';
import { leakedOn } from '../domain/memory';
import { LONGEST_EXTENSION_HOURS } from '../domain/policy';
import {
  graceEnd,
  graceFrom,
  holderOfKey,
  type Observation,
  type Retiring,
  refOf,
  sameKey,
  unpins,
} from '../domain/secret';
import { elapsed, HOUR, later, MINUTE, plus } from '../domain/time';
import { absolute, count } from '../domain/wording/text';
import { IllegalTransition, StoreError } from './errors';
import { read } from './fetch-secret';
import type { Ports } from './ports';
import type { Prepared } from './prepared';
import { moveLabels } from './write-secret';

/** When the grace of an old key is to end. */
export interface WantedEnd {
  /** Or its first digits. @default the only old key */
  readonly fingerprint?: string;
  readonly until: Date;
  /** The deadline that the caller saw. Another one is not overwritten. */
  readonly expected?: Date;
  /** Whether it may end sooner than now set. @default false */
  readonly shorten?: boolean;
}

/** The form of earlier command lines, which could not know whether it lengthens; and of what gives a key time that is switched on again. */
export interface WantedHours {
  readonly fingerprint?: string;
  readonly hoursFromNow: number;
}

/** How the grace of an old key moves. */
export interface MovedEnd {
  readonly key: NonNullable<ReturnType<typeof refOf>>;
  /** Absent where the key had no deadline. */
  readonly before?: Date;
  readonly until: Date;
  readonly longer: boolean;
}

/**
 * Moves the end of a superseded key's grace to a moment, so that repeating the command changes nothing. By its fingerprint a key whose rotation is
 * over gets a deadline again, so that a reactivated key is not forgotten alive. Refused: a deadline that changed meanwhile, a sooner one without
 * `shorten`, one that is over, more than 14 days at once, and a moment for a key that was proven dead, which nothing keeps alive.
 */
export async function extendGrace(
  secretId: string,
  wanted: WantedEnd | WantedHours,
  ports: Ports,
): Promise<Prepared<MovedEnd>> {
  const now = ports.clock.now();
  const seen = await oldKey(secretId, wanted.fingerprint, ports);
  const { ref, before } = seen;
  const until = 'until' in wanted ? toSecond(wanted.until) : fromNow(wanted.hoursFromNow, now);
  if (before && isSame(before, until)) return nothingToDo({ key: ref, before, until: before, longer: false });
  refuseIfChanged(seen, 'expected' in wanted ? wanted.expected : undefined);
  if ('until' in wanted) refuseIfProvenDead(seen);
  if (before && until < before && !('shorten' in wanted && wanted.shorten))
    throw new IllegalTransition('sooner', soonerThan(ref.hint, before, until));
  if (elapsed(until, now) >= MINUTE)
    throw new IllegalTransition(
      'too-late',
      `${absolute(until)} is over. ${stands(seen)} \`retire\` ends it now.`,
    );
  const most = plus(later(now, before), LONGEST_EXTENSION_HOURS * HOUR);
  if (until > plus(most, MINUTE))
    throw new IllegalTransition(
      'too-long',
      `${absolute(until)} is too late: at most ${count(LONGEST_EXTENSION_HOURS / 24, 'day')} are added at once, so until ${absolute(most)}. ${stands(seen)} Nothing was changed.`,
    );
  if (leakedOn(seen.observation, ref.fingerprint) && until > now)
    throw new IllegalTransition(
      'refused',
      `${ref.hint} was reported as leaked, so it gets no more time. If that was wrong, \`reactivate\` withdraws the report.`,
    );
  return moved(seen, until, ports);
}

/** Ends the grace of a superseded key now. */
export async function endGrace(
  secretId: string,
  { fingerprint }: { readonly fingerprint?: string },
  ports: Ports,
): Promise<Prepared<MovedEnd>> {
  const seen = await oldKey(secretId, fingerprint, ports);
  return moved(seen, graceFrom(ports.clock.now(), 0), ports);
}

/** What `extend` says to a deadline that would end sooner. */
export const soonerThan = (hint: string, before: Date, until: Date) =>
  `The grace of ${hint} ends ${absolute(before)}, and ${absolute(until)} is sooner. Nothing was changed. To end it sooner on purpose, add --shorten.`;

type Seen = Awaited<ReturnType<typeof oldKey>>;

async function oldKey(secretId: string, fingerprint: string | undefined, ports: Ports) {
  const { secret, observation } = await read(secretId, ports, { every: true });
  const { version, ref } = findRetiring(observation, fingerprint, untracked(observation, fingerprint));
  return { secret, observation, version, ref, before: graceEnd(version) };
}

/** The new label comes first, so that the key is never without one. The mark of a leak stays: only `withdraw-leak` takes it off. */
function moved({ secret, version, ref, before }: Seen, until: Date, ports: Ports): Prepared<MovedEnd> {
  const others = version.retire.filter((label) => label.until.getTime() !== until.getTime());
  const pin: LabelMove = { do: 'pin', versionId: version.id, until };
  const longer = until.getTime() - (before?.getTime() ?? 0) >= MINUTE;
  return {
    outcome: { key: ref, before, until, longer },
    perform: () =>
      moveLabels(secret, [pin, ...unpins(version, others)], ports).catch((error: unknown) =>
        settle(error, { arn: secret.arn, ref }, until, ports),
      ),
  };
}

/** Somebody else moved the labels between reading and writing. With the same end nothing is left to do. */
async function settle(
  error: unknown,
  { arn, ref }: { readonly arn: string; readonly ref: Seen['ref'] },
  until: Date,
  ports: Ports,
): Promise<void> {
  if (!(error instanceof StoreError && error.failure === 'conflict')) throw error;
  const seen = await oldKey(arn, ref.fingerprint, ports);
  if (seen.before && isSame(seen.before, until)) return;
  throw new IllegalTransition(
    'changed',
    `Somebody else moved the end of the grace of ${ref.hint} at the same moment. ${stands(seen)} Look with \`show\`, and repeat the command if it is still needed.`,
  );
}

const nothingToDo = <Outcome>(outcome: Outcome): Prepared<Outcome> => ({ outcome, perform: async () => {} });

function refuseIfChanged(seen: Seen, expected: Date | undefined): void {
  if (expected === undefined || (seen.before && isSame(seen.before, expected))) return;
  throw new IllegalTransition(
    'changed',
    `The grace of ${seen.ref.hint} was to end ${absolute(expected)}, and changed meanwhile. ${stands(seen)} Nothing was changed. Look with \`show\`, and repeat the command if it is still needed.`,
  );
}

/** A mail may be read when the rotation is complete. Hours from now are for whoever switches the key on again. */
function refuseIfProvenDead({ before, ref, observation }: Seen): void {
  const { fingerprint, provenAt } = observation.memory.timeline;
  if (before || !provenAt || fingerprint !== ref.fingerprint) return;
  throw new IllegalTransition(
    'refused',
    `${ref.hint} was proven dead ${absolute(provenAt)}, and its rotation is complete: it has no grace that could end later. Nothing was changed. \`reactivate\` switches it on again and gives it time; if it was enabled in the Console, \`extend --hours\` does.`,
  );
}

const stands = ({ before }: Seen) => (before ? `It ends ${absolute(before)}.` : 'It has no deadline.');

/** @throws IllegalTransition if it is no number of hours */
function fromNow(hours: number, now: Date): Date {
  if (hours >= 0 && hours <= LONGEST_EXTENSION_HOURS) return graceFrom(now, hours);
  throw new IllegalTransition(
    'too-long',
    `Grace cannot end in ${hours} hours: 0 to ${LONGEST_EXTENSION_HOURS} are possible.`,
  );
}

/** A label holds seconds. @throws IllegalTransition if it is no date */
function toSecond(until: Date): Date {
  if (until instanceof Date && !Number.isNaN(until.getTime())) return graceFrom(until, 0);
  throw new IllegalTransition('refused', 'The end of the grace is not a date. Nothing was changed.');
}

/** People and mails name a minute. */
const isSame = (a: Date, b: Date) => Math.abs(a.getTime() - b.getTime()) < MINUTE;

/** A version with the key that is neither live nor accepted nor submitted. */
function untracked(o: Observation, fingerprint: string | undefined) {
  if (fingerprint === undefined) return undefined;
  const inUse = [o.live, o.accepted, o.submitted];
  const version = holderOfKey(o, fingerprint);
  return version && !inUse.some((other) => sameKey(other, version))
    ? { version, ref: refOf(version)! }
    : undefined;
}

/** The superseded key with this prefix of its fingerprint, or the only one there is. `other` is one more candidate. */
export function findRetiring<T extends Pick<Retiring, 'version' | 'ref'> = Retiring>(
  o: Observation,
  fingerprint: string | undefined,
  other?: T,
): Retiring | T {
  const all = [...o.retiring, ...(other ? [other] : [])];
  const { fingerprint: found } = pickOldKey(
    all.map(({ ref }) => ref),
    fingerprint,
  );
  return all.find(({ ref }) => ref.fingerprint === found)!;
}

interface Named {
  readonly fingerprint: string;
  readonly hint?: string;
}

/** The one old key that is meant, by the first digits of its fingerprint. @throws IllegalTransition if there is none, or several fit */
export function pickOldKey<K extends Named>(all: readonly K[], fingerprint: string | undefined): K {
  const distinct = all.filter(
    (key, index) => all.findIndex(({ fingerprint }) => fingerprint === key.fingerprint) === index,
  );
  const known = distinct.map((key) => `${key.fingerprint}${key.hint ? ` (${key.hint})` : ''}`).join(', ');
  const fitting = distinct.filter((key) => key.fingerprint.startsWith(fingerprint ?? ''));
  const [found] = fitting;
  if (found && fitting.length === 1) return found;
  if (distinct.length === 0) throw new IllegalTransition('nothing-retiring', 'There is no old key here.');
  throw found
    ? new IllegalTransition(
        'which-key',
        `More than one old key fits: ${known}. Name one by its fingerprint, with --key.`,
      )
    : new IllegalTransition(
        'no-such-key',
        `No old key has the fingerprint ${fingerprint}. There are: ${known}.`,
      );
}
