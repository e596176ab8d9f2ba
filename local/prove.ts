import { type ApiKey, parseApiKey } from '../lib/domain/key';
import type { ProbeKind, Verdict } from '../lib/domain/probe/verdict';
import type { Clock, KeyProbe } from '../lib/workflows/ports';

/** What the proof needs from the person who runs it. */
export interface Prover {
  /** Asks without showing what is typed. */
  hidden(question: string): Promise<string>;
  /** Waits until Enter is pressed. */
  enter(question: string): Promise<void>;
  say(line: string): void;
}

/** What one key showed about what the documentation leaves open. */
export interface Established {
  readonly first: Verdict;
  readonly last: Verdict;
  /** Milliseconds from the person's Enter to the first answer other than ALIVE; absent if there was none. */
  readonly propagation?: number;
  /** Whether messages.create and countTokens agreed about the dead key. */
  readonly probesAgree?: boolean;
}

const INTRODUCTION = `This tests on the live API what Anthropic's documentation leaves open:

  - what a key answers right after it was created
  - what a disabled key answers: 401 authentication_error, or something else such as 404
  - whether the workspace header is really absent then
  - whether messages and count-tokens agree
  - how long it takes until a disabled key is refused

Create a throw-away key in the Claude Console (Settings, API keys), in a workspace where nothing depends on it.
The test costs less than a cent. The key is not stored and not shown.
`;

const EVERY = 5_000;
const AT_MOST = 20 * 60_000;
const WITHIN = 15_000;

/** Proves on the live API, with a person at the Console, how a key dies. Undefined if the key did not work to begin with. */
export async function prove(prover: Prover, probe: KeyProbe, clock: Clock): Promise<Established | undefined> {
  prover.say(INTRODUCTION);
  const judgement = parseApiKey(await prover.hidden('Throw-away key:'));
  if (!judgement.ok) {
    prover.say(judgement.message);
    return undefined;
  }
  const { key, warnings } = judgement;
  for (const warning of warnings) prover.say(`Note: ${warning}`);
  const ask = async (kind: ProbeKind) => {
    const verdict = await probe.probe(key, { probe: kind, within: WITHIN });
    prover.say(renderVerdict(verdict));
    return verdict;
  };

  prover.say(`\n${key.hint}, as it is now:`);
  const first = await ask('messages');
  await ask('count-tokens');
  if (first.kind !== 'ALIVE') {
    prover.say(`\nThe key must be ALIVE to begin with. ${first.advice}`);
    return undefined;
  }
  await prover.enter('\nNow disable this key in the Claude Console, and press Enter at that moment:');
  const begun = clock.now().getTime();
  const unchanged = await watch(key, probe, clock, begun + AT_MOST);
  const propagation = clock.now().getTime() - begun;
  prover.say(`\nAfter ${seconds(propagation)}:`);
  const last = await ask('count-tokens');
  if (unchanged) {
    prover.say('The key still answers as before. Did you disable it, and was it this one?');
    return { first, last };
  }
  const other = await ask('messages');
  return { first, last, propagation, probesAgree: other.kind === last.kind };
}

/** Asks every few seconds. True if time ran out before anything changed. */
async function watch(key: ApiKey, probe: KeyProbe, clock: Clock, until: number): Promise<boolean> {
  for (;;) {
    const verdict = await probe.probe(key, { probe: 'count-tokens', within: WITHIN });
    // A network failure says nothing about the key.
    if (verdict.kind !== 'ALIVE' && verdict.evidence.status !== undefined) return false;
    if (clock.now().getTime() + EVERY > until) return true;
    await clock.sleep(EVERY);
  }
}

/** One answer on one line: status, type, code, and Anthropic's headers. */
function renderVerdict({ kind, evidence, ...rest }: Verdict): string {
  const { probe, status, errorType, errorCode, requestId, organizationId, workspaceId } = evidence;
  const reason = 'reason' in rest ? ` (${rest.reason})` : '';
  const answer = [status ?? 'no answer', errorType, errorCode].filter((part) => part !== undefined).join(' ');
  const headers = [
    `request-id ${requestId ?? 'absent'}`,
    `organization ${organizationId ?? 'absent'}`,
    `workspace ${workspaceId ?? 'absent'}`,
  ];
  return `  ${probe.padEnd(12)} ${kind}${reason} · ${answer} · ${headers.join(' · ')}`;
}

/** What was established, one line per open question. */
export function renderEstablished({ first, last, propagation, probesAgree }: Established): string {
  const { status, errorType, workspaceId } = last.evidence;
  const header = (id: string | undefined) => (id ? 'present' : 'absent');
  const ifRefused = (text: string) => (propagation === undefined ? 'not seen' : text);
  const agree = probesAgree ? 'yes' : 'no: please report this output';
  const rows = [
    ['A working key', `${first.kind}, workspace header ${header(first.evidence.workspaceId)}`],
    ['A disabled key', ifRefused(`${status} ${errorType ?? 'without a type'}`)],
    ['Its workspace header', ifRefused(header(workspaceId))],
    ['Verdict', last.kind === 'DEAD' ? 'DEAD, as expected' : `${last.kind}: please report this output`],
    ['Both probes agree', probesAgree === undefined ? 'not seen' : agree],
    ['Time until refused', ifRefused(`${seconds(propagation ?? 0)}, asked every ${seconds(EVERY)}`)],
  ];
  const lines = rows.map(([name = '', value]) => `  ${name.padEnd(22)}${value}`);
  return ['\nEstablished:', ...lines, '\nArchive the throw-away key in the Console now.'].join('\n');
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
