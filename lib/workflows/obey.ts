import { inShort } from '../domain/verdict';
import { attestDeath } from './attest-death';
import { checkKey } from './check';
import { setGraceEnd } from './extend-grace';
import { reportLeak } from './report-leak';
import { rollBack } from './roll-back';
import { snooze } from './snooze';
import type { World } from './world';

/** What an operator may ask of the function that checks. Dates are ISO 8601: this crosses an invocation. */
export type Command =
  | { readonly verb: 'check' }
  | { readonly verb: 'roll-back'; readonly fingerprint?: string }
  | { readonly verb: 'extend'; readonly fingerprint?: string; readonly hoursFromNow: number }
  | { readonly verb: 'retire-now'; readonly fingerprint?: string }
  | { readonly verb: 'report-leak'; readonly fingerprint: string }
  | { readonly verb: 'attest'; readonly fingerprint?: string; readonly statement: string }
  | { readonly verb: 'snooze'; readonly until?: string; readonly reason?: string };

/** Schedules and rules send a secret alone; operators add a command. */
export interface CheckRequest {
  readonly secretId: string;
  readonly command?: Command;
}

/** The function's two doors lead to the same workflows. */
export async function obey({ secretId, command }: CheckRequest, world: World): Promise<unknown> {
  switch (command?.verb) {
    case undefined:
    case 'check': {
      const { verdict, findings, moves } = await checkKey(secretId, world);
      return {
        verdict: verdict && inShort(verdict),
        findings: findings.map(({ id, rung, severity }) => ({ id, rung, severity })),
        moves,
      };
    }
    case 'roll-back':
      return rollBack(secretId, command, world);
    case 'extend':
      return setGraceEnd(secretId, command, world);
    case 'retire-now': {
      const ended = await setGraceEnd(secretId, { fingerprint: command.fingerprint, hoursFromNow: 0 }, world);
      await checkKey(secretId, world);
      return ended;
    }
    case 'report-leak':
      return reportLeak(secretId, command, world);
    case 'attest':
      return attestDeath(secretId, command, world);
    case 'snooze': {
      const { until, reason } = command;
      return snooze(secretId, until && reason ? { until: new Date(until), reason } : undefined, world);
    }
  }
}
