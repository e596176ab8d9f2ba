import { withDates } from '../contract/invocation';
import { inShort } from '../domain/probe/verdict';
import { attestDeath } from './attest-death';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { setGraceEnd } from './extend-grace';
import type { World } from './ports';
import { reportLeak, withdrawLeak } from './report-leak';
import { rollBack } from './roll-back';
import { snooze } from './snooze';

/** What an operator may ask of the function that checks. Its dates cross the invocation as ISO 8601. */
export type Command =
  | { readonly verb: 'check' }
  | { readonly verb: 'roll-back'; readonly fingerprint?: string }
  | { readonly verb: 'extend'; readonly fingerprint?: string; readonly hoursFromNow: number }
  | { readonly verb: 'retire-now'; readonly fingerprint?: string }
  | { readonly verb: 'report-leak'; readonly fingerprint: string }
  | { readonly verb: 'withdraw-leak'; readonly fingerprint: string }
  | { readonly verb: 'attest'; readonly fingerprint?: string; readonly statement: string }
  | { readonly verb: 'snooze'; readonly until?: Date; readonly reason?: string };

type CommandOf<V extends Command['verb']> = Extract<Command, { verb: V }>;

/** Schedules and rules send a secret alone; operators add a command. */
export interface CheckRequest {
  readonly secretId: string;
  readonly command?: Command;
}

const OBEYED_BY = {
  check: async (secretId, _, world) => {
    const { verdict, findings, moves } = await checkKey(secretId, world);
    return {
      /** The answer of this run; the secret remembers what was last established. */
      verdict: verdict && inShort(verdict),
      findings: findings.map(({ id, reminder, severity }) => ({ id, rung: reminder, severity })),
      moves,
    };
  },
  'roll-back': rollBack,
  extend: setGraceEnd,
  'retire-now': async (secretId, { fingerprint }, world) => {
    const ended = await setGraceEnd(secretId, { fingerprint, hoursFromNow: 0 }, world);
    await checkKey(secretId, world);
    return ended;
  },
  'report-leak': reportLeak,
  'withdraw-leak': withdrawLeak,
  attest: attestDeath,
  snooze: (secretId, { until, reason }, world) =>
    snooze(secretId, until && reason ? { until, reason } : undefined, world),
} satisfies {
  [V in Command['verb']]: (secretId: string, command: CommandOf<V>, world: World) => Promise<object>;
};

/** The answer to a command. */
export type Answer<V extends Command['verb']> = Awaited<ReturnType<(typeof OBEYED_BY)[V]>>;

/** The function's two doors lead to the same workflows. */
export async function obey(
  { secretId, command = { verb: 'check' } }: CheckRequest,
  world: World,
): Promise<object> {
  const { verb } = command;
  if (!Object.hasOwn(OBEYED_BY, verb))
    throw new IllegalTransition(
      'refused',
      `The deployed function knows no command ${JSON.stringify(verb)}: it is of another release than the command line.`,
    );
  const workflow = OBEYED_BY[verb] as (id: string, command: Command, world: World) => Promise<object>;
  return workflow(secretId, withDates(command) as Command, world);
}
