/** A number that was measured or counted, and how good it is to be. */
export interface Figure {
  /** '1' to '17', as in docs/performance.md. Several numbers of one figure have letters: '5b'. */
  readonly id: string;
  /** Says what was measured, and against what. */
  readonly name: string;
  readonly value: number;
  /** A ratio has '×'. */
  readonly unit: 'ms' | 's' | '×' | 'calls' | 'MB' | '$' | '%' | 'CPU-s' | '/s' | 'count';
  /** Both ends belong to it. Without a goal, the figure is told and not judged. */
  readonly goal?: { readonly most?: number; readonly least?: number };
  readonly note?: string;
}

/** What could not be measured here, such as a comparison with a program that is not installed. It is told, and fails nothing. */
export interface Missing {
  readonly id: string;
  readonly name: string;
  /** What is missing and how to get it. */
  readonly missing: string;
}

/** What a file of `bench/figures` exports. It throws if what it measures does not do its work. */
export interface Topic {
  measure(): Promise<readonly (Figure | Missing)[]>;
}

/** The figure rounded as it is shown: three digits, at least. */
export const rounded = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));

/** Whether the goal is met by the figure as it is shown. Undefined if there is no goal. */
export function passes({ value, goal }: Figure): boolean | undefined {
  if (!goal) return undefined;
  const { most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = goal;
  return rounded(value) <= most && rounded(value) >= least;
}
