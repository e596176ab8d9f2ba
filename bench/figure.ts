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
