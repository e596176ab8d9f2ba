import type { ConsoleRecord } from '../console/record';
import type { ClaimedSecret } from '../listed-key';
import { keyName } from '../policy';
import type { FleetRow } from './row';

/** A secret that remembers a key of the Console. */
export interface Holder {
  /** `prod/api-gateway`. */
  readonly key: string;
  readonly secretName: string;
  readonly secretArn: string;
  /** `claimed`: the secret is tagged as a key, and no deployment manages it. */
  readonly as: 'live' | 'retiring' | 'claimed';
  /** It remembers the record itself, or a short form that fits it. */
  readonly by: 'record' | 'short-form';
}

/** The secrets of a listing, as far as Console keys can be found in them. */
export interface PerhapsHolding {
  readonly rows: readonly FleetRow[];
  readonly claimed: readonly ClaimedSecret[];
}

/** Which secrets hold the keys of the Console, by the ids of their records. */
export interface ConsoleMatch {
  readonly holders: ReadonlyMap<string, readonly Holder[]>;
  /**
   * How many more keys the managed secrets may hold: submitted and unchecked keys, and old ones whose hint is not remembered, leave no trace in a
   * listing.
   */
  readonly unseen: number;
}

/** Something that a secret remembers of a key. */
interface Trace {
  readonly id?: string;
  readonly hint?: string;
  readonly of: Omit<Holder, 'by'>;
  readonly row?: FleetRow;
}

/** Finds the keys of the Console in the secrets that remember them. Its work grows with the keys and the secrets, not with their product. */
export function matchConsole(
  records: readonly Pick<ConsoleRecord, 'id' | 'hint'>[],
  { rows, claimed }: PerhapsHolding,
): ConsoleMatch {
  const known = new Set(records.map(({ id }) => id));
  const traces = [...rows.flatMap(tracesOf), ...claimed.flatMap(tracesOfClaimed)];
  const byId = new Map<string, Trace[]>();
  const hints = new HintIndex();
  for (const trace of traces) {
    const { id, hint } = trace;
    // A remembered record says which key it is. Its short form could fit a stranger's as well.
    if (id !== undefined && known.has(id)) byId.set(id, [...(byId.get(id) ?? []), trace]);
    else if (hint !== undefined) hints.add(hint, trace);
  }
  const holders = new Map<string, readonly Holder[]>();
  const seen = new Map<FleetRow, Set<string>>();
  for (const { id, hint } of records) {
    const alike = hint === undefined ? [] : hints.find(hint);
    const surely = byId.get(id) ?? [];
    const perhaps = alike.filter(({ of }) => !surely.some((one) => one.of.secretArn === of.secretArn));
    const found = [
      ...surely.map(({ of }): Holder => ({ ...of, by: 'record' })),
      ...perhaps.map(({ of }): Holder => ({ ...of, by: 'short-form' })),
    ];
    if (found.length > 0) holders.set(id, found);
    for (const { row, of, hint: ours } of alike)
      if (row && of.as === 'retiring') seen.set(row, (seen.get(row) ?? new Set()).add(ours!));
  }
  const unseen = rows.reduce(
    (sum, row) =>
      sum +
      Math.max(0, row.retiring.length - (seen.get(row)?.size ?? 0)) +
      Number(row.submitted) +
      Number(row.phase === 'unknown'),
    0,
  );
  return { holders, unseen };
}

function tracesOf(row: FleetRow): readonly Trace[] {
  const { key, recordId, otherRecordId, hint, retiringHints } = row;
  const named = { key: keyName(key), secretName: key.secretName, secretArn: key.secretArn };
  const live = { ...named, as: 'live' } as const;
  const retiring = { ...named, as: 'retiring' } as const;
  return [
    ...(recordId || hint ? [{ id: recordId, hint, of: live, row }] : []),
    ...(otherRecordId ? [{ id: otherRecordId, of: retiring, row }] : []),
    ...retiringHints.map((old) => ({ hint: old, of: retiring, row })),
  ];
}

function tracesOfClaimed({ remembers, secretName, secretArn, ...key }: ClaimedSecret): readonly Trace[] {
  const of = { key: keyName(key), secretName, secretArn, as: 'claimed' } as const;
  if (!remembers) return [];
  return [
    ...(remembers.recordId ? [{ id: remembers.recordId, of }] : []),
    ...remembers.hints.map((hint) => ({ hint, of })),
  ];
}

/** Characters that both ends of a short form must have to say anything. */
const FEWEST = 3;

/**
 * Finds short forms that can be of one key: Anthropic may show more or fewer characters than we do. There are few lengths of short forms, so for each
 * pair of lengths the ends are cut to the shorter ones, and looked up.
 */
class HintIndex {
  readonly #byShape = new Map<
    string,
    { readonly start: string; readonly end: string; readonly trace: Trace }[]
  >();
  readonly #cut = new Map<string, Map<string, Trace[]>>();

  add(hint: string, trace: Trace): void {
    const [start = '', end = ''] = hint.split('…');
    if (start.length < FEWEST || end.length < FEWEST) return;
    const shape = `${start.length}/${end.length}`;
    const alike = this.#byShape.get(shape);
    if (alike) alike.push({ start, end, trace });
    else this.#byShape.set(shape, [{ start, end, trace }]);
  }

  find(theirs: string): readonly Trace[] {
    const [start = '', end = ''] = theirs.split(/\.{2,}|…/);
    if (start.length < FEWEST || end.length < FEWEST) return [];
    return [...this.#byShape].flatMap(([shape, hints]) => {
      const { start: ours = '', end: ourEnd = '' } = hints[0]!;
      const starts = Math.min(start.length, ours.length);
      const ends = Math.min(end.length, ourEnd.length);
      const name = `${shape} ${starts}/${ends}`;
      let cut = this.#cut.get(name);
      if (!cut) {
        cut = new Map();
        for (const each of hints) {
          const short = shortened(each, starts, ends);
          const same = cut.get(short);
          if (same) same.push(each.trace);
          else cut.set(short, [each.trace]);
        }
        this.#cut.set(name, cut);
      }
      return cut.get(shortened({ start, end }, starts, ends)) ?? [];
    });
  }
}

const shortened = ({ start, end }: { start: string; end: string }, starts: number, ends: number) =>
  `${start.slice(0, starts)}…${end.slice(-ends)}`;
