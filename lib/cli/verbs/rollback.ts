import { CALL } from '../../domain/wording/commands';
import { moment } from '../../domain/wording/text';
import { EXIT } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { managedKey, refuseWithoutOldKey } from '../managed-key';
import { KEY_OPTION, readFingerprint } from '../read-options';
import type { Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
  readonly fingerprint?: string;
}

/** Makes a superseded key the live one again. */
export const rollback: Verb<Intent> = {
  name: 'rollback',
  summary: 'make the previous key the live one again, after proving it alive',
  about:
    'Makes a superseded key that still works the live one again. It is tested first; if it is not alive, nothing changes. The key that it replaces is retired as in every rotation, and goes on working until its grace ends.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [KEY_OPTION],
  examples: ['rollback prod/api-gateway', 'rollback prod/api-gateway --key 4f2c91aa03d7'],
  seeAlso: ['show', 'submit', 'extend', 'reactivate'],
  read: (key, options) => ({ key: readKeyName(key), fingerprint: readFingerprint(options) }),
  async prepare({ key, fingerprint }, { store, functions, terminal, clock }) {
    const found = managedKey(await findKey(key, store));
    const { name, identity, policy, memory } = found;
    const isLive = fingerprint !== undefined && memory.verdict?.fingerprint.startsWith(fingerprint);
    // Behind an edit by hand, the key to go back to is the accepted one.
    const accepted = found.acceptedVersion !== undefined && found.acceptedVersion !== found.currentVersion;
    if (!isLive && !accepted) refuseWithoutOldKey(found);
    return {
      steps: [
        `Prove that the old key of ${name} is alive, on the call that the service makes.`,
        'Make it the live key again.',
        `Retire the key that is live now: where it works, it goes on for ${policy.graceHours} hours.`,
      ],
      confirm: `Roll ${name} back?`,
      async execute() {
        const command = { verb: 'roll-back', fingerprint } as const;
        const { live, retired } = await waitFor(
          terminal,
          'Testing the old key, then going back to it (a minute or two)',
          () => functions.check(identity, command),
        );
        const after = managedKey(await store.describe(identity.secretArn));
        const until = after.retiring.find(({ versionId }) => versionId === retired?.versionId)?.until;
        return {
          exit: EXIT.fine,
          json: { key: name, live, retired, until },
          text: ({ good }) =>
            [
              good(`${live.hint} is the live key of ${name} again.`),
              retired && until
                ? `${retired.hint} is retired${until > clock.now() ? `: it goes on working until ${moment(until, clock.now())}` : ', without grace'}.`
                : 'No other key is left to retire.',
              'Services get the key when they read the secret anew: restart what holds the other one.',
              `If that was wrong: ${CALL} rollback ${name}${retired ? ` --key ${retired.fingerprint}` : ''}`,
            ].join('\n'),
        };
      },
    };
  },
};
