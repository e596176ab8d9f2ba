import { utcDay } from '../../domain/time';
import { CALL } from '../../domain/wording/commands';
import { moment } from '../../domain/wording/text';
import { EXIT, UsageError } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { managedKey } from '../managed-key';
import { needText, readDay } from '../read-options';
import type { Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
  /** Absent: the exemption ends now. */
  readonly until?: Date;
  readonly reason?: string;
}

/** Quiets reminders until a day, for a reason. */
export const snooze: Verb<Intent> = {
  name: 'snooze',
  summary: 'quiet the reminders of a key until a day, for a reason',
  about:
    'Exempts a key from reminders until a day, 90 days ahead at most. Every report shows the exemption with its reason. It never hides a dead, leaked or foreign key, nor an old key that still works.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [
    ['--until <day>', 'the day on which reminders begin again, such as 2026-12-01'],
    ['--reason <text>', 'why, for whoever reads the report'],
    ['--end', 'end the exemption now'],
  ],
  examples: [
    'snooze prod/api-gateway --until 2026-12-01 --reason "code freeze until December"',
    'snooze prod/api-gateway --end',
  ],
  seeAlso: ['status', 'show', 'extend'],
  read(key, options) {
    const about = { key: readKeyName(key) };
    if (options.end) {
      if (options.until || options.reason) throw new UsageError('--end stands alone.');
      return about;
    }
    const until = readDay(
      needText(options, 'until', 'an exemption has an end, such as 2026-12-01.'),
      'until',
    );
    return {
      ...about,
      until,
      reason: needText(options, 'reason', 'whoever reads the report wants to know.'),
    };
  },
  async prepare({ key, until, reason }, { store, functions, terminal, clock }) {
    if (until && until <= clock.now())
      throw new UsageError(`--until takes a day to come; ${until.toISOString().slice(0, 10)} is not.`);
    const { name, identity } = managedKey(await findKey(key, store));
    return {
      steps: [
        until
          ? `Send no reminders about ${name} until ${utcDay(until)}, because: ${reason}.`
          : `Send reminders about ${name} again.`,
      ],
      async execute() {
        const command = { verb: 'snooze', until, reason } as const;
        await waitFor(terminal, 'Noting it on the secret', () => functions.check(identity, command));
        return {
          exit: EXIT.fine,
          json: { key: name, snooze: until ? { until, reason } : null },
          text: ({ good }) =>
            until
              ? `${good(`No reminders about ${name} until ${moment(until, clock.now())}.`)}\nTo end it sooner: ${CALL} snooze ${name} --end`
              : good(`Reminders about ${name} are sent again.`),
        };
      },
    };
  },
};
