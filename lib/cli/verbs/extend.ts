import { LONGEST_EXTENSION_HOURS } from '../../domain/policy';
import { graceFrom } from '../../domain/secret';
import { later, MINUTE } from '../../domain/time';
import { absolute, moment } from '../../domain/wording/text';
import { IllegalTransition } from '../../workflows/errors';
import { soonerThan } from '../../workflows/extend-grace';
import { EXIT, UsageError } from '../exit-code';
import { invokeCheck, keyVerb, rehearse } from '../key-verb';
import { type ManagedKey, oldKeyName, type RetiringKey, whichOldKey } from '../managed-key';
import { KEY_OPTION, readFingerprint, readMoment, readNumber } from '../read-options';

interface Intent {
  readonly fingerprint?: string;
  /** The new end, or the hours to add. */
  readonly end: Date | number;
  readonly shorten: boolean;
}

/** Gives an old key more time. */
export const extend = keyVerb<Intent>({
  name: 'extend',
  policy: 'operator',
  summary: 'give the old key more time before it is switched off',
  about:
    'Moves the end of the old key’s grace: to a moment with --until, or by hours with --hours, which adds to the present end, or to now if that is over. At most 14 days are added at once. It buys time for a service that still uses the old key to read the secret again. The grace never ends sooner than before, unless --shorten says so; that is asked first. The end is sent together with the present one: repeating a command with --until changes nothing, and a deadline that somebody else moved meanwhile is not overwritten.',
  options: [
    ['--until <moment>', 'when it is to end, in UTC, such as 2026-12-01T08:00Z or "2026-12-01 08:00"'],
    ['--hours <number>', 'hours to add, 1 to 336 (default: 24)'],
    ['--shorten', 'allow an end that is sooner than the present one'],
    KEY_OPTION,
  ],
  examples: ['extend prod/api-gateway --until 2026-12-01T08:00Z', 'extend prod/api-gateway --hours 48'],
  seeAlso: ['show', 'retire', 'snooze'],
  document: 'extend/1',
  read(options) {
    const { until, hours } = options;
    if (until !== undefined && hours !== undefined)
      throw new UsageError('--until says when it ends, --hours how much is added: give one of them.');
    return {
      fingerprint: readFingerprint(options),
      end:
        until === undefined
          ? readNumber(String(hours ?? 24), 'hours', [1, LONGEST_EXTENSION_HOURS])
          : readMoment(String(until), 'until'),
      shorten: options.shorten === true,
    };
  },
  plan(key, { fingerprint, end, shorten }, context) {
    const old = whichOldKey(key, fingerprint);
    const now = context.clock.now();
    const until = typeof end === 'number' ? graceFrom(later(now, presentEnd(key, old)), end) : end;
    const isSooner = old !== undefined && old.until.getTime() - until.getTime() >= MINUTE;
    const name = old ? oldKeyName(old) : (fingerprint ?? 'the old key');
    if (isSooner && !shorten) throw new IllegalTransition('sooner', soonerThan(name, old.until, until));
    const which = { verb: 'extend', fingerprint: old?.fingerprint ?? fingerprint } as const;
    const command =
      old || typeof end !== 'number'
        ? { ...which, until, ...(old && { expected: old.until }), ...(shorten && { shorten }) }
        : // Without a deadline to add to, it may have been switched on again.
          { ...which, hoursFromNow: end };
    return {
      steps: [
        `Move the end of the grace of ${name} of ${key.name} to ${moment(until, now)}.${old ? ` Now it ends ${moment(old.until, now)}.` : ''}`,
      ],
      rehearse: () => rehearse(key, command, context),
      confirm: shorten && (isSooner || !old) ? `End the grace of ${name} sooner?` : undefined,
      async execute() {
        const answer = await invokeCheck('Moving the deadline', key, command, context);
        const { before } = answer;
        const isSame = before?.getTime() === answer.until.getTime();
        return {
          exit: EXIT.fine,
          json: { name: key.name, ...answer },
          text: ({ good, warn }) => {
            const ends = `The grace of ${answer.key.hint} ends ${moment(answer.until, context.clock.now())}`;
            if (isSame) return good(`${ends}, as before.`);
            const was = before ? `Before, it was to end ${absolute(before)}.` : 'Before, it had no deadline.';
            return [answer.longer ? good(`${ends}.`) : warn(`${ends}, sooner than before.`), was].join('\n');
          },
        };
      },
    };
  },
});

/**
 * What hours are added to. A key without a deadline, such as one that was enabled again, gets them from now on. @throws UsageError if the key meant may
 * be one whose deadline memory has no room for
 */
function presentEnd({ name, retiring }: ManagedKey, old: RetiringKey | undefined): Date | undefined {
  if (old || retiring.every(({ fingerprint }) => fingerprint !== undefined)) return old?.until;
  throw new UsageError(
    `Which old key of ${name} this is, and so when it ends, is not known here. Say when it is to end, with --until and --key.`,
  );
}
