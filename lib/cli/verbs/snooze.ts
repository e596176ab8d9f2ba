import { utcDay } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { moment } from '../../domain/wording/text';
import { EXIT, UsageError } from '../exit-code';
import { invokeCheck, keyVerb, rehearse } from '../key-verb';
import { needText, readDay } from '../read-options';

interface Intent {
  /** Absent: the exemption ends now. */
  readonly until?: Date;
  readonly reason?: string;
}

/** Pauses reminders until a day, for a reason. */
export const snooze = keyVerb<Intent>({
  name: 'snooze',
  policy: 'operator',
  summary: 'pause the reminders of a key until a day, for a reason',
  about:
    'Exempts a key from reminders until a day, at most 90 days ahead. Every report shows the exemption with its reason. It never hides a dead, leaked or foreign key, nor an old key that still works.',
  options: [
    ['--until <day>', 'the day on which reminders start again, such as 2026-12-01'],
    ['--reason <text>', 'why, for readers of the report'],
    ['--end', 'end the exemption now'],
  ],
  examples: [
    'snooze prod/api-gateway --until 2026-12-01 --reason "code freeze until December"',
    'snooze prod/api-gateway --end',
  ],
  seeAlso: ['status', 'show', 'extend'],
  document: 'snooze/1',
  read(options) {
    if (options.end) {
      if (options.until || options.reason) throw new UsageError('--end takes neither --until nor --reason.');
      return {};
    }
    const until = needText(options, 'until', 'an exemption has an end, such as 2026-12-01.');
    return {
      until: readDay(until, 'until'),
      reason: needText(options, 'reason', 'readers of the report want to know why.'),
    };
  },
  plan(key, { until, reason }, context) {
    const { name } = key;
    if (until && until <= context.clock.now())
      throw new UsageError(`--until takes a day in the future; ${utcDay(until)} is not.`);
    const command = { verb: 'snooze', until, reason } as const;
    return {
      steps: [
        until
          ? `Send no reminders about ${name} until ${utcDay(until)}. Reason: ${reason}.`
          : `Send reminders about ${name} again.`,
      ],
      rehearse: () => rehearse(key, command, context),
      async execute() {
        await invokeCheck('Noting it on the secret', key, command, context);
        return {
          exit: EXIT.fine,
          json: { key: name, snooze: until ? { until, reason } : null },
          text: ({ good }) =>
            until
              ? `${good(`No reminders about ${name} until ${moment(until, context.clock.now())}.`)}\nTo end it sooner: ${CLI_COMMAND} snooze ${name} --end`
              : good(`Reminders about ${name} are sent again.`),
        };
      },
    };
  },
});
