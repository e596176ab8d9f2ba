import * as z from 'zod';
import { isTagText, TAG_TEXT_RULE } from '../contract/policy-tags';
import { LOG_RETENTION_DAYS } from './log-retention';
import { wholeNumber } from './value-schema';

/** Over how many further stacks keys are spread. Fifty hold about 7,000 keys. */
export const furtherStacks = wholeNumber([1, 50], 'stacks');

/** A log group's retention. */
export const retention = z.literal(LOG_RETENTION_DAYS, {
  error: `one of ${LOG_RETENTION_DAYS.join(', ')}, which are the days that CloudWatch Logs knows`,
});

const tagKey = z
  .string()
  .min(1, { error: 'the name of a tag' })
  .max(128, { error: 'the name of a tag, at most 128 characters' })
  .refine(isTagText, { error: 'the name of a tag, of letters, digits, spaces and _ . : / = + - @' })
  .refine((key) => !/^(aws|anthropic-key(-state)?):/i.test(key), {
    error: 'another name: aws: is kept for AWS, anthropic-key: and anthropic-key-state: for this project',
  });

/** A secret takes fifty tags, of which this project uses up to 29: 15 for the policy, 5 for consumers, a stated creation, and 8 of memory. */
const MOST_TAGS = 20;

export const tags = z
  .record(
    tagKey,
    z
      .string({ error: "a text, in quotes if YAML reads something else: '42'" })
      .refine((value) => isTagText(value) && !/^aws:/i.test(value), {
        error: `${TAG_TEXT_RULE}, without aws: at its beginning`,
      }),
    { error: 'tags such as { team: platform }' },
  )
  .refine((all) => Object.keys(all).length <= MOST_TAGS, { error: `at most ${MOST_TAGS} tags` })
  .refine(
    (all) => new Set(Object.keys(all).map((key) => key.toLowerCase())).size === Object.keys(all).length,
    {
      error: 'names that differ in more than upper and lower case: to IAM they are the same',
    },
  )
  .describe('Tags of every resource of this environment that takes tags, such as `cost-center`.');

const BOUNDARY = 'the ARN or the name of a managed policy';

export const permissionsBoundary = z
  .string({ error: BOUNDARY })
  .regex(/^(arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/)?[\w+=,.@/-]{1,512}$/, { error: BOUNDARY })
  .describe(
    'Managed policy that bounds every role of this environment. It must allow what the functions do.',
  );
