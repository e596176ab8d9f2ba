import * as z from 'zod';
import { isLink } from '../contract/env';
import { KEBAB } from '../contract/names';
import { isTagText, TAG_TEXT_RULE } from '../contract/policy-tags';
import type { Bounds } from '../domain/policy';
import { CLI_COMMAND_RULE, cliCommandFault } from '../domain/wording/cli-command';
import { isMailAddress, MAIL_ADDRESS_RULE } from '../domain/wording/text';

/** A whole number within limits. */
export const wholeNumber = ([from, to]: Bounds, what: string) => {
  const error = `a whole number of ${what} from ${from} to ${to}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
};

/** A sentence for people, kept in a tag and shown in reports and audits. */
export const reason = z
  .string({ error: 'a reason in words' })
  .refine((text) => text.trim().length >= 5 && isTagText(text), {
    error: `a reason in words, of ${TAG_TEXT_RULE}`,
  });

/** A text of a certain form. */
export const text = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

export const busName = text(/^[/.\w-]{1,256}$/, 'the name of an event bus');

/** An ARN in any partition, such as `aws-us-gov`, `aws-cn` and `aws-eusc`. */
const arn = (service: string, rest: string, error: string) =>
  text(new RegExp(`^arn:aws[a-z-]*:${service}:${rest}$`), error);

const PLACE = '[a-z0-9-]+:\\d{12}';

export const email = z
  .string({ error: 'an e-mail address' })
  .refine(isMailAddress, { error: MAIL_ADDRESS_RULE });

export const name = (max: number) => {
  const error = `a name of lower-case letters, digits and single dashes, at most ${max} characters`;
  return text(KEBAB, error).max(max, { error });
};

export const id = (error: string) => text(/^[\w-]{3,100}$/, error);

export const atLeastOne = <Item extends z.ZodType>(item: Item, one: string, error: string) =>
  z.array(item, { error }).min(1, { error: one });

export const https = (error: string) =>
  z.string({ error }).refine((url) => URL.canParse(url) && new URL(url).protocol === 'https:', { error });

/** A URL is readable in the template and in functions' variables, so it must not hold a password. */
export const withoutPassword = (url: string) =>
  !URL.canParse(url) || new URL(url).username + new URL(url).password === '';
export const OPEN_PASSWORD = {
  error: 'a URL without user and password: it stands in the template and on the functions, to be read',
};

/** What people call the command line by. */
export const cliCommand = z.string({ error: CLI_COMMAND_RULE }).superRefine((value, context) => {
  const expected = cliCommandFault(value);
  if (expected !== undefined) context.addIssue({ code: 'custom', message: expected });
});

/** A URL that mails print for people. */
export const link = z
  .string({ error: 'an https URL' })
  .refine(isLink, { error: 'an https URL, at most 500 plain characters, without user and password' });

export const KMS_KEY = `arn:aws[a-z-]*:kms:${PLACE}:key/[\\w-]+`;
export const kmsKeyArn = text(new RegExp(`^${KMS_KEY}$`), 'the ARN of a KMS key');
export const topicArn = arn('sns', `${PLACE}:[A-Za-z0-9_-]+`, 'the ARN of an SNS topic');
/** Only what names of secrets may hold: with a wildcard or a variable, policies would reach secrets that nobody named. */
export const secretArn = arn(
  'secretsmanager',
  `${PLACE}:secret:[\\w/+=.@-]+-[A-Za-z0-9]{6}`,
  'the complete ARN of a secret, with its six random characters',
);

/** Without wildcards: a trust policy takes none, and a policy of somebody's own would be all that bounds it. */
export const roleArn = arn('iam', ':\\d{12}:role/[^*?\\s]+', 'the ARN of one IAM role, without wildcards');

/** Who may assume the role of readers. Of GitHub's subjects only an exact one: another branch or a pull request has another. */
export const readerPrincipal = text(
  /^(arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)\/[^*?\s]+)|repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?:[^*?\s]+)$/,
  'the ARN of an IAM role or user, or of an account (arn:aws:iam::111122223333:root), or an exact subject of GitHub such as repo:acme/keys:ref:refs/heads/main; without wildcards',
);

/** With a wildcard, roles that nobody named could read the key. */
export const principalArn = arn(
  'iam',
  ':\\d{12}:(role|user)/[^*?]+',
  'the ARN of one IAM role or user, without wildcards',
);
