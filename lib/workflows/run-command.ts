import { withDates } from '../contract/invocation';
import { inShort } from '../domain/probe/verdict';
import { attestDeath } from './attest-death';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { setGraceEnd } from './extend-grace';
import type { Ports } from './ports';
import { reportLeak, withdrawLeak } from './report-leak';
import { rollBack } from './roll-back';
import { snooze } from './snooze';

/** An operator's command to the check function. */
export type Command =
  | { readonly verb: 'check' }
  | { readonly verb: 'roll-back'; readonly fingerprint?: string; readonly homeUnknown?: boolean }
  | {
      readonly verb: 'extend';
      readonly fingerprint?: string;
      /** The new end of the grace, in place of `hoursFromNow`, which earlier releases send. */
      readonly until?: Date;
      readonly hoursFromNow?: number;
    }
  | { readonly verb: 'retire-now'; readonly fingerprint?: string }
  | { readonly verb: 'report-leak'; readonly fingerprint: string }
  | { readonly verb: 'withdraw-leak'; readonly fingerprint: string }
  | { readonly verb: 'attest'; readonly fingerprint?: string; readonly statement: string }
  | { readonly verb: 'snooze'; readonly until?: Date; readonly reason?: string };

type CommandOf<V extends Command['verb']> = Extract<Command, { verb: V }>;

/** Schedules and rules send only the secret; operators add a command. */
export interface CheckRequest {
  readonly secretId: string;
  readonly command?: Command;
}

const COMMANDS = {
  check: async (secretId, _, ports) => {
    const { verdict, findings, moves } = await checkKey(secretId, ports);
    return {
      /** The answer in this run, unlike the last established verdict that the secret remembers. */
      verdict: verdict && inShort(verdict),
      findings: findings.map(({ id, reminder, severity }) => ({ id, rung: reminder, severity })),
      moves,
    };
  },
  'roll-back': rollBack,
  extend: setGraceEnd,
  'retire-now': async (secretId, { fingerprint }, ports) => {
    const ended = await setGraceEnd(secretId, { fingerprint, hoursFromNow: 0 }, ports);
    await checkKey(secretId, ports);
    return ended;
  },
  'report-leak': reportLeak,
  'withdraw-leak': withdrawLeak,
  attest: attestDeath,
  snooze: (secretId, { until, reason }, ports) =>
    snooze(secretId, until && reason ? { until, reason } : undefined, ports),
} satisfies {
  [V in Command['verb']]: (secretId: string, command: CommandOf<V>, ports: Ports) => Promise<object>;
};

/** The answer to a command. */
export type Answer<V extends Command['verb']> = Awaited<ReturnType<(typeof COMMANDS)[V]>>;

/** Runs a command, by default a check. */
export async function runCommand(
  { secretId, command = { verb: 'check' } }: CheckRequest,
  ports: Ports,
): Promise<object> {
  const { verb } = command;
  if (!Object.hasOwn(COMMANDS, verb))
    throw new IllegalTransition(
      'refused',
      `The deployed function has no command ${JSON.stringify(verb)}: its release differs from that of the command line.`,
    );
  const workflow = COMMANDS[verb] as (id: string, command: Command, ports: Ports) => Promise<object>;
  return workflow(secretId, withDates(command) as Command, ports);
}
