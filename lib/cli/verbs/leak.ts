import { retiringIn } from '../../contract/labels';
import { leakedOn } from '../../domain/memory';
import { IllegalTransition } from '../../workflows/errors';
import type { CliContext } from '../context';
import { EXIT, Interrupted, UsageError } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { checklist } from '../leak/checklist';
import { type Incident, IncidentLog, keepRecord, whereKept } from '../leak/incident';
import { failure, stillLeaking } from '../leak/not-replaced';
import { proveDead } from '../leak/prove-dead';
import { type ManagedKey, managedKey } from '../managed-key';
import { needText, readFingerprint } from '../read-options';
import { styleFor } from '../style';
import { byHand, switchOff } from '../switch-off';
import type { Outcome, Plan, Verb } from '../verb';
import { submit } from './submit';

interface Intent {
  readonly key: string;
  readonly fingerprint?: string;
  readonly reason: string;
  readonly replaceFirst: boolean;
  readonly record?: string;
}

interface Leaked {
  readonly fingerprint: string;
  readonly hint?: string;
  readonly live: boolean;
}

/** From the page to the stopped leak. */
export const leak: Verb<Intent> = {
  name: 'leak',
  summary: 'stop a leaked key now',
  about:
    'Switches a leaked key off at once, before there is a new one: the service stops until a new key is in, and the leak stops now. Without Admin access it says which row of the Console to disable, and waits until the key is dead. --replace-first puts a new key in before the old one is switched off: for a suspicion, not for a proven leak. It writes an incident record without the key.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [
    ['--reason <text>', 'where it leaked, for the record and the mail'],
    ['--replace-first', 'hand in a new key first, then switch the leaked one off'],
    ['--key <fingerprint>', 'which key leaked; default: the live one'],
    ['--record <file>', 'write the incident record to a file; default: after the text'],
  ],
  examples: [
    'leak prod/api-gateway --reason "pasted into ticket 4711"',
    'leak prod/api-gateway --reason "perhaps in a log" --replace-first --record incident.json',
  ],
  seeAlso: ['submit', 'reactivate', 'show', 'retire'],
  read: (key, options) => ({
    key: readKeyName(key),
    fingerprint: readFingerprint(options),
    reason: needText(options, 'reason', 'where did it leak? A few words for the record.'),
    replaceFirst: options.replaceFirst === true,
    record: typeof options.record === 'string' ? options.record : undefined,
  }),
  async prepare(intent, context) {
    const key = managedKey(await findKey(intent.key, context.store));
    const leaked = whichLeaked(key, intent.fingerprint);
    return intent.replaceFirst
      ? replaceFirst(key, leaked, intent, context)
      : {
          steps: [
            `Switch ${leaked.hint ?? leaked.fingerprint} off at Anthropic now, or say which row of the Console to disable.`,
            leaked.live
              ? `${key.name} STOPS WORKING until a new key is in. That stops the leak, too.`
              : 'It is an old key: the live key of the service is another one and goes on working.',
            'Wait until it is proven dead, and write the incident record.',
          ],
          confirm: leaked.live ? `Stop ${key.name} now?` : 'Switch it off now?',
          execute: () => contain(key, leaked, intent, context),
        };
  },
};

function whichLeaked({ memory, name }: ManagedKey, wanted: string | undefined): Leaked {
  const { verdict, timeline } = memory;
  if (wanted === undefined) refuseWhereAnotherLeaks(name, memory);
  if (verdict && (wanted === undefined || verdict.fingerprint.startsWith(wanted)))
    return { fingerprint: verdict.fingerprint, hint: verdict.hint, live: true };
  if (wanted === undefined)
    throw new IllegalTransition(
      'no-such-key',
      `${name} has no live key that was ever checked. Name the leaked one by --key and its whole fingerprint, 12 hex digits: mails about it show it.`,
    );
  if (timeline.fingerprint?.startsWith(wanted)) return { fingerprint: timeline.fingerprint, live: false };
  if (wanted.length === 12) return { fingerprint: wanted, live: false };
  throw new UsageError(`Name the leaked key of ${name} by its whole fingerprint, 12 hex digits.`);
}

/** The live key may be the very one that took the leaked one's place: it must not be stopped for want of a name. */
function refuseWhereAnotherLeaks(name: string, memory: ManagedKey['memory']): void {
  const { fingerprint: old, provenAt } = memory.timeline;
  const live = memory.verdict?.fingerprint;
  if (!live || !old || old === live || provenAt || !leakedOn({ memory }, old) || leakedOn({ memory }, live))
    return;
  throw new IllegalTransition(
    'which-key',
    `The old key of ${name} was reported as leaked and is not proven dead, and another one is live. Say which you mean: --key ${old} is the old one, --key ${live} the live one, which stops the service.`,
  );
}

async function contain(
  key: ManagedKey,
  leaked: Leaked,
  { reason, record }: Intent,
  context: CliContext,
): Promise<Outcome> {
  const place = await context.place();
  const about = { key: key.name, secretArn: key.secret.arn, leaked, reason, reportedAt: context.clock.now() };
  const log = new IncidentLog({ ...about, mode: 'contain-now' }, place);
  return finish(key, leaked, log, record, reason, context);
}

/** Switched off, proven, recorded: what both ways end with. */
async function finish(
  key: ManagedKey,
  leaked: Leaked,
  log: IncidentLog,
  path: string | undefined,
  reason: string,
  context: CliContext,
): Promise<Outcome> {
  const { clock, terminal } = context;
  const { caller } = await context.place();
  const order = { kind: 'contain' as const, reason, by: caller };
  const request = { secretId: key.secret.arn, fingerprint: leaked.fingerprint, order };
  const off = await switchOff(request, key.identity.environment, context);
  if (off.how === 'by-hand') {
    log.note(clock.now(), `A person must switch it off: ${off.why}`);
    const { hint } = (await reportLeak(key, leaked, context)).leaked;
    terminal.complain(
      `${styleFor(terminal).bad(off.why)}\n${byHand(hint, terminal.columns, 'leaked')}\nCtrl-C stops waiting; the key goes on being asked.`,
    );
  } else log.note(clock.now(), `Switched off at Anthropic (record ${off.recordId})`);
  const provenDeadAt = await proveDead(key, leaked.fingerprint, context).catch((error: unknown) => {
    if (error instanceof Interrupted) return undefined;
    throw error;
  });
  if (provenDeadAt) log.note(provenDeadAt, 'Proven dead: two refusals, a minute apart');
  const incident = log.record({
    stoppedBy: off.how !== 'by-hand' ? 'deactivation' : provenDeadAt ? 'console' : 'nobody-yet',
    recordId: off.how === 'by-hand' ? undefined : off.recordId,
    provenDeadAt,
  });
  await keepRecord(incident, path, context);
  return tell(incident, path);
}

/** From now on the key gets no grace, and mails name it until it is dead. */
const reportLeak = ({ identity }: ManagedKey, { fingerprint }: Leaked, { functions }: CliContext) =>
  functions.check(identity, { verb: 'report-leak', fingerprint });

function tell(incident: Incident, path: string | undefined): Outcome {
  const { leaked, provenDeadAt } = incident;
  return {
    exit: provenDeadAt && !leaked.live ? EXIT.fine : EXIT.attention,
    json: incident,
    text: (style) =>
      [
        provenDeadAt
          ? style.good(`${leaked.hint ?? leaked.fingerprint} is dead. The leak is stopped.`)
          : style.bad(`${leaked.hint ?? leaked.fingerprint} is NOT proven dead yet.`),
        '',
        checklist(incident, style),
        '',
        ...whereKept(incident, path, style),
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
      '--replace-first is for the live key. An old key has its replacement already: leave it out.',
    );
  const wanted = { key: intent.key, replace: false, untested: false, graceHours: 0 };
  const submission = await submit.prepare(wanted, context);
  return {
    steps: [
      'The leaked key goes on working until the new one is live: whoever has it can use it meanwhile.',
      ...(submission.steps ?? []),
      `Then end the grace of ${leaked.hint} at once, switch it off, and wait until it is proven dead.`,
    ],
    confirm: `Replace the key of ${key.name} first?`,
    async execute() {
      const about = { key: key.name, secretArn: key.secret.arn, leaked: { ...leaked, live: false } };
      const reportedAt = context.clock.now();
      const log = new IncidentLog(
        { ...about, reason: intent.reason, mode: 'replace-first', reportedAt },
        await context.place(),
      );
      const submitted = await reportLeak(key, leaked, context)
        .then(() => submission.execute())
        .catch(failure);
      if (submitted.exit !== EXIT.fine) return stillLeaking(submitted, leaked, log, intent, context);
      log.note(context.clock.now(), 'Replaced by a new key');
      const after = managedKey(await context.store.describe(key.secret.arn));
      if (hasDeadline(after))
        await context.functions.check(key.identity, {
          verb: 'retire-now',
          fingerprint: leaked.fingerprint,
        });
      return finish(after, { ...leaked, live: false }, log, intent.record, intent.reason, context);
    },
  };
}

const hasDeadline = ({ secret }: ManagedKey) => retiringIn(secret.stages).length > 0;
