import { retiringIn } from '../../contract/labels';
import { leakedOn } from '../../domain/memory';
import { IllegalTransition } from '../../workflows/errors';
import type { CliContext } from '../context';
import { EXIT, Interrupted, UsageError } from '../exit-code';
import { keyVerb, rehearse } from '../key-verb';
import { checklist } from '../leak/checklist';
import { type Incident, IncidentLog, keepRecord, recordLines } from '../leak/incident';
import { inWords, isNothingDone, markAsLeaked, reportLeak } from '../leak/mark';
import { failure, stillLeaking } from '../leak/not-replaced';
import { type Found, proveDead } from '../leak/prove-dead';
import { type ManagedKey, managedKey, type RetiringKey, waysBack, whichOldKey } from '../managed-key';
import { needText, readFingerprint } from '../read-options';
import { styleFor } from '../style';
import { byHand, rehearseSwitchOff, switchOff } from '../switch-off';
import type { Outcome, Plan } from '../verb';
import { submit } from './submit';

interface Intent {
  readonly fingerprint?: string;
  readonly reason: string;
  readonly replaceFirst: boolean;
  readonly record?: string;
}

type Leaked = Incident['leaked'];

/** Stops a leaked key. */
export const leak = keyVerb<Intent>({
  name: 'leak',
  policy: 'responder',
  summary: 'stop a leaked key now',
  about:
    'Switches a leaked key off at once, before there is a new one. That stops the leak, and also the service until a new key is in. Without Admin access it names the row of the Console to disable, and waits until the key is dead. --replace-first puts a new key in before it switches the leaked one off: for a suspected leak, not for a proven one. In the end the command writes an incident record, without the key.',
  options: [
    ['--reason <text>', 'where it leaked, for the record and the mail'],
    ['--replace-first', 'submit a new key first, then switch the leaked one off'],
    ['-k, --key <fingerprint>', 'which key leaked; default: the live one'],
    ['--record <file>', 'write the incident record to a file; default: after the text'],
  ],
  examples: [
    'leak prod/api-gateway --reason "pasted into ticket 4711"',
    'leak prod/api-gateway --reason "perhaps in a log" --replace-first --record incident.json',
  ],
  seeAlso: ['submit', 'reactivate', 'show', 'retire'],
  document: 'incident/1',
  read: (options) => ({
    fingerprint: readFingerprint(options),
    reason: needText(options, 'reason', 'where did it leak? A few words for the record.'),
    replaceFirst: options.replaceFirst === true,
    record: typeof options.record === 'string' ? options.record : undefined,
  }),
  plan(key, intent, context) {
    const leaked = whichLeaked(key, intent.fingerprint);
    if (intent.replaceFirst) return replaceFirst(key, leaked, intent, context);
    return {
      steps: [
        `Switch ${leaked.hint ?? leaked.fingerprint} off at Anthropic now, or name the row of the Console to disable.`,
        leaked.live
          ? `${key.name} STOPS WORKING until a new key is in. That stops the leak, too.`
          : 'This is an old key. The service uses another one and goes on working.',
        'Wait until the key is proven dead, and write the incident record.',
      ],
      confirm: leaked.live ? `Stop ${key.name} now?` : 'Switch it off now?',
      rehearse: () => rehearseStop(key, leaked, intent, context),
      async execute() {
        const log = await startLog(key, leaked, intent.reason, 'contain-now', context);
        return stopLeak(key, leaked, log, intent, context);
      },
    };
  },
});

function whichLeaked(key: ManagedKey, wanted: string | undefined): Leaked {
  const { memory, name } = key;
  const { verdict, timeline } = memory;
  if (wanted === undefined) refuseIfAnotherLeaks(key);
  if (verdict && (wanted === undefined || verdict.fingerprint.startsWith(wanted)))
    return { fingerprint: verdict.fingerprint, hint: verdict.hint, live: true };
  if (wanted === undefined)
    throw new IllegalTransition(
      'no-such-key',
      `${name} has no live key that was ever checked. Name the leaked one with --key and its whole fingerprint, 12 hex digits: mails about it show it.`,
    );
  const old = whichOldKey(key, wanted);
  if (old?.fingerprint) return { fingerprint: old.fingerprint, hint: old.hint, live: false };
  if (timeline.fingerprint?.startsWith(wanted)) return { fingerprint: timeline.fingerprint, live: false };
  if (wanted.length === 12) return { fingerprint: wanted, live: false };
  throw new UsageError(`Name the leaked key of ${name} by its whole fingerprint, 12 hex digits.`);
}

/** The live key may be the one that replaced the leaked one. It must not be stopped because nobody named a key. */
function refuseIfAnotherLeaks({ name, memory, leaks }: ManagedKey): void {
  const { fingerprint: old, provenAt } = memory.timeline;
  const live = memory.verdict?.fingerprint;
  if (!live || !old || old === live || provenAt || !leakedOn({ leaks }, old) || leakedOn({ leaks }, live))
    return;
  throw new IllegalTransition(
    'which-key',
    `The old key of ${name} was reported as leaked and is not proven dead, and another key is live. Say which one you mean: --key ${old} is the old one; --key ${live} is the live one, and stops the service.`,
  );
}

async function startLog(
  key: ManagedKey,
  leaked: Leaked,
  reason: string,
  mode: Incident['mode'],
  { clock, place }: CliContext,
): Promise<IncidentLog> {
  const about = { key: key.name, secretArn: key.secret.arn, leaked, reason, mode, reportedAt: clock.now() };
  return new IncidentLog(about, await place());
}

/** Switches the key off, proves it dead and writes the record. Both ways to stop a leak end with this. */
async function stopLeak(
  key: ManagedKey,
  leaked: Leaked,
  log: IncidentLog,
  { reason, record }: Intent,
  context: CliContext,
): Promise<Outcome> {
  const { clock, terminal } = context;
  const off = await switchOff(
    await orderFor(key, leaked, reason, context),
    key.identity.environment,
    context,
  );
  log.note(
    clock.now(),
    off.how === 'by-hand'
      ? `A person must switch it off: ${off.why}`
      : `Switched off at Anthropic (record ${off.recordId})`,
  );
  // Two functions, and neither waits for the other's success: one switches the key off, the other one records the leak.
  const mark = await markAsLeaked(key, leaked, off, context);
  log.note(clock.now(), mark.why ? `Not marked as leaked: ${mark.why}` : 'Marked as leaked');
  const { bad } = styleFor(terminal);
  if (off.how === 'by-hand')
    terminal.complain(
      `${bad(off.why)}\n${byHand(mark.hint, terminal.columns, 'leaked')}\nCtrl-C stops waiting. The checks go on asking the key.`,
    );
  if (mark.why) terminal.complain(bad(`It is not marked as leaked, so repeat the command. ${mark.why}`));
  const { provenDeadAt, refused } = await proveDead(key, leaked.fingerprint, context).catch(
    (error: unknown): Found => {
      if (!(error instanceof Interrupted)) log.note(clock.now(), `Not proven dead: ${inWords(error)}`);
      return {};
    },
  );
  if (provenDeadAt) log.note(provenDeadAt, 'Proven dead');
  if (refused) log.note(clock.now(), 'Refused, but not proven dead: no other key works beside it');
  const incident = log.record({
    stoppedBy: off.how !== 'by-hand' ? 'deactivation' : provenDeadAt ? 'console' : 'nobody-yet',
    recordId: off.how === 'by-hand' ? undefined : off.recordId,
    provenDeadAt,
    refused,
  });
  await keepRecord(incident, record, context);
  const outcome = outcomeOf(incident, record, oldKeysBeside(key, leaked));
  return mark.why ? { ...outcome, exit: EXIT.failed } : outcome;
}

/** What the function with Admin access is asked to do. */
async function orderFor(
  key: ManagedKey,
  { fingerprint }: Leaked,
  reason: string,
  { place }: Pick<CliContext, 'place'>,
) {
  const { caller } = await place();
  return { secretId: key.secret.arn, fingerprint, order: { kind: 'contain', reason, by: caller } } as const;
}

/** Both functions are asked, as in the real run. */
async function rehearseStop(
  key: ManagedKey,
  leaked: Leaked,
  { reason }: Intent,
  context: CliContext,
): Promise<readonly string[]> {
  const request = await orderFor(key, leaked, reason, context);
  const { off, says } = await rehearseSwitchOff(request, key.identity.environment, context);
  const { fingerprint } = leaked;
  const failed = await rehearse(key, { verb: 'report-leak', fingerprint }, context).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (failed && isNothingDone(off, failed.error)) throw failed.error;
  return [says, ...(failed ? [`It would not be marked as leaked: ${inWords(failed.error)}`] : [])];
}

const oldKeysBeside = (key: ManagedKey, leaked: Leaked): readonly RetiringKey[] =>
  waysBack(key).filter(({ fingerprint }) => fingerprint !== leaked.fingerprint);

function outcomeOf(incident: Incident, path: string | undefined, oldKeys: readonly RetiringKey[]): Outcome {
  const { leaked, provenDeadAt, refused } = incident;
  const name = leaked.hint ?? leaked.fingerprint;
  return {
    exit: provenDeadAt && !leaked.live ? EXIT.fine : EXIT.attention,
    json: { ...incident },
    text: (style) =>
      [
        provenDeadAt
          ? style.good(`${name} is dead. The leak is stopped.`)
          : style.bad(`${name} is ${refused ? 'refused, but ' : ''}NOT proven dead yet: the leak is open.`),
        '',
        checklist(incident, oldKeys, style),
        '',
        ...recordLines(incident, path, style),
      ].join('\n'),
  };
}

async function replaceFirst(
  key: ManagedKey,
  leaked: Leaked,
  intent: Intent,
  context: CliContext,
): Promise<Plan> {
  if (!leaked.live)
    throw new UsageError(
      '--replace-first is for the live key. An old key has been replaced already: leave the option out.',
    );
  const { name, identity, secret } = key;
  const submission = await submit.prepare(
    { key: secret.arn, replace: false, untested: false, graceHours: 0 },
    context,
  );
  return {
    steps: [
      'The leaked key works until the new one is live: whoever has it can use it until then.',
      ...(submission.steps ?? []),
      `Then end the grace of ${leaked.hint} at once, switch it off, and wait until it is proven dead.`,
    ],
    confirm: `Replace the key of ${name} first?`,
    async rehearse() {
      await rehearse(key, { verb: 'report-leak', fingerprint: leaked.fingerprint }, context);
      return (await submission.rehearse?.()) ?? [];
    },
    async execute() {
      const old = { ...leaked, live: false };
      const log = await startLog(key, old, intent.reason, 'replace-first', context);
      const submitted = await reportLeak(key, leaked, context)
        .then(() => submission.execute())
        .catch(failure);
      if (submitted.exit !== EXIT.fine)
        return stillLeaking(submitted, leaked, log, { ...intent, key: name }, context);
      log.note(context.clock.now(), 'Replaced by a new key');
      const after = managedKey(await context.store.describe(secret.arn));
      if (retiringIn(after.secret.stages).length > 0)
        await context.functions.check(identity, { verb: 'retire-now', fingerprint: leaked.fingerprint });
      return stopLeak(after, old, log, intent, context);
    },
  };
}
