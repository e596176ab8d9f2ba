import * as z from 'zod';
import {
  parseServiceArn,
  ROLE_ARN,
  ROLE_ARN_RULE,
  SERVICE_ARN,
  SERVICE_ARN_RULE,
} from '../contract/ecs-service';
import {
  CONSUMER_KINDS,
  CONSUMER_NAME,
  CONSUMER_NAME_RULE,
  LONGEST_REFRESH_MINUTES,
} from '../domain/consumer';
import { text } from './value-schema';

const serviceArn = text(SERVICE_ARN, SERVICE_ARN_RULE);

const roleArn = text(ROLE_ARN, ROLE_ARN_RULE);

const kind = z.enum(CONSUMER_KINDS, { error: `one of ${CONSUMER_KINDS.join(', ')}` });

const consumerName = text(CONSUMER_NAME, CONSUMER_NAME_RULE);

const DURATION = /^(\d{1,6}) (second|minute|hour|day)s?$/;

const UNITS: Readonly<Record<string, number>> = { second: 1 / 60, minute: 1, hour: 60, day: 24 * 60 };

/** Minutes of `5 minutes`, `1 hour` or `90 seconds`, rounded up; undefined if it is no such duration. */
export function minutesOf(duration: string): number | undefined {
  const match = DURATION.exec(duration);
  const minutes = match ? Math.ceil(Number(match[1]) * UNITS[match[2]!]!) : 0;
  return minutes >= 1 && minutes <= LONGEST_REFRESH_MINUTES ? minutes : undefined;
}

const REFRESH = 'restart, or a duration such as 5 minutes, 1 hour or 2 days (at most 30 days)';

const refresh = text(new RegExp(`^restart$|${DURATION.source}`), REFRESH).refine(
  (written) => written === 'restart' || minutesOf(written) !== undefined,
  { error: REFRESH },
);

const isMinutes = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_REFRESH_MINUTES;

const refreshOfProps = z.custom<number | 'restart'>((value) => value === 'restart' || isMinutes(value), {
  error: `restart, or a whole number of minutes from 1 to ${LONGEST_REFRESH_MINUTES}`,
});

const consumer = <Refresh extends z.ZodType>(refresh: Refresh) =>
  z
    .strictObject(
      {
        kind: kind.describe('Where it runs.'),
        name: consumerName
          .optional()
          .describe(
            'How people call it, without spaces. For ecs `cluster/service`, in the account and region of the key, and for kubernetes `namespace/deployment/name`: then mails show the command that restarts it. Default with `service`: `cluster/service`.',
          ),
        refresh: refresh
          .optional()
          .describe(
            'How long it keeps a key that it has read, such as `5 minutes` or `1 hour`; or `restart` if it reads the key only at its start. Default: restart.',
          ),
        service: serviceArn
          .optional()
          .describe(
            'ARN of an ECS service that RestartOnRotation restarts after every change of the key. Only for ecs.',
          ),
        role: roleArn.optional().describe('ARN of a role to assume, for a `service` of another account.'),
      },
      { error: 'a consumer with kind and name' },
    )
    .superRefine((given, context) => {
      const refuse = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: [field], message });
      if (given.service !== undefined && given.kind !== 'ecs')
        refuse('service', `no service, which only kind ecs has: this one is ${given.kind}`);
      if (given.role !== undefined && given.service === undefined)
        refuse('role', 'no role, which is assumed for a service of another account: there is no service');
      if (given.service !== undefined && given.refresh !== undefined && given.refresh !== 'restart')
        refuse('refresh', 'restart, because a service is one that has to be restarted');
      if (given.name !== undefined) return;
      if (given.service === undefined) refuse('name', CONSUMER_NAME_RULE);
      else if (!CONSUMER_NAME.test(parseServiceArn(given.service)?.name ?? ''))
        refuse('name', `${CONSUMER_NAME_RULE}: cluster and service together are none`);
    });

const list = <Each extends z.ZodType>(each: Each) =>
  z.array(each, { error: 'a list of consumers, or [] where nobody reads the key' });

/** As in the fleet file. */
export const consumers = list(consumer(refresh)).describe(
  'Applications that read the key: mails say who must be restarted. An empty list says that nobody reads it.',
);

/** In the props of constructs: a refresh is a number of minutes. */
export const consumersOfProps = list(consumer(refreshOfProps));
