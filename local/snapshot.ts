/** What can go back: it remembers its state, and returns what goes back to it, as often as it is called. */
export interface Snapshotting {
  snapshot(): () => void;
}

/** Several parts as one. */
export function snapshotOf(parts: readonly Snapshotting[]): () => void {
  const restores = parts.map((part) => part.snapshot());
  return () => {
    for (const restore of restores) restore();
  };
}

/** A list whose entries do not change. */
export function entriesOf<T>(list: T[]): () => void {
  const entries = [...list];
  return () => void list.splice(0, list.length, ...entries);
}

/** A list to which things are only added. */
export function lengthOf(list: unknown[]): () => void {
  const { length } = list;
  return () => {
    list.length = length;
  };
}
