import type { Observation, Retiring } from '../domain/secret';
import { IllegalTransition } from './errors';

/** The superseded key with this prefix of its fingerprint, or the only one there is. `other` is one more candidate. */
export function findRetiring<T extends Pick<Retiring, 'version' | 'ref'> = Retiring>(
  o: Observation,
  fingerprint: string | undefined,
  other?: T,
): Retiring | T {
  const all = [...o.retiring, ...(other ? [other] : [])];
  const known = all.map(({ ref }) => `${ref.fingerprint} (${ref.hint})`).join(', ');
  if (all.length === 0) throw new IllegalTransition('nothing-retiring', 'There is no superseded key here.');
  const fitting = all.filter(({ ref }) => ref.fingerprint.startsWith(fingerprint ?? ''));
  if (fitting.length === 0)
    throw new IllegalTransition(
      'no-such-key',
      `No superseded key has the fingerprint ${fingerprint}. There are: ${known}.`,
    );
  if (new Set(fitting.map(({ ref }) => ref.fingerprint)).size > 1)
    throw new IllegalTransition(
      'which-key',
      `More than one superseded key fits: ${known}. Name one by its fingerprint.`,
    );
  return fitting[0]!;
}
