import { absolute, moment } from '../../domain/wording/text';
import { EXIT } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { managedKey } from '../managed-key';
import { KEY_OPTION, readFingerprint, readNumber } from '../read-options';
import type { Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
  readonly fingerprint?: string;
  readonly hours: number;
}

/** Gives a superseded key more time. */
export const extend: Verb<Intent> = {
  name: 'extend',
  summary: 'give the old key more time before it is switched off',
  about:
    'Sets the end of a superseded key’s grace to so many hours from now. Nothing else changes. A service that still uses the old key should read the secret anew; this buys the time for it.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [['--hours <number>', 'hours from now, 1 to 336 (default: 24)'], KEY_OPTION],
  examples: ['extend prod/api-gateway --hours 48'],
  seeAlso: ['show', 'retire', 'snooze'],
  read: (key, options) => ({
    key: readKeyName(key),
    fingerprint: readFingerprint(options),
    hours: readNumber(String(options.hours ?? 24), 'hours', [1, 336]),
  }),
  async prepare({ key, fingerprint, hours }, { store, functions, terminal, clock }) {
    const { name, identity } = managedKey(await findKey(key, store));
    return {
      steps: [`Let the grace of the old key of ${name} end ${hours} hours from now.`],
      async execute() {
        const command = { verb: 'extend', fingerprint, hoursFromNow: hours } as const;
        const answer = await waitFor(terminal, 'Moving the deadline', () =>
          functions.check(identity, command),
        );
        return {
          exit: EXIT.fine,
          json: { name, ...answer },
          text: ({ good, warn }) =>
            [
              (answer.longer ? good : warn)(
                `The grace of ${answer.key.hint} ends ${moment(answer.until, clock.now())}${answer.longer ? '' : ', sooner than before'}.`,
              ),
              `It was to end ${absolute(answer.before)}.`,
            ].join('\n'),
        };
      },
    };
  },
};
