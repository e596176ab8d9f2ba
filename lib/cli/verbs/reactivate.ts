import { policyName } from '../../contract/names';
import { leakedOn } from '../../domain/memory';
import { hoursOnceMore } from '../../domain/policy';
import { graceFrom } from '../../domain/secret';
import { elapsed, HOUR, utcDay } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { CONSOLE } from '../../domain/wording/commands';
import { IllegalTransition } from '../../workflows/errors';
import { FunctionError } from '../../workflows/operator-ports';
import type { AdminAnswer } from '../../workflows/ports';
import { EXIT } from '../exit-code';
import { keyVerb, rehearse } from '../key-verb';
import { type ManagedKey, managedKey } from '../managed-key';
import { readFingerprint } from '../read-options';
import { waitFor } from '../terminal';

/** Switches a deactivated key on again. */
export const reactivate = keyVerb({
  name: 'reactivate',
  policy: 'responder',
  summary: 'switch a deactivated key on again',
  about:
    'Undoes a deactivation at Anthropic, if something broke or a reported leak was a false alarm. It needs Admin access; without it, enable the key in the Console. An archived key stays off for good.',
  options: [['-k, --key <fingerprint>', 'which key; default: the one switched off last']],
  examples: ['reactivate prod/api-gateway', 'reactivate prod/api-gateway --key 4f2c91aa03d7'],
  seeAlso: ['retire', 'leak', 'rollback', 'show'],
  document: 'reactivate/1',
  read: (options) => ({ fingerprint: readFingerprint(options) }),
  async plan(key, { fingerprint: wanted }, context) {
    const { functions, terminal, place, store, clock } = context;
    const { name, identity } = key;
    const { caller } = await place();
    const fingerprint = whichKey(key, wanted);
    const live = key.memory.verdict?.fingerprint === fingerprint;
    const hours = hoursOnceMore(key.policy);
    const leaked = leakedOn(key, fingerprint);
    const { secretArn: secretId } = identity;
    const request = { verb: 'reactivate', secretId, fingerprint, by: caller } as const;
    return {
      steps: [
        ...(leaked
          ? [`${fingerprint} was REPORTED AS LEAKED on ${utcDay(leaked)}. Go on only if that was wrong.`]
          : []),
        ...(live ? [] : [`Give the key ${fingerprint} of ${name} a deadline ${hours} hours from now.`]),
        `Set the key ${fingerprint} of ${name} to active at Anthropic.`,
      ],
      confirm: leaked ? 'Switch on a key that was reported as leaked?' : `Switch ${fingerprint} on again?`,
      async rehearse() {
        const until = graceFrom(clock.now(), hours);
        if (leaked) await rehearse(key, { verb: 'withdraw-leak', fingerprint }, context);
        // A leaked key gets time only once the report is withdrawn.
        else if (!live && !isKept(key, fingerprint, until))
          await rehearse(key, { verb: 'extend', fingerprint, hoursFromNow: hours }, context);
        const answer = await functions
          .admin(identity.environment, { verb: 'dry-run', of: request })
          .catch(unlessNoAccess(identity.environment, false));
        refuseRefused(answer);
        return [];
      },
      async execute() {
        // It was no leak, so it may get time again. This and the next command are for the check: the other function moves no label.
        if (leaked) await functions.check(identity, { verb: 'withdraw-leak', fingerprint });
        // The deadline before the key: without one, the next check would switch the key off again, or forget it.
        const until = graceFrom(clock.now(), hours);
        const after = managedKey(await store.describe(identity.secretArn));
        if (!live && !isKept(after, fingerprint, until))
          await functions.check(identity, { verb: 'extend', fingerprint, hoursFromNow: hours });
        const answer = await waitFor(terminal, 'Switching it on at Anthropic', () =>
          functions.admin(identity.environment, request),
        ).catch(unlessNoAccess(identity.environment, leaked !== undefined));
        refuseRefused(answer);
        const recordId = 'recordId' in answer ? answer.recordId : undefined;
        return {
          exit: EXIT.fine,
          json: { key: name, fingerprint, outcome: answer.outcome, recordId },
          text: ({ good }) =>
            [
              good(
                `The key ${answer.outcome === 'already-done' ? 'was on already' : 'is on again'} (record ${recordId}).`,
              ),
              'Anthropic may take some minutes to accept it everywhere.',
              live
                ? `It is the live key of ${name}. To check it now: ${CLI_COMMAND} check ${name}`
                : `It may be used for at least another ${hours} hours. To make it the live key: ${CLI_COMMAND} rollback ${name} --key ${fingerprint}`,
            ].join('\n'),
        };
      },
    };
  },
});

/** A key the secret remembers, by the prefix of its fingerprint; without one, the key that was switched off last. */
function whichKey({ name, memory, retiring }: ManagedKey, wanted: string | undefined): string {
  const { timeline, verdict } = memory;
  const known = [
    timeline.fingerprint,
    verdict?.fingerprint,
    ...retiring.map(({ fingerprint }) => fingerprint),
  ].filter((each) => each !== undefined);
  const last = timeline.deactivatedAt ? timeline.fingerprint : undefined;
  const dead = verdict?.kind === 'DEAD' ? verdict.fingerprint : undefined;
  const found =
    wanted === undefined ? (last ?? dead ?? known[0]) : known.find((each) => each.startsWith(wanted));
  if (found) return found;
  if (wanted?.length === 12) return wanted;
  throw new IllegalTransition(
    'which-key',
    `Name the key of ${name} by its whole fingerprint, 12 hex digits.`,
  );
}

/** It has as much time already, up to a clock that is off by minutes: withdrawing a leak gives it a deadline, too. */
const isKept = ({ retiring }: ManagedKey, fingerprint: string, until: Date) =>
  retiring.some((old) => old.fingerprint === fingerprint && elapsed(old.until, until) < HOUR);

function refuseRefused(answer: AdminAnswer): void {
  if (answer.outcome === 'refused')
    throw new IllegalTransition('refused', `It was not switched on: ${answer.why}.`);
}

const unlessNoAccess =
  (environment: string, noLeak: boolean) =>
  (error: unknown): never => {
    if (!isFailure(error, 'missing', 'denied')) throw error;
    throw noAdminAccess(
      noLeak,
      isFailure(error, 'denied') ? policyName(environment, 'responder') : undefined,
    );
  };

const isFailure = (error: unknown, ...failures: readonly string[]) =>
  error instanceof FunctionError && failures.includes(error.failure);

/** AWS does not tell a role without the right from a deployment without the function, so `lacking` names the policy that would be missing. */
const noAdminAccess = (noLeak: boolean, lacking?: string) =>
  new IllegalTransition(
    'no-admin-access',
    `There is no Admin access from here.${noLeak ? ' The key no longer counts as leaked.' : ''} Enable the key in the Claude Console: ${CONSOLE.keys}${lacking ? ` If the deployment has Admin access, your role lacks the policy ${lacking}.` : ''}`,
  );
