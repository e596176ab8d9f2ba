import type { Construct } from 'constructs';
import type { EnvironmentArns } from '../environment-arns';
import { type FunctionContext, KeyFunction } from '../key-function';
import type { Tick } from '../key-schedules';
import {
  askAdmin,
  listSecrets,
  onSecrets,
  tellMachines,
  tellPeople,
  together,
  useEncryptionKey,
  writeMemory,
} from '../permissions';

/** The report reads no value at all. Before it remembers what it said of a key, it looks at that secret again. */
export const reportFunction = (scope: Construct, context: FunctionContext) =>
  new KeyFunction(scope, 'Report', context, {
    role: 'report',
    description: `Reports on all Anthropic keys of ${context.config.environment}, and on whether they are watched`,
    abilities: together(
      listSecrets(),
      onSecrets(context.realm, 'Keys', ['DescribeSecret']),
      writeMemory(context.realm),
      askAdmin(context.realm),
      tellPeople(context.realm),
      tellMachines(context.realm),
      useEncryptionKey(context.realm),
    ),
  });

/** Runs it early enough for Europe's morning, and late enough that the day's checks have run. */
export const dailyReport = (arns: EnvironmentArns): Tick => ({
  id: 'DailyReport',
  // No service can have this name: a dot is not allowed there.
  name: 'daily.report',
  description: `Reports on the Anthropic keys of ${arns.environment}`,
  expression: 'cron(30 5 * * ? *)',
  functionArn: arns.function('report'),
  input: {},
});
