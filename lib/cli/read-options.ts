import { isSafeUrl } from '../contract/env';
import { UsageError } from './exit-code';
import type { Options } from './verb';

/** The option that says which old key is meant. */
export const KEY_OPTION = [
  '-k, --key <fingerprint>',
  'which old key, by the first digits of its fingerprint; needed only if there are several',
] as const;

/** The prefix of a fingerprint. @throws UsageError */
export function readFingerprint({ key }: Options): string | undefined {
  if (typeof key !== 'string') return undefined;
  if (/^[0-9a-f]{4,12}$/.test(key)) return key;
  throw new UsageError(
    `--key takes the first 4 to 12 hex digits of a fingerprint, such as 4f2c91aa03d7, as \`show\` lists it; not ${JSON.stringify(key)}.`,
  );
}

/** A required text option. @throws UsageError */
export function needText(options: Options, name: string, why: string): string {
  const text = options[name];
  if (typeof text === 'string' && text.trim() !== '') return text.trim();
  throw new UsageError(`--${dashed(name)} is missing: ${why}`);
}

/** A day, `2026-12-01`, as its first moment in UTC. @throws UsageError */
export function readDay(text: string, name: string): Date {
  const day = dayOf(text);
  if (day) return day;
  throw new UsageError(`--${dashed(name)} takes a day such as 2026-12-01, not ${JSON.stringify(text)}.`);
}

/** Undefined for what no calendar has, such as 31 November, which JavaScript takes for 1 December. */
function dayOf(text: string): Date | undefined {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : undefined;
}

const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?) ?(Z|UTC|[+-]\d\d:\d\d)?$/;

/** A moment such as `2026-12-01T08:00Z` or `2026-12-01 08:00`, in UTC unless it names an offset. @throws UsageError */
export function readMoment(text: string, name: string): Date {
  const [, day = '', time = '', zone = ''] = MOMENT.exec(text.trim()) ?? [];
  const at = new Date(`${day}T${time}${/^[+-]/.test(zone) ? zone : 'Z'}`);
  if (dayOf(day) && !Number.isNaN(at.getTime())) return at;
  throw new UsageError(
    `--${dashed(name)} takes a moment in UTC such as 2026-12-01T08:00Z or "2026-12-01 08:00", not ${JSON.stringify(text)}.`,
  );
}

/** A whole number within bounds. @throws UsageError */
export function readNumber(text: string, name: string, [least, most]: readonly [number, number]): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(
    `--${dashed(name)} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`,
  );
}

/** A URL that keys may be sent to. `source` is the option or variable that gives it. @throws UsageError */
export function readUrl(text: string, source: string): string {
  if (isSafeUrl(text)) return text;
  throw new UsageError(
    `${source} takes an https URL, or one of this machine such as http://localhost:5000, because keys are sent there; not ${JSON.stringify(text)}.`,
  );
}

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
