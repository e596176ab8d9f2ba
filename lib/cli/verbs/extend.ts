import { absolute, moment } from '../../domain/wording/text';
import { EXIT, UsageError } from '../exit-code';
import { invokeCheck, keyVerb } from '../key-verb';
import { KEY_OPTION, readFingerprint, readNumber } from '../read-options';

/** Gives an old key more time. */
export const extend = keyVerb({
  name: 'extend',
  summary: 'give the old key more time before it is switched off',
  about:
    'Sets when the grace of the old key ends, in hours from now. Nothing else changes. It buys time for a service that still uses the old key to read the secret again.',
  options: [
    ['--until <moment>', 'when it ends, such as 2026-12-01T08:00Z'],
    ['--hours <number>', 'hours from now, 1 to 336 (default: 24)'],
    KEY_OPTION,
  ],
  examples: ['extend prod/api-gateway --hours 48'],
  seeAlso: ['show', 'retire', 'snooze'],
  read: (options) => ({
    fingerprint: readFingerprint(options),
    until: options.until === undefined ? undefined : readMoment(String(options.until)),
    hours: readNumber(String(options.hours ?? 24), 'hours', [1, 336]),
  }),
  plan: (key, { fingerprint, until, hours }, context) => ({
    steps: [
      `End the grace of the old key of ${key.name} ${until ? `at ${absolute(until)}` : `${hours} hours from now`}.`,
    ],
    async execute() {
      const when = until ? { until } : { hoursFromNow: hours };
      const command = { verb: 'extend', fingerprint, ...when } as const;
      const answer = await invokeCheck('Moving the deadline', key, command, context);
      return {
        exit: EXIT.fine,
        json: { name: key.name, ...answer },
        text: ({ good, warn }) =>
          [
            (answer.longer ? good : warn)(
              `The grace of ${answer.key.hint} ends ${moment(answer.until, context.clock.now())}${answer.longer ? '' : ', sooner than before'}.`,
            ),
            `Before, it was to end ${absolute(answer.before)}.`,
          ].join('\n'),
      };
    },
  }),
});

/** `2026-12-01T08:00Z`. @throws UsageError */
function readMoment(text: string): Date {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(text) ? new Date(text) : undefined;
  if (moment && !Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(`--until takes a moment such as 2026-12-01T08:00Z, not ${JSON.stringify(text)}.`);
}
