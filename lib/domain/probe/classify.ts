import type { Answer, BodyKind } from './answer';
import { advise, type Decision, decideCode, type UnknownReason } from './outcomes';
import type { Evidence, Home, ProbeKind, Verdict } from './verdict';
import { isSigned, refusalOf, requestIdOf } from './vote';

/** What a probe knows before the answer. */
export interface Asked {
  readonly at: Date;
  readonly probe: ProbeKind;
  readonly model?: string;
  /** Where the key must live, as far as it is known: the id of another organization speaks against Anthropic's own refusal. */
  readonly home?: Home;
}

type Outcome = 'ALIVE' | 'DEAD' | Exclude<Decision, 'as-type'>;

/** A status or a range of them, and what an answer with it means: one of Anthropic's error type, if named, whose message fits. */
type Rule = readonly [
  status: number | readonly [number, number],
  means: Outcome,
  type?: string,
  message?: RegExp,
];

/** First match wins. Rows with a `type` need Anthropic's envelope; only those may say anything of the key. */
const RULES: readonly Rule[] = [
  [401, 'DEAD', 'authentication_error'],
  [401, { unknown: 'unclear-401' }],
  [400, { blocked: 'organization' }, 'invalid_request_error', /organization has been disabled/i],
  [400, { blocked: 'billing' }, 'invalid_request_error', /credit balance is too low|not set up for billing/i],
  [400, { blocked: 'spend-limit' }, 'invalid_request_error', /reached your specified .*usage limit/is],
  [
    400,
    { blocked: 'workspace-config' },
    'invalid_request_error',
    /anthropic-workspace-id|workspace.*(?:required|not scoped|invalid|not found)|not scoped to.*workspace/is,
  ],
  [400, { unknown: 'request-refused' }, 'invalid_request_error'],
  [402, { blocked: 'billing' }, 'billing_error'],
  [403, { blocked: 'ip-allowlist' }, 'permission_error', /\bip\b.*(?:allow|address|range)|allow-?list/is],
  [403, { blocked: 'permission' }, 'permission_error'],
  [403, { unknown: 'unclear-403' }],
  [404, { blocked: 'workspace-config' }, 'not_found_error', /workspace.*not found/is],
  [404, { blocked: 'model' }, 'not_found_error', /\bmodel\b/i],
  [404, { unknown: 'not-found' }],
  [429, { blocked: 'rate-limit' }, 'rate_limit_error'],
  [529, { unknown: 'overloaded' }],
  [[500, 599], { unknown: 'server-trouble' }],
];

const SUCCESS: Readonly<Record<ProbeKind, BodyKind>> = { messages: 'message', 'count-tokens': 'token-count' };

/** What an answer says of the key that asked. ALIVE and DEAD need signs that only Anthropic gives; what DEAD needs stands in `vote`. */
export function classify(answer: Answer, asked: Asked): Verdict {
  const decided = decide(answer, asked);
  const refusal = decided === 'DEAD' ? refusalOf(answer, asked.home) : {};
  const outcome = refusal.reason ? { unknown: refusal.reason } : decided;
  const evidence = evidenceOf(answer, asked, refusal.veto);
  if (outcome === 'ALIVE' || outcome === 'DEAD') return { kind: outcome, evidence, advice: advise(outcome) };
  if ('unknown' in outcome)
    return { kind: 'UNKNOWN', reason: outcome.unknown, evidence, advice: advise(outcome.unknown) };
  return { kind: 'BLOCKED', reason: outcome.blocked, evidence, advice: advise(outcome.blocked) };
}

function decide(answer: Answer, asked: Asked): Outcome {
  const { status, transport, bodyKind } = answer;
  if (transport !== undefined || status === undefined) return { unknown: transport ?? 'network' };
  if (status === 200)
    return bodyKind === SUCCESS[asked.probe] && isSigned(answer)
      ? 'ALIVE'
      : { unknown: 'unexpected-success' };
  const byCode = bodyKind === 'envelope' ? decideCode(status, answer.errorCode) : 'as-type';
  return byCode === 'as-type' ? decideType(status, answer) : byCode;
}

function decideType(status: number, answer: Answer): Outcome {
  const [, means] = RULES.find((rule) => matches(rule, status, answer)) ?? [];
  return means ?? { unknown: answer.bodyKind === 'envelope' ? 'unclear-status' : 'not-anthropic' };
}

function matches([statuses, , type, message]: Rule, status: number, answer: Answer): boolean {
  const [first, last] = typeof statuses === 'number' ? [statuses, statuses] : statuses;
  if (status < first || status > last) return false;
  if (type !== undefined && (answer.bodyKind !== 'envelope' || answer.type !== type)) return false;
  return message === undefined || message.test(answer.message ?? '');
}

/** Whether asking again soon may give a better answer. */
export function isPassing(verdict: Verdict): boolean {
  if (verdict.kind === 'BLOCKED') return verdict.reason === 'rate-limit';
  return verdict.kind === 'UNKNOWN' && !LASTING.includes(verdict.reason);
}

/** A refused key is asked again a minute later, by whoever judges it. */
const LASTING: readonly UnknownReason[] = ['request-refused', 'sandbox', 'vetoed-401', 'unsigned-401'];

/** The server's ids and words, kept only in their expected shape: an echoed key never fits. */
function evidenceOf(answer: Answer, { home: _, ...asked }: Asked, veto: string | undefined): Evidence {
  const id = (name: string) => shaped(answer.headers[name], /^[\w-]{1,80}$/);
  const found = {
    ...asked,
    status: answer.status,
    errorType: shaped(answer.type, /^[a-z_]{1,60}$/),
    errorCode: shaped(answer.errorCode, /^[a-z0-9_]{1,60}$/),
    requestId: id('request-id') ?? shaped(requestIdOf(answer), /^[\w-]{1,80}$/),
    organizationId: id('anthropic-organization-id'),
    workspaceId: id('anthropic-workspace-id'),
    veto: shaped(veto, /^[a-z0-9-]{1,60}$/),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as typeof found;
}

const shaped = (text: string | undefined, shape: RegExp) =>
  text !== undefined && shape.test(text) && !/sk-ant-/i.test(text) ? text : undefined;
