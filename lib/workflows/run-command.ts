import { withDates } from '../contract/invocation';
import { inShort } from '../domain/probe/verdict';
import { attestDeath } from './attest-death';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { endGrace, extendGrace, type WantedEnd, type WantedHours } from './extend-grace';
import type { Ports } from './ports';
import { done, type Prepared, readOnly } from './prepared';
import { reportLeak, withdrawLeak } from './report-leak';
import { rollBack } from './roll-back';
import { snooze } from './snooze';

/** An operator's command that changes something, and can be tried first. */
export type Change =
  | { readonly verb: 'roll-back'; readonly fingerprint?: string; readonly homeUnknown?: boolean }
  | ({ readonly verb: 'extend' } & (WantedEnd | WantedHours))
  | { readonly verb: 'retire-now'; readonly fingerprint?: string }
  | { readonly verb: 'report-leak'; readonly fingerprint: string }
  | { readonly verb: 'withdraw-leak'; readonly fingerprint: string }
  | { readonly verb: 'attest'; readonly fingerprint?: string; readonly statement: string }
  | { readonly verb: 'snooze'; readonly until?: Date; readonly reason?: string };

/** Makes all checks of a command and does nothing. A verb of its own, so that a function of an earlier release refuses it instead of doing it. */
export interface DryRun<C = Change> {
  readonly verb: 'dry-run';
  readonly of: C;
}

/** An operator's command to the check function. */
export type Command = { readonly verb: 'check' } | Change | DryRun;

type ChangeOf<V extends Change['verb']> = Extract<Change, { verb: V }>;

/** Schedules and rules send only the secret; operators add a command. */
export interface CheckRequest {
  readonly secretId: string;
  readonly command?: Command;
}

const CHANGES = {
  'roll-back': rollBack,
  extend: extendGrace,
  'retire-now': async (secretId, wanted, ports) => {
    const { outcome, perform } = await endGrace(secretId, wanted, ports);
    return {
      outcome,
      async perform() {
        await perform();
        await checkKey(secretId, ports);
      },
    };
  },
  'report-leak': reportLeak,
  'withdraw-leak': withdrawLeak,
  attest: attestDeath,
  snooze: (secretId, { until, reason }, ports) =>
    // Without both it would end the exemption that somebody asks for.
    snooze(secretId, until === undefined && reason === undefined ? undefined : { until, reason }, ports),
} satisfies {
  [V in Change['verb']]: (secretId: string, change: ChangeOf<V>, ports: Ports) => Promise<Prepared<object>>;
};

type OutcomeOf<V extends Change['verb']> =
  Awaited<ReturnType<(typeof CHANGES)[V]>> extends Prepared<infer Outcome> ? Outcome : never;

/** The answer to a command. That to a dry run is what the command would answer. */
export type Answer<C extends Command> =
  C extends DryRun<infer Of extends Change>
    ? { readonly would: OutcomeOf<Of['verb']> }
    : C extends Change
      ? OutcomeOf<C['verb']>
      : Awaited<ReturnType<typeof checkNow>>;

/** Runs a command, by default a check. */
export async function runCommand(
  { secretId, command = { verb: 'check' } }: CheckRequest,
  ports: Ports,
): Promise<object> {
  switch (command.verb) {
    case 'check':
      return checkNow(secretId, ports);
    case 'dry-run': {
      const { outcome } = await prepare(secretId, command.of, readOnly(ports));
      return { would: outcome };
    }
    default:
      return done(prepare(secretId, command, ports));
  }
}

function prepare(secretId: string, change: Change, ports: Ports): Promise<Prepared<object>> {
  const verb = change?.verb;
  if (!Object.hasOwn(CHANGES, verb ?? ''))
    throw new IllegalTransition(
      'refused',
      `The deployed function has no command ${JSON.stringify(verb)}: its release differs from that of the command line.`,
    );
  const workflow = CHANGES[verb] as (id: string, change: Change, ports: Ports) => Promise<Prepared<object>>;
  return workflow(secretId, withDates(change) as Change, ports);
}

async function checkNow(secretId: string, ports: Ports) {
  const { verdict, findings, moves } = await checkKey(secretId, ports);
  return {
    /** The answer in this run, unlike the last established verdict that the secret remembers. */
    verdict: verdict && inShort(verdict),
    findings: findings.map(({ id, reminder, severity }) => ({ id, rung: reminder, severity })),
    moves,
  };
}
