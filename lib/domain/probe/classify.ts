import { advise, type Decision, decideCode, type UnknownReason } from './outcomes';
import type { Evidence, ProbeKind, Verdict } from './verdict';

/** What a body turned out to be. Only `envelope`, Anthropic's own JSON error document, can say that a key is dead. */
export type BodyKind = 'envelope' | 'message' | 'token-count' | 'other-json' | 'not-json' | 'empty';

/** A request that got no readable answer. */
export type TransportFault = Extract<
  UnknownReason,
  'network' | 'dns' | 'tls' | 'timeout' | 'unreadable-body' | 'no-time-left'
>;

/** One answer as it came over the wire, taken apart. Everything in it is the server's word and may be hostile. */
export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly errorCode?: string;
  /** Picks a sub-reason inside BLOCKED and nothing else: its wording may change. */
  readonly message?: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bodyKind: BodyKind;
  /** Set where there was no answer, or one that broke off. */
  readonly transport?: TransportFault;
}

/** What a probe knows of itself, before the answer. */
export interface Asked {
  readonly at: Date;
  readonly probe: ProbeKind;
  readonly model?: string;
}

type Outcome = 'ALIVE' | 'DEAD' | Exclude<Decision, 'as-type'>;

interface Rule {
  /** A status, or the first and last of a range. */
  readonly status: number | readonly [number, number];
  /** Anthropic's error type; absent rules match answers that are no error envelope, too. */
  readonly type?: string;
  readonly says?: RegExp;
  readonly means: Outcome;
}

/** First match wins. Rows with a `type` need Anthropic's envelope; only those may say anything of the key. */
const RULES: readonly Rule[] = [
  { status: 401, type: 'authentication_error', means: 'DEAD' },
  { status: 401, means: { unknown: 'unclear-401' } },

  {
    status: 400,
    type: 'invalid_request_error',
    says: /organization has been disabled/i,
    means: { blocked: 'organization' },
  },
  {
    status: 400,
    type: 'invalid_request_error',
    says: /credit balance is too low|not set up for billing/i,
    means: { blocked: 'billing' },
  },
  {
    status: 400,
    type: 'invalid_request_error',
    says: /reached your specified .*usage limit/is,
    means: { blocked: 'spend-limit' },
  },
  {
    status: 400,
    type: 'invalid_request_error',
    says: /anthropic-workspace-id|workspace.*(?:required|not scoped|invalid|not found)|not scoped to.*workspace/is,
    means: { blocked: 'workspace-config' },
  },
  { status: 400, type: 'invalid_request_error', means: { unknown: 'request-refused' } },

  { status: 402, type: 'billing_error', means: { blocked: 'billing' } },

  {
    status: 403,
    type: 'permission_error',
    says: /\bip\b.*(?:allow|address|range)|allow-?list/is,
    means: { blocked: 'ip-allowlist' },
  },
  { status: 403, type: 'permission_error', means: { blocked: 'permission' } },
  { status: 403, means: { unknown: 'unclear-403' } },

  {
    status: 404,
    type: 'not_found_error',
    says: /workspace.*not found/is,
    means: { blocked: 'workspace-config' },
  },
  { status: 404, type: 'not_found_error', says: /\bmodel\b/i, means: { blocked: 'model' } },
  { status: 404, means: { unknown: 'not-found' } },

  { status: 429, type: 'rate_limit_error', means: { blocked: 'rate-limit' } },

  { status: 529, means: { unknown: 'overloaded' } },
  { status: [500, 599], means: { unknown: 'server-trouble' } },
];

const SUCCESS: Readonly<Record<ProbeKind, BodyKind>> = { messages: 'message', 'count-tokens': 'token-count' };

/**
 * What an answer says of the key that asked. DEAD needs all of: status 401, Anthropic's error envelope of type
 * `authentication_error`, and no workspace header, since a request that authenticated carries one.
 */
export function classify(answer: Answer, asked: Asked): Verdict {
  const evidence = evidenceOf(answer, asked);
  const outcome = decide(answer, asked);
  if (outcome === 'ALIVE' || outcome === 'DEAD') return { kind: outcome, evidence, advice: advise(outcome) };
  if ('blocked' in outcome) {
    return { kind: 'BLOCKED', reason: outcome.blocked, evidence, advice: advise(outcome.blocked) };
  }
  return { kind: 'UNKNOWN', reason: outcome.unknown, evidence, advice: advise(outcome.unknown) };
}

function decide(answer: Answer, asked: Asked): Outcome {
  const { status, transport, bodyKind } = answer;
  if (transport !== undefined || status === undefined) return { unknown: transport ?? 'network' };
  if (status === 200) {
    return bodyKind === SUCCESS[asked.probe] ? 'ALIVE' : { unknown: 'unexpected-success' };
  }
  const byCode = bodyKind === 'envelope' ? decideCode(status, answer.errorCode) : 'as-type';
  const outcome = byCode === 'as-type' ? decideType(status, answer) : byCode;
  const authenticated = answer.headers['anthropic-workspace-id'] !== undefined;
  return outcome === 'DEAD' && authenticated ? { unknown: 'unclear-401' } : outcome;
}

function decideType(status: number, answer: Answer): Outcome {
  const rule = RULES.find((row) => matches(row, status, answer));
  if (rule) return rule.means;
  return { unknown: answer.bodyKind === 'envelope' ? 'unclear-status' : 'not-anthropic' };
}

function matches(rule: Rule, status: number, answer: Answer): boolean {
  const [first, last] = typeof rule.status === 'number' ? [rule.status, rule.status] : rule.status;
  if (status < first || status > last) return false;
  if (rule.type !== undefined && (answer.bodyKind !== 'envelope' || answer.type !== rule.type)) return false;
  return rule.says === undefined || rule.says.test(answer.message ?? '');
}

/** Whether asking again soon may give a better answer. */
export function isPassing(verdict: Verdict): boolean {
  if (verdict.kind === 'BLOCKED') return verdict.reason === 'rate-limit';
  return verdict.kind === 'UNKNOWN' && verdict.reason !== 'request-refused' && verdict.reason !== 'sandbox';
}

/** Ids and words of the server, kept only where they have the shape they should: an echoed key never fits. */
function evidenceOf(answer: Answer, asked: Asked): Evidence {
  const id = (name: string) => shaped(answer.headers[name], /^[\w-]{1,80}$/);
  const found = {
    ...asked,
    status: answer.status,
    errorType: shaped(answer.type, /^[a-z_]{1,60}$/),
    errorCode: shaped(answer.errorCode, /^[a-z0-9_]{1,60}$/),
    requestId: id('request-id'),
    organizationId: id('anthropic-organization-id'),
    workspaceId: id('anthropic-workspace-id'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as typeof found;
}

const shaped = (text: string | undefined, shape: RegExp) =>
  text !== undefined && shape.test(text) && !/sk-ant-/i.test(text) ? text : undefined;
