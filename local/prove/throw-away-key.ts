import type { ApiKey } from '../../lib/domain/key';
import type { ProbeKind, Verdict } from '../../lib/domain/probe/verdict';
import { MINUTE } from '../../lib/domain/time';
import type { KeyProbe } from '../../lib/workflows/ports';
import { answerInShort, type Exchange, isDefinite } from './exchanges';
import type { QuestionId } from './questions';
import { poll, type Sitting, seconds } from './sitting';

const EVERY = 5_000;
const REFUSED_AT_MOST = 20 * MINUTE;
const NEW_AT_MOST = 2 * MINUTE;
const WITHIN = 15_000;

/** A key that a person made to try out what becomes of one. */
export interface ThrowAwayKey {
  readonly key: ApiKey;
  /** The answer is shown, if nothing else is said. */
  ask(kind: ProbeKind, how?: { readonly quietly: boolean }): Promise<Verdict>;
}

/** What was seen of a key while it lived. */
export interface Arrival {
  readonly verdict: Verdict;
  /** When it was asked first, and when it was accepted. */
  readonly askedAt: Date;
  readonly acceptedAt?: Date;
  /** Whether it was accepted when it was asked first. */
  readonly atOnce: boolean;
}

/** What was seen of its end. */
export interface Departure {
  readonly last: Verdict;
  /** When the person disabled it. */
  readonly disabledAt: Date;
  /** Whether any answer other than ALIVE came. */
  readonly refused: boolean;
}

export function throwAwayKey(key: ApiKey, probe: KeyProbe, { prover }: Sitting): ThrowAwayKey {
  return {
    key,
    async ask(kind, how) {
      const verdict = await probe.probe(key, { probe: kind, within: WITHIN });
      if (!how?.quietly) prover.say(renderVerdict(verdict));
      return verdict;
    },
  };
}

/** Asks until the key is accepted: one that was made a moment ago may be refused at first. Tokens are only counted here, which is not billed. */
export async function watchArrival({ ask }: ThrowAwayKey, sitting: Sitting): Promise<Arrival> {
  const { proof, clock, prover } = sitting;
  const askedAt = clock.now();
  let verdict = await ask('count-tokens');
  const first = verdict;
  if (verdict.kind === 'DEAD') {
    prover.say('Refused. A new key may not be known everywhere yet, so it is asked for two minutes.');
    await poll(sitting, { every: 2_000, until: askedAt.getTime() + NEW_AT_MOST }, async () => {
      verdict = await ask('count-tokens', { quietly: true });
      return verdict.kind === 'DEAD' ? undefined : verdict;
    });
  }
  const atOnce = first.kind === 'ALIVE';
  if (verdict.kind !== 'ALIVE') return { verdict, askedAt, atOnce };
  const acceptedAt = clock.now();
  const waited = seconds(acceptedAt.getTime() - askedAt.getTime());
  if (!atOnce)
    proof.settle('new-key-refused', `yes: ${answerInShort(first.evidence)}, and accepted ${waited} s later`, {
      status: first.evidence.status ?? 0,
      seconds: waited,
    });
  else
    proof.leave(
      'new-key-refused',
      'the key was accepted at once: paste one within seconds after you created it',
    );
  return { verdict, askedAt, acceptedAt, atOnce };
}

const OF_ITS_END: readonly QuestionId[] = [
  'disabled-key-status',
  'disable-delay',
  'disabled-key-workspace-header',
  'disabled-key-request-id',
  'disabled-key-other-headers',
];

/** Has the person disable the key, and watches until it is refused. */
export async function watchDeparture(tried: ThrowAwayKey, sitting: Sitting): Promise<Departure> {
  const { prover, clock, exchanges, proof } = sitting;
  await prover.line('\nNow disable this key in the Claude Console, and press Enter at that moment:');
  const disabledAt = clock.now();
  const until = disabledAt.getTime() + REFUSED_AT_MOST;
  const refused = await poll(sitting, { every: EVERY, until }, async () => {
    const { kind, evidence } = await tried.ask('count-tokens', { quietly: true });
    // A network failure says nothing about the key.
    return kind !== 'ALIVE' && evidence.status !== undefined ? true : undefined;
  });
  const took = seconds(clock.now().getTime() - disabledAt.getTime());
  prover.say(`\nAfter ${took} s:`);
  const from = exchanges.all.length;
  const last = await tried.ask('count-tokens');
  if (!refused) {
    prover.say('The key still answers as before. Did you disable it, and was it this one?');
    proof.leave(OF_ITS_END, `the key was accepted for ${took} s more`, { seconds: took });
    return { last, disabledAt, refused: false };
  }
  await tried.ask('messages');
  await tried.ask('count-tokens');
  await tried.ask('messages');
  proof.settle('disable-delay', `${took} s, asked every ${seconds(EVERY)} s`, { seconds: took });
  noteRefusals(exchanges.all.slice(from), sitting);
  return { last, disabledAt, refused: true };
}

/** What the answers to a disabled key have in common, from requests of both kinds. */
function noteRefusals(answers: readonly Exchange[], { proof }: Sitting): void {
  const refusals = answers.filter((answer) => isDefinite(answer) && answer.status >= 400);
  const told = [...new Set(refusals.map(answerInShort))];
  const of = `of ${refusals.length}`;
  const having = (name: RegExp) =>
    refusals.filter(({ headers }) => headers.some((header) => name.test(header))).length;
  if (refusals.length === 0) {
    proof.leave(OF_ITS_END, 'the key was refused, and then there was no such answer any more');
    return;
  }
  proof.settle('disabled-key-status', told.join(', or '), { answers: told, asked: refusals.length });
  const count = (id: QuestionId, what: string, found: number) =>
    proof.settle(id, `${what} in ${found} ${of} refusals`, { found, asked: refusals.length });
  count('disabled-key-workspace-header', 'the workspace header is', having(/^anthropic-workspace-id$/));
  count(
    'disabled-key-request-id',
    "a request id of Anthropic's is",
    refusals.filter(({ hasRequestId }) => hasRequestId).length,
  );
  const headers = [...new Set(refusals.flatMap((refusal) => refusal.headers))].sort();
  proof.settle(
    'disabled-key-other-headers',
    `organization in ${having(/^anthropic-organization-id$/)}, rate limits in ${having(/^anthropic-ratelimit-/)}, x-should-retry in ${having(/^x-should-retry$/)} ${of} refusals`,
    { headers },
  );
}

/** One answer on one line: status, type, code, and Anthropic's headers. */
function renderVerdict({ kind, evidence, ...rest }: Verdict): string {
  const { probe, requestId, organizationId, workspaceId } = evidence;
  const reason = 'reason' in rest ? ` (${rest.reason})` : '';
  const headers = [
    `request-id ${requestId ?? 'absent'}`,
    `organization ${organizationId ?? 'absent'}`,
    `workspace ${workspaceId ?? 'absent'}`,
  ];
  return `  ${probe.padEnd(12)} ${kind}${reason} · ${answerInShort(evidence)} · ${headers.join(' · ')}`;
}
