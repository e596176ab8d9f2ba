import type { Fault } from '../fault';
import type { Content, NoKey } from '../key';
import type { Stands } from '../misplaced-key';
import type { Evidence, Home } from '../probe/verdict';
import { KEY_FIELD, REFUSALS } from '../refusal';
import type { LiveState } from '../secret';
import type { NoticeContext } from './sheet';
import { freeText, hintText, moment, token } from './text';

/** Says what a value holds instead of a key: its kind, never the value. */
export const describeContent = (content: NoKey) =>
  content.kind === 'placeholder' ? 'The value is empty.' : REFUSALS[content.reason].says;

/** Only the first sentence: what the value is, without advice on pasting. */
const firstSentence = (content: Content) =>
  content.kind === 'malformed' ? REFUSALS[content.reason].says.replace(/(?<=\.) .*$/, '') : '';

/** Where in a value a key stands: `in the field api_key`. */
export function placeOfKey(stands: Stands): string {
  if (stands.at === 'blanks') return 'with blanks or line breaks around it';
  if (stands.at === 'binary') return 'in a binary value (SecretBinary)';
  const name = token(stands.name);
  if (stands.at === 'line')
    return `on line ${Math.trunc(stands.line)} of a text${name ? `, as ${name}` : ''}`;
  if (name === KEY_FIELD) return `in the field ${KEY_FIELD} together with other text`;
  return name ? `in the field ${name}` : 'inside a JSON text';
}

/** What was replaced or refused: a key by its short form. */
export const nameContent = (content: Content) =>
  content.kind === 'key' ? hintText(content.hint) : 'no usable key';

/** A value as machines get it: the short form of a key, or why it is none. */
export const contentInShort = (content: Content) =>
  content.kind === 'key' ? content.hint : content.kind === 'malformed' ? content.reason : 'no usable key';

/** One probe in one sentence: when, what was asked, what came back, and the id by which Anthropic's support finds it. */
export function probed(evidence: Evidence, now: Date): string {
  const { status, requestId } = evidence;
  const asked = evidence.probe === 'messages' ? 'one-word message' : 'token count';
  const model = token(evidence.model);
  const answer = [
    status === undefined ? 'no answer' : `HTTP ${Math.trunc(status)}`,
    token(evidence.errorType),
    token(evidence.errorCode),
  ];
  const ids = named(
    ['request', requestId],
    ['workspace', evidence.workspaceId],
    ['organization', evidence.organizationId],
  );
  return `Probe at ${moment(evidence.at, now)}: ${asked}${model ? ` to ${model}` : ''}, ${answer
    .filter(Boolean)
    .join(' ')}${ids.length > 0 ? `; ${ids.join(', ')}` : ''}.`;
}

const named = (...ids: readonly (readonly [name: string, id?: string])[]) =>
  ids.flatMap(([name, id]) => (token(id) ? [`${name} ${id}`] : []));

/** A person's order, as a function with Admin access knows of it: Lambda names no caller. */
export interface Ordered {
  /** What the order says of who gave it. */
  readonly by: string;
  /** Lambda's id of the request. */
  readonly requestId: string;
}

/** Who ordered something, and where that can be looked up. The id comes first, so that no claim pushes it out of the mail. */
export const orderedBy = ({ by, requestId }: Ordered) =>
  `Ordered${token(requestId) ? ` in request ${requestId}` : ''} by ${freeText(by, 120)}, as claimed`;

/** `workspace W of organization O`, as far as known. */
export const nameHome = ({ workspaceId, organizationId }: Home) =>
  named(['workspace', workspaceId], ['organization', organizationId]).join(' of ');

/** Whether a mail may say that the key works. */
export const works = ({ kind, unknownSince }: LiveState) => kind === 'ALIVE' && !unknownSince;

/** Why a key cannot be said to work; nothing for one that can. */
export function whyNotWorking({ kind, reason, unknownSince }: LiveState, now: Date): readonly string[] {
  if (unknownSince) return [`No check has had a clear answer since ${moment(unknownSince, now)}.`];
  if (kind !== 'BLOCKED') return [];
  return [`It is blocked now${token(reason) ? ` (${reason})` : ''}: see the alarm or the mail about that.`];
}

/** What the service does while a submitted key is not live. */
export function serviceUntilThen({ needsNoKey }: NoticeContext, { kind }: LiveState): string {
  if (needsNoKey) return 'The secret goes on saying KEYLESS.';
  if (kind === 'NONE') return 'There is no live key: the service still cannot call Anthropic.';
  if (kind === 'DEAD') return 'The live key is dead, so the service keeps failing.';
  return 'The service keeps using its live key.';
}

/** The service has no usable live key. */
export const hasNoUsableKey = ({ kind }: LiveState) => kind === 'NONE' || kind === 'DEAD';

/** Why the key before was made live again. `leaked`: the key was reported while it went live. */
export type EditCause = Fault | 'leaked' | 'by-hand';

const BECAUSE: Readonly<Record<Exclude<Fault, 'malformed'>, string>> = {
  dead: 'Anthropic refuses it',
  elsewhere: 'it belongs to another workspace or organization',
};

/**
 * What went live, and why it is bad. `now` says whether it is still live; `submitted`, whether it came by a submission or was written by hand, where
 * that is known.
 */
export const badValue = (what: Content, cause: Fault | 'leaked', now: boolean, submitted?: boolean) => {
  if (cause === 'leaked') return `${nameContent(what)} went live while it was reported as leaked.`;
  if (what.kind === 'key' && what.stands && cause === 'malformed')
    return `Somebody edited the secret by hand. The key ${hintText(what.hint)} ${now ? 'stands' : 'stood'} ${placeOfKey(what.stands)}, where services that read ${KEY_FIELD} do not find it.`;
  return cause === 'malformed'
    ? `Somebody edited the secret by hand. What ${now ? 'is live now' : 'they wrote'} is not a usable key. ${firstSentence(what)}`
    : `${wentLive(nameContent(what), submitted)} It cannot be used: ${BECAUSE[cause]}.`;
};

function wentLive(what: string, submitted?: boolean): string {
  if (submitted === undefined) return `${what} went live.`;
  return submitted
    ? `${what} was submitted and went live.`
    : `Somebody wrote ${what} directly into the secret.`;
}

/** The way out where several secrets have one name. */
export const KEEP_ONE =
  'Keep the secret that keys.yaml means. Switch off the key in the other one, then take away its tags that begin with anthropic-key:.';

/** That another secret seems to use an old key, too. Its memory says so, which proves nothing: people are to look. */
export const usedBy = (secretName: string | undefined): readonly string[] =>
  secretName === undefined
    ? []
    : [
        `The secret ${freeText(secretName)} seems to use the same key: switching it off would stop that service, too.`,
      ];

export const ageEvidence = (createdAt: Date, now: Date) =>
  `The age counts from ${moment(createdAt, now)}, when this key value first appeared: at Anthropic if that is known, otherwise in the secret.`;
