import type { Construct } from 'constructs';
import { releasedBy, reportSchedule } from '../../contract/release';
import type { EnvironmentArns } from '../environment-arns';
import { type FunctionContext, KeyFunction } from '../key-function';
import type { ScheduleProps } from '../key-schedules';
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
import { release } from '../release';

/** The report reads no value. It describes a secret again before it writes its memory. */
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

/** In time for Europe's morning, and after the day's checks. */
export const REPORT_EVERY = 'cron(30 5 * * ? *)';

export const dailyReport = (arns: EnvironmentArns): ScheduleProps => ({
  id: 'DailyReport',
  name: reportSchedule(arns.environment).name,
  description: releasedBy(`Reports on the Anthropic keys of ${arns.environment}`, release()),
  expression: REPORT_EVERY,
  functionArn: arns.function('report'),
  input: {},
});
