import type { KeyRef } from '../key';
import { hoursOnceMore, type KeyIdentity } from '../policy';
import { DAY, plus, utcDay } from '../time';
import {
  keys,
  makeCurrentWithAws,
  placeOf,
  restartServiceWithAws,
  restartWithKubectl,
  submitWithAws,
  type Verb,
} from './commands';
import { ANSWER, type Call, invokeWithAws, type Payload } from './invoke';
import type { Command, ForeignCommand, NoticeContext } from './sheet';

/** What people can have done: with plain AWS commands, and with the command line. */

/** Puts a new key beside the live one and starts its test. `replace`: another one waits, and makes room. */
export const submit = (context: NoticeContext, replace?: 'replace'): Command => ({
  run: submitWithAws(context.key),
  policy: 'operator',
  inCheckout: ofCli(context, 'submit', ...(replace ? ['--replace'] : [])),
});

/** Checks the key at once, as its schedule would, and shows the outcome. */
export const check = (context: NoticeContext): Command => ({
  run: invokeWithAws(context.key, [{ to: context.deployed.check, payload: secretOf(context) }]),
  policy: 'operator',
  inCheckout: ofCli(context, 'check'),
});

/** Moves the end of an old key's grace to a moment, so that a second run changes nothing. */
export const extend = (context: NoticeContext, old: KeyRef, until: Date): Command => ({
  run: invokeWithAws(context.key, [
    command(context, { verb: 'extend', fingerprint: old.fingerprint, until: inMinutes(until) }),
  ]),
  policy: 'operator',
  inCheckout: ofCli(context, 'extend', ...which(old), '--until', inMinutes(until)),
});

/** Gives a key that was switched on again a deadline, counted from when it is given: the mail may be old by then. */
export const keepOnceMore = (context: NoticeContext, old: KeyRef): Command => ({
  run: invokeWithAws(context.key, [onceMore(context, old)]),
  policy: 'operator',
  inCheckout: ofCli(context, 'extend', ...which(old), '--hours', String(hoursOnceMore(context.policy))),
});

/** Ends the grace and switches the key off. */
export const retire = (context: NoticeContext, old: KeyRef): Command => ({
  run: invokeWithAws(context.key, [
    command(context, { verb: 'retire-now', fingerprint: old.fingerprint }),
    order(context, 'deactivate', old, { kind: 'retire', reason: 'retired by hand' }),
  ]),
  policy: 'responder',
  inCheckout: ofCli(context, 'retire', ...which(old)),
});

/** Stops a leaked key and marks it. Two functions do this, and neither waits for the other's success. Without Admin access a person does the first. */
export const leak = (context: NoticeContext, leaked: KeyRef, reason: string): Command => ({
  run: invokeWithAws(
    context.key,
    [
      ...(context.adminAccess ? [order(context, 'deactivate', leaked, { kind: 'contain', reason })] : []),
      command(context, { verb: 'report-leak', fingerprint: leaked.fingerprint }),
    ],
    { whateverHappens: true },
  ),
  policy: context.adminAccess ? 'responder' : 'operator',
  inCheckout: ofCli(context, 'leak', ...which(leaked), '--reason', reason),
});

/**
 * Switches a key on again. A report as leaked is withdrawn first. A superseded key gets a deadline first: the report's end gives none where its
 * death was proven.
 */
export const reactivate = (
  context: NoticeContext,
  old: KeyRef,
  { leaked, live }: { readonly leaked: boolean; readonly live: boolean },
): Command => ({
  run: invokeWithAws(context.key, [
    ...(leaked ? [command(context, { verb: 'withdraw-leak', fingerprint: old.fingerprint })] : []),
    ...(live ? [] : [onceMore(context, old)]),
    order(context, 'reactivate', old),
  ]),
  policy: 'responder',
  inCheckout: ofCli(context, 'reactivate', ...which(old)),
});

/** Goes back to an old key after testing it. `home-unknown`: even if nothing says in which workspace it lives. */
export const rollBack = (context: NoticeContext, to: KeyRef, even?: 'home-unknown'): Command => ({
  run: invokeWithAws(context.key, [
    command(context, {
      verb: 'roll-back',
      fingerprint: to.fingerprint,
      homeUnknown: even === 'home-unknown' ? true : undefined,
    }),
  ]),
  policy: 'operator',
  inCheckout: ofCli(context, 'rollback', ...which(to), ...(even ? [`--${even}`] : [])),
});

/** Makes an earlier version live again, untested, for a secret that holds no key or a bad one: any check can tell whether that was right. */
export const makeCurrent = (context: NoticeContext, to: KeyRef, from: string): Command => ({
  run: makeCurrentWithAws(context.key, to.versionId, from),
  policy: 'operator',
  inCheckout: ofCli(context, 'rollback', ...which(to)),
});

/** Counts a key as dead on a person's word. The function refuses a statement without a name. */
export const attest = (context: NoticeContext, fingerprint: string): Command => ({
  run: invokeWithAws(
    context.key,
    [
      command(context, {
        verb: 'attest',
        fingerprint,
        statement: `${ANSWER} saw it switched off`,
      }),
    ],
    { asked: { name: 'NAME', prompt: 'Your name' } },
  ),
  policy: 'operator',
  inCheckout: ofCli(context, 'retire', ...['--key', fingerprint, '--attest', 'NAME saw it switched off']),
});

/** How long reminders pause unless somebody says otherwise. */
const SNOOZE_DAYS = 14;

/** Pauses the reminders for two weeks. */
export function snooze(context: NoticeContext): Command {
  const until = utcDay(plus(context.now, SNOOZE_DAYS * DAY));
  return {
    run: invokeWithAws(context.key, [command(context, { verb: 'snooze', until, reason: ANSWER })], {
      asked: { name: 'WHY', prompt: 'Why' },
    }),
    policy: 'operator',
    inCheckout: ofCli(context, 'snooze', '--until', until, '--reason', 'WHY'),
  };
}

/** Looks at the deployment around the key from a person's machine, so it needs the command line. */
export const doctor = (context: NoticeContext) => ({ inCheckout: ofCli(context, 'doctor') });

const ofCli = ({ key, deployed }: NoticeContext, verb: Verb, ...more: readonly string[]) =>
  keys(deployed.cliCommand, verb, key, ...more);

/** Starts new tasks of an ECS service in the account and region of the key, one after the other. They read the secret as they start. */
export function restartEcsService(
  key: KeyIdentity,
  service: { readonly cluster: string; readonly service: string },
): Omit<ForeignCommand, 'about'> {
  const { account } = placeOf(key);
  return {
    run: restartServiceWithAws(key, service),
    where: `in bash or zsh, e.g. CloudShell, signed in to AWS${account ? ` account ${account}` : ''} with ecs:UpdateService`,
  };
}

/** Starts new pods of a workload. They read what the cluster has, so that has to be new. */
export const restartWorkload = ({
  namespace,
  workload,
}: {
  readonly namespace: string;
  readonly workload: string;
}): Omit<ForeignCommand, 'about'> => ({
  run: restartWithKubectl(namespace, workload),
  where: 'with kubectl for its cluster, once that has the live key',
});

const secretOf = ({ key }: NoticeContext) => ({ secretId: key.secretName });

const command = (context: NoticeContext, payload: Payload): Call => ({
  to: context.deployed.check,
  payload: { ...secretOf(context), command: payload },
});

/** People's orders have a door of their own (ADR 18). */
const order = (context: NoticeContext, verb: string, { fingerprint }: KeyRef, order?: Payload): Call => ({
  to: context.deployed.orders,
  payload: { verb, ...secretOf(context), fingerprint, order },
});

const onceMore = (context: NoticeContext, { fingerprint }: KeyRef): Call =>
  command(context, { verb: 'extend', fingerprint, hoursFromNow: hoursOnceMore(context.policy) });

const which = (key: KeyRef) => ['--key', key.fingerprint] as const;

/** `2026-12-01T08:00Z`. */
const inMinutes = (date: Date) => `${date.toISOString().slice(0, 16)}Z`;
