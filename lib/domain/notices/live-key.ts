import type { LiveState } from '../finding';
import { token } from './plain-text';
import { moment } from './times';

/** Only then may a mail say that the key works. */
export const works = ({ kind, unknownSince }: LiveState) => kind === 'ALIVE' && !unknownSince;

/** What else there is to know of a key that cannot be called working; nothing of one that can. */
export function insteadOfWorking({ kind, reason, unknownSince }: LiveState, now: Date): readonly string[] {
  if (unknownSince) return [`No check has had a clear answer since ${moment(unknownSince, now)}.`];
  if (kind !== 'BLOCKED') return [];
  return [`It is blocked now${token(reason) ? ` (${reason})` : ''}: see the alarm or the mail about that.`];
}

/** What a service has as long as a submitted key does not become live. */
export function withoutTheNewKey({ kind }: LiveState): string {
  if (kind === 'NONE') return 'There is no live key: the service still cannot call Anthropic.';
  if (kind === 'DEAD') return 'The live key is dead, so the service goes on failing.';
  return 'The service goes on with its live key.';
}
