import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Account } from './account';

/** A deployed schedule: what it would invoke, and with what. */
export interface DeployedSchedule {
  readonly name: string;
  readonly group: string;
  readonly expression: string;
  readonly functionArn: string;
  readonly input: string;
}

interface Listed {
  readonly Schedules: readonly { readonly Name: string; readonly GroupName: string }[];
}

interface Got {
  readonly ScheduleExpression: string;
  readonly Target: { readonly Arn: string; readonly Input: string };
}

/** Reads the schedules of a group as they were deployed. */
export async function schedulesOf(account: Account, group: string): Promise<readonly DeployedSchedule[]> {
  const { Schedules } = await account.aws<Listed>('scheduler', 'list-schedules', '--group-name', group);
  return Promise.all(
    Schedules.map(async ({ Name: name }) => {
      const got = await account.aws<Got>('scheduler', 'get-schedule', '--group-name', group, '--name', name);
      const { Arn: functionArn, Input: input } = got.Target;
      return { name, group, expression: got.ScheduleExpression, functionArn, input };
    }),
  );
}

/** Does what a schedule does when its time comes, and waits for the end. @throws Error with what the function failed of */
export async function fire<Answer>(
  { lambda }: Account,
  { name, functionArn, input }: DeployedSchedule,
): Promise<Answer> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: functionArn, Payload: input }));
  const payload = answer.Payload?.transformToString() ?? 'null';
  if (answer.FunctionError) throw new Error(`What ${name} invokes failed: ${payload}`);
  return JSON.parse(payload) as Answer;
}
