import type { KeyRef } from '../../domain/key';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { IllegalTransition } from '../../workflows/errors';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { askToRehearse, invokeCheck, keyVerb, rehearse } from '../key-verb';
import {
  type ManagedKey,
  managedKey,
  oldKeyName,
  type RetiringKey,
  refuseWithoutOldKey,
  whichOldKey,
} from '../managed-key';
import { KEY_OPTION, readFingerprint } from '../read-options';
import type { Style } from '../style';
import { byHand, rehearseSwitchOff, type SwitchedOff, switchOff } from '../switch-off';
import type { Outcome } from '../verb';

interface Intent {
  readonly fingerprint?: string;
  /** Who saw what. It stands in for a proof by probe. */
  readonly attest?: string;
  /** Whether to switch the key off at Anthropic. @default if that is possible */
  readonly deactivate?: boolean;
}

/** Ends the grace of an old key and has it switched off. */
export const retire = keyVerb<Intent>({
  name: 'retire',
  policy: 'operator',
  summary: 'end the grace of the old key now, and switch it off',
  about:
    'Ends the grace of the old key at once, switches it off at Anthropic if the deployment has Admin access (else it says what to do in the Console), and has it proven dead. The working hours of the policy and the limit of three keys an hour can hold this back; the command says so. The live key is never touched. With --attest a person vouches for what no probe can prove; this is refused while the key still answers.',
  options: [
    KEY_OPTION,
    ['--deactivate', 'fail if it cannot be switched off from here'],
    ['--no-deactivate', 'only end the grace'],
    ['--attest <statement>', 'who saw what, such as "Ada saw it disabled in the Console"'],
  ],
  examples: [
    'retire prod/api-gateway',
    'retire prod/api-gateway --attest "Ada saw it deleted in the Console"',
  ],
  seeAlso: ['show', 'extend', 'reactivate', 'rollback'],
  document: 'retire/1',
  read(options) {
    const { attest, deactivate } = options;
    if (attest !== undefined && (typeof attest !== 'string' || attest.trim().length < 8))
      throw new UsageError('--attest takes a sentence: who saw what.');
    return {
      fingerprint: readFingerprint(options),
      attest: attest?.trim(),
      deactivate: deactivate as boolean | undefined,
    };
  },
  async plan(key, intent, context) {
    const old = oldKeyOf(key, intent);
    const fingerprint = old?.fingerprint ?? intent.fingerprint;
    const name = `the old key ${old ? `${oldKeyName(old)} ` : ''}of ${key.name}`;
    const { caller } = await context.place();
    if (intent.attest) {
      const statement = `${intent.attest} (${caller.split('/').slice(1).join('/') || caller})`;
      return {
        steps: [`Record that ${name} is dead: "${statement}".`, 'This is refused while the key answers.'],
        confirm: 'Vouch for it?',
        rehearse: () => rehearse(key, { verb: 'attest', fingerprint, statement }, context),
        execute: () => attest(key, fingerprint, statement, context),
      };
    }
    return {
      steps: [
        `End the grace of ${name} now.`,
        intent.deactivate === false
          ? 'Leave it on at Anthropic.'
          : 'Switch it off at Anthropic (this can be undone), or say how to do it in the Console.',
      ],
      confirm: `Retire ${old?.hint ?? 'the old key'} of ${key.name} now? Services that still use it will fail.`,
      rehearse: () => rehearseEnd(key, { ...intent, fingerprint }, caller, context),
      execute: () => endNow(key, { ...intent, fingerprint }, caller, context),
    };
  },
});

/** The old key that is meant. One whose value is lost has no label any more, and a person may still vouch for it by its fingerprint. */
function oldKeyOf(key: ManagedKey, { attest, fingerprint }: Intent): RetiringKey | undefined {
  if (attest && fingerprint) return key.retiring.find((old) => old.fingerprint?.startsWith(fingerprint));
  refuseWithoutOldKey(key);
  return whichOldKey(key, fingerprint);
}

async function attest(
  key: ManagedKey,
  fingerprint: string | undefined,
  statement: string,
  context: CliContext,
): Promise<Outcome> {
  const command = { verb: 'attest', fingerprint, statement } as const;
  const { retired } = await invokeCheck('Asking the key one last time, twice', key, command, context);
  return {
    exit: EXIT.fine,
    json: { key: key.name, retired, proof: { by: 'attestation', statement } },
    text: ({ good }) =>
      `${good(`${retired.hint} counts as dead, by attestation.`)}\nThe rotation of ${key.name} is complete. The statement is part of its evidence.`,
  };
}

async function rehearseEnd(
  key: ManagedKey,
  { fingerprint, deactivate }: Intent,
  caller: string,
  context: CliContext,
): Promise<readonly string[]> {
  const { would } = await askToRehearse(key, { verb: 'retire-now', fingerprint } as const, context);
  if (deactivate === false) return [];
  const request = orderFor(key, would.key, caller);
  const { off, says } = await rehearseSwitchOff(request, key.identity.environment, context);
  if (deactivate && off.how === 'by-hand') throw new IllegalTransition('refused', says);
  return [says];
}

/** What the function with Admin access is asked to do. */
const orderFor = ({ identity }: ManagedKey, { fingerprint }: KeyRef, caller: string) =>
  ({
    secretId: identity.secretArn,
    fingerprint,
    order: { kind: 'retire', reason: 'retired by hand', by: caller },
  }) as const;

async function endNow(
  key: ManagedKey,
  { fingerprint, deactivate }: Intent,
  caller: string,
  context: CliContext,
): Promise<Outcome> {
  const { name, identity } = key;
  const { environment, secretArn } = identity;
  const retireNow = { verb: 'retire-now', fingerprint } as const;
  const { key: old } = await invokeCheck('Ending the grace', key, retireNow, context);
  const off =
    deactivate === false ? undefined : await switchOff(orderFor(key, old, caller), environment, context);
  const switchedOff = off !== undefined && off.how !== 'by-hand';
  if (switchedOff)
    await invokeCheck(
      'Proving it dead: two refusals a minute apart, beside a key that works',
      key,
      { verb: 'check' },
      context,
    );
  const after = managedKey(await context.store.describe(secretArn));
  const proven = !after.retiring.some(({ versionId }) => versionId === old.versionId);
  return {
    exit: exitFor(proven, off, deactivate),
    json: { key: name, retired: old, off: off ?? null, proven },
    text: (style) =>
      [
        off ? describeOff(off, old, style) : style.good(`The grace of ${old.hint} is over.`),
        proven
          ? style.good('It is proven dead. The rotation is complete.')
          : 'Every check asks it again until it is proven dead. A mail will say so.',
        ...(switchedOff
          ? ['If something broke:', `  ${CLI_COMMAND} reactivate ${name} --key ${old.fingerprint}`]
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
