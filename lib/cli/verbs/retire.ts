import type { KeyRef } from '../../domain/key';
import { CALL } from '../../domain/wording/commands';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { type ManagedKey, managedKey, refuseWithoutOldKey } from '../managed-key';
import { KEY_OPTION, readFingerprint } from '../read-options';
import type { Style } from '../style';
import { byHand, type SwitchedOff, switchOff } from '../switch-off';
import type { Outcome, Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
  readonly fingerprint?: string;
  /** Who saw what: ends the watch on a human's word. */
  readonly attest?: string;
  /** Whether the key is switched off at Anthropic; undefined: where that is possible. */
  readonly deactivate?: boolean;
}

/** Ends the grace of a superseded key and has it switched off. */
export const retire: Verb<Intent> = {
  name: 'retire',
  summary: 'end the grace of the old key now, and switch it off',
  about:
    'Ends the grace of a superseded key at once, switches it off at Anthropic where the deployment has Admin access (else it says what to do in the Console), and has its death proven. Working hours of the policy and the limit of three keys an hour hold it back, and then it says so. The live key is never touched. With --attest a person vouches for what no probe can prove; that is refused while the key still answers.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [
    KEY_OPTION,
    ['--deactivate', 'fail where it can’t be switched off from here'],
    ['--no-deactivate', 'only end the grace'],
    ['--attest <statement>', 'who saw what, such as "Ada saw it disabled in the Console"'],
  ],
  examples: [
    'retire prod/api-gateway',
    'retire prod/api-gateway --attest "Ada saw it deleted in the Console"',
  ],
  seeAlso: ['show', 'extend', 'reactivate', 'rollback'],
  read(key, options) {
    const attest = options.attest;
    if (attest !== undefined && (typeof attest !== 'string' || attest.trim().length < 8))
      throw new UsageError('--attest takes a sentence: who saw what.');
    return {
      key: readKeyName(key),
      fingerprint: readFingerprint(options),
      attest: attest?.trim(),
      deactivate: options.deactivate as boolean | undefined,
    };
  },
  async prepare(intent, context) {
    const key = managedKey(await findKey(intent.key, context.store));
    refuseWithoutOldKey(key);
    const { caller } = await context.place();
    if (intent.attest) {
      const statement = `${intent.attest} (${caller.split('/').slice(1).join('/') || caller})`;
      return {
        steps: [
          `Record that the old key of ${key.name} is dead: "${statement}".`,
          'Refused while it answers.',
        ],
        confirm: 'Vouch for it?',
        execute: () => attest(key, { ...intent, attest: statement }, context),
      };
    }
    return {
      steps: [
        `End the grace of the old key of ${key.name} now.`,
        intent.deactivate === false
          ? 'Leave it on at Anthropic.'
          : 'Switch it off at Anthropic (it can be undone), or say how it is done in the Console.',
      ],
      confirm: `Retire the old key of ${key.name} now? Whoever still uses it stops working.`,
      execute: () => endNow(key, intent, caller, context),
    };
  },
};

async function attest(
  { name, identity }: ManagedKey,
  { fingerprint, attest: statement }: Intent,
  { functions, terminal }: CliContext,
): Promise<Outcome> {
  const command = { verb: 'attest', fingerprint, statement: statement! } as const;
  const answer = await waitFor(terminal, 'Asking the key one last time, twice', () =>
    functions.check(identity, command),
  );
  return {
    exit: EXIT.fine,
    json: { key: name, retired: answer.retired, proof: { by: 'attestation', statement } },
    text: ({ good }) =>
      `${good(`${answer.retired.hint} counts as dead, attested.`)}\nThe rotation of ${name} is complete; the statement is part of its evidence.`,
  };
}

async function endNow(
  key: ManagedKey,
  intent: Intent,
  caller: string,
  context: CliContext,
): Promise<Outcome> {
  const { name, identity } = key;
  const { environment, secretArn } = identity;
  const ended = await waitFor(context.terminal, 'Ending the grace', () =>
    context.functions.check(identity, { verb: 'retire-now', fingerprint: intent.fingerprint }),
  );
  const old = ended.key;
  const order = { kind: 'retire' as const, reason: 'retired by hand', by: caller };
  const off =
    intent.deactivate === false
      ? undefined
      : await switchOff({ secretId: secretArn, fingerprint: old.fingerprint, order }, environment, context);
  if (off && off.how !== 'by-hand')
    await waitFor(context.terminal, 'Proving it dead: two answers, a minute apart', () =>
      context.functions.check(identity, { verb: 'check' }),
    );
  const after = managedKey(await context.store.describe(secretArn));
  const proven = !after.retiring.some(({ versionId }) => versionId === old.versionId);
  return {
    exit: exitFor(proven, off, intent.deactivate),
    json: { key: name, retired: old, off: off ?? null, proven },
    text: (style) =>
      [
        ...(off ? [describeOff(off, old, style)] : [style.good(`The grace of ${old.hint} is over.`)]),
        proven
          ? style.good('It is proven dead. The rotation is complete.')
          : 'Each check asks it again until it is proven dead; a mail says so then.',
        ...(off && off.how !== 'by-hand'
          ? ['If something broke:', `  ${CALL} reactivate ${name} --key ${old.fingerprint}`]
          : []),
      ].join('\n'),
  };
}

function exitFor(proven: boolean, off: SwitchedOff | undefined, wanted: boolean | undefined) {
  if (proven || wanted === false) return EXIT.fine;
  return wanted && off?.how === 'by-hand' ? EXIT.failed : EXIT.attention;
}

function describeOff(off: SwitchedOff, old: KeyRef, { good, warn, columns }: Style): string {
  if (off.how === 'by-hand') return `${warn(`Its grace is over. ${off.why}`)}\n${byHand(old.hint, columns)}`;
  const what = off.how === 'deactivated' ? 'is switched off' : 'was off already';
  return good(`${old.hint} ${what} (record ${off.recordId}).`);
}
