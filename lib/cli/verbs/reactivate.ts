import { leakedOn } from '../../domain/memory';
import { hoursOnceMore } from '../../domain/policy';
import { utcDay } from '../../domain/time';
import { CALL, CONSOLE } from '../../domain/wording/commands';
import { IllegalTransition } from '../../workflows/errors';
import { FunctionError } from '../../workflows/operator-ports';
import { EXIT } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { type ManagedKey, managedKey } from '../managed-key';
import { readFingerprint } from '../read-options';
import type { Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
  readonly fingerprint?: string;
}

/** Switches a deactivated key on again. */
export const reactivate: Verb<Intent> = {
  name: 'reactivate',
  summary: 'switch a key on again that was switched off',
  about:
    'Undoes a deactivation at Anthropic: the way back where something broke, or where a leak was none. It needs Admin access; without it, enable the key in the Console. An archived key stays off for ever.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [['--key <fingerprint>', 'which key; default: the one that was last switched off']],
  examples: ['reactivate prod/api-gateway', 'reactivate prod/api-gateway --key 4f2c91aa03d7'],
  seeAlso: ['retire', 'leak', 'rollback', 'show'],
  read: (key, options) => ({ key: readKeyName(key), fingerprint: readFingerprint(options) }),
  async prepare({ key, fingerprint: wanted }, { store, functions, terminal }) {
    const found = managedKey(await findKey(key, store));
    const { name, identity } = found;
    const fingerprint = whichOne(found, wanted);
    const live = found.memory.verdict?.fingerprint === fingerprint;
    const hours = hoursOnceMore(found.policy);
    const leaked = leakedOn(found, fingerprint);
    return {
      steps: [
        ...(leaked
          ? [`${fingerprint} was REPORTED AS LEAKED on ${utcDay(leaked)}. Go on only if that was wrong.`]
          : []),
        ...(live ? [] : [`Give the key ${fingerprint} of ${name} a deadline ${hours} hours from now.`]),
        `Have the key ${fingerprint} of ${name} set to active at Anthropic.`,
      ],
      confirm: leaked
        ? 'Switch a key on again that was reported as leaked?'
        : `Switch ${fingerprint} on again?`,
      async execute() {
        // First the deadline: a key that is on again without one would be switched off at the next check, or forgotten.
        if (!live) await functions.check(identity, { verb: 'extend', fingerprint, hoursFromNow: hours });
        const answer = await waitFor(terminal, 'Asking for it to be switched on', () =>
          functions.admin(identity.environment, {
            verb: 'reactivate',
            secretId: identity.secretArn,
            fingerprint,
          }),
        ).catch(async (error: unknown) => {
          if (leaked && isMissing(error))
            await functions.check(identity, { verb: 'withdraw-leak', fingerprint });
          return pointToConsole(error, leaked !== undefined);
        });
        if (answer.outcome === 'refused')
          throw new IllegalTransition('refused', `It was not switched on: ${answer.why}.`);
        const recordId = 'recordId' in answer ? answer.recordId : undefined;
        return {
          exit: EXIT.fine,
          json: { key: name, fingerprint, outcome: answer.outcome, recordId },
          text: ({ good }) =>
            [
              good(
                answer.outcome === 'already-done'
                  ? `The key was on already (record ${recordId}).`
                  : `The key is on again (record ${recordId}).`,
              ),
              'Anthropic may take some minutes until it is accepted everywhere.',
              live
                ? `It is the live key of ${name}. To have it asked now: ${CALL} check ${name}`
                : `It may be used for another ${hours} hours. To make it the live key: ${CALL} rollback ${name} --key ${fingerprint}`,
            ].join('\n'),
        };
      },
    };
  },
};

/** What is on record of the secret, by the beginning of its fingerprint. */
function whichOne({ name, memory }: ManagedKey, wanted: string | undefined): string {
  const known = [memory.timeline.fingerprint, memory.verdict?.fingerprint].filter(
    (each) => each !== undefined,
  );
  if (wanted === undefined) {
    const last = memory.timeline.deactivatedAt ? memory.timeline.fingerprint : undefined;
    const dead = memory.verdict?.kind === 'DEAD' ? memory.verdict.fingerprint : undefined;
    const only = last ?? dead ?? known[0];
    if (only) return only;
  }
  const fitting = known.find((each) => wanted !== undefined && each.startsWith(wanted));
  if (fitting) return fitting;
  if (wanted?.length === 12) return wanted;
  throw new IllegalTransition(
    'which-key',
    `Name the key of ${name} by its whole fingerprint, 12 hex digits.`,
  );
}

const isMissing = (error: unknown) => error instanceof FunctionError && error.failure === 'missing';

function pointToConsole(error: unknown, leaked: boolean): never {
  const noLeak = leaked && isMissing(error) ? ' The key counts as leaked no more.' : '';
  if (error instanceof FunctionError && (error.failure === 'missing' || error.failure === 'denied'))
    throw new IllegalTransition(
      'no-admin-access',
      `There is no Admin access from here.${noLeak} Enable the key in the Claude Console: ${CONSOLE.keys}`,
    );
  throw error;
}
