import { setTimeout } from 'node:timers/promises';
import { count } from '../domain/wording/text';
import { StoreError } from '../workflows/errors';
import { FunctionError, type Place, WrongRegion } from '../workflows/operator-ports';
import type { CliContext, DeclaredEnvironment } from './context';
import { Interrupted, UsageError } from './exit-code';
import { explain, sentences } from './explain';
import { signInTrouble } from './sign-in-advice';
import { didYouMean } from './suggest';
import { type Progress, type Terminal, waitFor } from './terminal';

/** Why a place was not read. That says nothing about the keys there. */
export interface Unread {
  readonly why:
    | 'denied'
    /** No credentials, or none that AWS takes any more. */
    | 'signed-out'
    /** Another account than the fleet file names, or a region that does not exist or is not enabled. */
    | 'wrong-place'
    | 'unavailable';
  /** What happened, and what to do. */
  readonly words: string;
}

/** Environments of one account and region. */
interface Where {
  /** Names, in the order of the fleet file. */
  readonly environments: readonly string[];
  /** As AWS named it; of an unread part, as the fleet file names it, if it does. So is the region. */
  readonly account?: string;
  readonly region?: string;
}

/** What was read there with the same credentials, or why nothing was. */
export type Part<T> = Where & ({ readonly known: T } | { readonly unread: Unread });

/** How many places are read side by side. */
const AT_ONCE = 8;

const MINUTE = 60_000;

/** Milliseconds until a place that does not answer counts as unavailable: to sign in, where a person may be asked for an MFA code; to say where it is; to be read. */
const PATIENCE = { signIn: 10 * MINUTE, arrive: MINUTE, read: 10 * MINUTE };

interface Options {
  /** Only this environment of the fleet file. */
  readonly environment?: string;
  /** How long a place may take. */
  readonly patience?: typeof PATIENCE;
}

/**
 * Reads every environment of the fleet file side by side, each place once. Parts are in the order of the file, and each fails alone. @throws UsageError
 * without a valid file, or for an environment that it does not have; Interrupted
 */
export async function readEverywhere<T>(
  context: CliContext,
  read: (there: CliContext, environments: readonly DeclaredEnvironment[]) => Promise<T>,
  { environment, patience = PATIENCE }: Options = {},
): Promise<readonly Part<T>[]> {
  const wanted = await declaredIn(context, environment);
  const ways = grouped(wanted, ({ region, readAs }) => JSON.stringify([region, readAs]));
  // All sign in before the progress line, which a question for an MFA code would garble.
  const arrived = (await sideBySide(ways, (way) => arrive(context, way, patience))).flat();
  const lost = arrived.flatMap((each) => ('unread' in each ? [each] : []));
  const found = grouped(
    arrived.flatMap((each) => ('unread' in each ? [] : [each])),
    ({ place, way }) => JSON.stringify([place.account, place.region, way]),
  );
  let done = 0;
  const known = await waitFor(context.terminal, `Reading ${count(found.length, 'place')}`, (show) =>
    sideBySide(found, async (same): Promise<Part<T>> => {
      const { place, there } = same[0]!;
      const environments = same.flatMap((each) => each.environments);
      const part = { environments: namesOf(environments), account: place.account, region: place.region };
      try {
        const known = await within(patience.read, read(quietly(there, part.environments), environments));
        return { ...part, known };
      } catch (error) {
        return { ...part, unread: unread(error, there, part.environments) };
      } finally {
        done += 1;
        show(`Reading ${count(found.length, 'place')}: ${done} done`);
      }
    }),
  );
  const order = namesOf(wanted);
  const position = ({ environments }: Part<T>) => order.indexOf(environments[0]!);
  return [...lost, ...known].sort((a, b) => position(a) - position(b));
}

/** Where a part is, in words: `prod (account 222222222222, eu-west-1)`. */
export function placeInWords({ environments, account, region }: Where): string {
  const place = [account && `account ${account}`, region].filter(Boolean).join(', ');
  return `${environments.join(', ')}${place && ` (${place})`}`;
}

/** What is missing, a line for each place; the first says of how many. Empty if all were read. */
export function missingInWords(parts: readonly Part<unknown>[]): readonly string[] {
  const missing = parts.flatMap((part) => ('unread' in part ? [part] : []));
  if (missing.length === 0) return [];
  return [
    `${missing.length} of ${count(parts.length, 'place')} could not be read, and nothing is known of the keys there:`,
    ...missing.map((part) => `${placeInWords(part)}: ${part.unread.words}`),
  ];
}

/** How many places were read: `3 places`, or `2 of 3 places that could be read`. */
export function readInWords(parts: readonly Part<unknown>[]): string {
  const known = parts.filter((part) => 'known' in part).length;
  const all = count(parts.length, 'place');
  return known === parts.length ? all : `${known} of ${all} that could be read`;
}

/** The environments of the fleet file, or the one that is wanted. @throws UsageError as `readEverywhere` */
export async function declaredIn(
  context: CliContext,
  environment: string | undefined,
): Promise<readonly DeclaredEnvironment[]> {
  const declared = await context.declared();
  if (!declared)
    throw new UsageError(
      '--everywhere reads which environments there are from keys.yaml, and there is none in this folder: run it where that file is, or name it in ROTATION_KEYS_FILE.',
    );
  const { file, faults, environments } = declared;
  if (faults.length > 0) throw new UsageError(`${file} is not valid:`, faults);
  if (environment === undefined) return environments;
  const found = environments.filter((each) => each.environment === environment);
  if (found.length > 0) return found;
  const names = namesOf(environments);
  throw new UsageError(
    `${file} has no environment ${environment}. ${didYouMean(environment, names) ?? `There are: ${names.join(', ')}.`}`,
  );
}

interface Arrived {
  readonly environments: readonly DeclaredEnvironment[];
  readonly there: CliContext;
  readonly place: Place;
  /** Whose credentials. */
  readonly way: unknown;
}

/** Signs in, and finds out where that leads. Environments that are declared in another account are not looked for there. */
async function arrive(
  context: CliContext,
  environments: readonly DeclaredEnvironment[],
  patience: typeof PATIENCE,
): Promise<readonly (Arrived | (Part<never> & { readonly unread: Unread }))[]> {
  const { readAs, region } = environments[0]!;
  const there = { ...context, ...(await context.connect({ region, readAs })) };
  const lost = (these: readonly DeclaredEnvironment[], unread: Unread) =>
    grouped(these, ({ account }) => account ?? '').map((same) => ({
      environments: namesOf(same),
      ...(same[0]!.account && { account: same[0]!.account }),
      ...(region && { region }),
      unread,
    }));
  try {
    await within(patience.signIn, there.signIn());
    const place = await within(patience.arrive, there.place());
    const expectsOther = ({ account = place.account }: DeclaredEnvironment) => account !== place.account;
    const others = grouped(environments.filter(expectsOther), ({ account }) => account!);
    const here = environments.filter((each) => !expectsOther(each));
    return [
      ...others.flatMap((same) => lost(same, elsewhere(same[0]!.account!, place, there))),
      ...(here.length > 0 ? [{ environments: here, there, place, way: readAs }] : []),
    ];
  } catch (error) {
    return lost(environments, unread(error, there, namesOf(environments)));
  }
}

/** The credentials lead to another account than the fleet file names. */
function elsewhere(expected: string, { account, region, unidentified }: Place, there: CliContext): Unread {
  if (unidentified !== undefined) {
    const { trouble = 'unavailable', advice = '' } = signInTrouble(unidentified, there.profile) ?? {};
    const words = sentences([`AWS did not say whether this is account ${expected}: ${unidentified}`, advice]);
    return { why: trouble, words: words.trim() };
  }
  const whose = there.profile ? `The profile ${there.profile} is` : 'These credentials are';
  return {
    why: 'wrong-place',
    words: `${whose} of account ${account} (${region}), and keys.yaml names account ${expected}. Correct account or readAs there; readAs names a profile or role of account ${expected}.`,
  };
}

/** @throws Interrupted, which ends the command and not one part */
function unread(error: unknown, { profile }: CliContext, environments: readonly string[]): Unread {
  if (error instanceof Interrupted) throw error;
  const [environment] = environments;
  return {
    why: whyOf(error),
    words: sentences(explain(error, { profile, policy: 'reader', environment }).lines),
  };
}

function whyOf(error: unknown): Unread['why'] {
  if (error instanceof WrongRegion) return 'wrong-place';
  const known = error instanceof StoreError || error instanceof FunctionError ? error : undefined;
  if (known?.denial) return 'denied';
  const trouble = signInTrouble(String(error))?.trouble;
  return trouble ?? (known?.failure === 'denied' ? 'denied' : 'unavailable');
}

/** A place among several draws no line of progress, and its notes say where they are from. */
function quietly(there: CliContext, environments: readonly string[]): CliContext {
  const { terminal } = there;
  const quiet: Terminal = {
    ...terminal,
    note: (text) => terminal.note(`${environments.join(', ')}: ${text}`),
    progress: () => SILENT,
  };
  return { ...there, terminal: quiet };
}

const SILENT: Progress = { show: () => {}, done: () => {}, failed: () => {}, stop: () => {} };

const namesOf = (environments: readonly DeclaredEnvironment[]) =>
  environments.map(({ environment }) => environment);

/** The result, or an error once it takes too long. The work itself goes on, and nobody waits for it. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = setTimeout(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new StoreError('unavailable', `No answer within ${milliseconds / 1000} seconds.`);
  });
  // Aborted, or late after the work itself.
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

function grouped<T>(all: readonly T[], by: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return [...groups.values()];
}

/** A few at once, in the order of the list. */
async function sideBySide<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<readonly B[]> {
  const results: B[] = [];
  let next = 0;
  const worker = async () => {
    while (next < all.length) {
      const index = next++;
      results[index] = await work(all[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, worker));
  return results;
}
