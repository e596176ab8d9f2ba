import type { Answer } from './answer';
import { advise, type UnknownReason } from './outcomes';
import type { Home, Verdict } from './verdict';

/** Why a refused key is not provably dead. The order is the one in which the reasons are told. */
export type RefusedReason = Extract<UnknownReason, 'vetoed-401' | 'unsigned-401' | 'uncontrolled-401'>;

const REFUSED: readonly RefusedReason[] = ['vetoed-401', 'unsigned-401', 'uncontrolled-401'];

/** One answer to a key, and whether another key was ALIVE through the same client beside it. */
export interface Vote {
  readonly verdict: Verdict;
  readonly controlled: boolean;
}

/** The shape of Anthropic's ids of requests. */
const REQUEST_ID = /^req_\w{8,76}$/;

/** The id that header and body agree on; undefined where they differ or neither has one of Anthropic's shape. */
export function requestIdOf({ headers, bodyRequestId }: Answer): string | undefined {
  const ids = [headers['request-id'], bodyRequestId].filter((id) => id !== undefined);
  return ids.every((id) => REQUEST_ID.test(id) && id === ids[0]) ? ids[0] : undefined;
}

/** Says that no credential arrived. The wording of a refusal may save a key, never kill it. */
const NO_CREDENTIAL: readonly RegExp[] = [
  /\b(?:required|missing|absent|empty|blank)\b/i,
  /\b(?:not|nor|n't|never)\b[^.]{0,20}\b(?:provided?|supplied|supply|present|set|sent|send|included?|specified|given|received?|arrived?)/i,
  /\b(?:no|without|lacks|lacking)\b (?!longer\b)[^.]{0,40}\b(?:keys?|credentials?|tokens?|authori[sz]ation|authentication|headers?)\b/i,
  /\bmust\b[^.]{0,20}\b(?:provide|supply|include|send|specify|be set)\b/i,
  /\b(?:not|n't|unable to)\b[^.]{0,10}\b(?:find|see|read|extract|detect)\b[^.]{0,40}\bin (?:the|your|this)\b[^.]{0,20}\b(?:request|headers?)\b/i,
  /\b(?:lacks|stripped|(?:got|received|found) (?:none|nothing))\b/i,
];

/** A first reading of a refusal: why it is no vote for DEAD, and the header that vetoes it. Empty for a vote. */
export function refusalOf(
  answer: Answer,
  home: Home = {},
): { readonly reason?: UnknownReason; readonly veto?: string } {
  if (NO_CREDENTIAL.some((wording) => wording.test(answer.message ?? ''))) return { reason: 'no-credential' };
  const veto = Object.entries(answer.headers).find(([name, value = '']) => vetoes(name, value, home));
  if (veto) return { reason: 'vetoed-401', veto: veto[0] };
  return requestIdOf(answer) === undefined ? { reason: 'unsigned-401' } : {};
}

/**
 * Whether a header speaks against a dead key. A request that authenticated has a workspace and rate limits. The home's own organization vetoes
 * nothing, nor does anything unknown, which would make every dead key unprovable.
 */
function vetoes(name: string, value: string, { organizationId }: Home): boolean {
  if (name === 'anthropic-workspace-id' || name.startsWith('anthropic-ratelimit-')) return true;
  if (name === 'x-should-retry') return value.trim().toLowerCase() === 'true';
  if (name === 'anthropic-organization-id') return organizationId !== undefined && value !== organizationId;
  return name === 'age' && isCached({ age: value });
}

const isCached = ({ age }: Answer['headers']) => age !== undefined && Number(age) !== 0;

/** Whether a success shows that it is Anthropic's: by a header of its own or the id of a message. What a cache kept shows nothing. */
export function isSigned({ headers, messageId }: Answer): boolean {
  if (isCached(headers)) return false;
  const ours = (name: string) => name === 'request-id' || name.startsWith('anthropic-');
  return messageId !== undefined || Object.keys(headers).some(ours);
}

export const isRefusedReason = (reason: string | undefined): reason is RefusedReason =>
  (REFUSED as readonly (string | undefined)[]).includes(reason);

/** Refused in Anthropic's own form, whatever else the answer says: a reason to ask again, and to tell people. */
export const isRefused = (verdict: Verdict): boolean =>
  verdict.kind === 'DEAD' || refusedFor(verdict) !== undefined;

/** Why a key that was refused twice is not provably dead; undefined for any other verdict. */
export const refusedFor = (verdict: Verdict | undefined): RefusedReason | undefined =>
  verdict?.kind === 'UNKNOWN' && isRefusedReason(verdict.reason) ? verdict.reason : undefined;

/** What two refusals a minute apart prove together: DEAD, or why not. */
export function concludeFrom(first: Vote, second: Vote): Verdict {
  const votes = [second, first];
  const vetoed = votes.find(({ verdict }) => refusedFor(verdict) === 'vetoed-401');
  if (vetoed) return vetoed.verdict;
  const unsigned = votes.find(({ verdict }) => refusedFor(verdict) === 'unsigned-401');
  if (unsigned) return unsigned.verdict;
  const { verdict } = second;
  // Anthropic numbers every request: the same id twice is a repeated answer, not a second one.
  if (verdict.evidence.requestId === first.verdict.evidence.requestId)
    return inDoubt('vetoed-401', verdict, { veto: 'request-id' });
  return votes.every(({ controlled }) => controlled) ? verdict : inDoubt('uncontrolled-401', verdict);
}

/** A refusal that was not asked about again. */
export const unconfirmed = (verdict: Verdict): Verdict =>
  isRefused(verdict) ? inDoubt('unconfirmed-401', verdict) : verdict;

const inDoubt = (reason: UnknownReason, { evidence }: Verdict, more: { veto?: string } = {}): Verdict => ({
  kind: 'UNKNOWN',
  reason,
  evidence: { ...evidence, ...more },
  advice: advise(reason),
});
