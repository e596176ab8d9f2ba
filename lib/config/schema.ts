import * as z from 'zod';
import { isSafeUrl } from '../contract/env';
import { KEBAB, MOST_CHARACTERS } from '../contract/names';
import { consumers, consumersOfProps } from './consumer-schema';
import { policyOfProps, policySchema } from './policy-schema';
import { furtherStacks, permissionsBoundary, retention, tags } from './resource-schema';
import {
  atLeastOne,
  busName,
  cliCommand,
  email,
  https,
  id,
  KMS_KEY,
  kmsKeyArn,
  link,
  name,
  OPEN_PASSWORD,
  principalArn,
  readerPrincipal,
  reason,
  roleArn,
  secretArn,
  text,
  topicArn,
  withoutPassword,
} from './value-schema';

const keyInput = z.strictObject(
  {
    owner: email.describe('E-mail address of the team that acts on notices about this key.'),
    policy: policySchema.optional().describe('Where this key is kept differently from its environment.'),
    existing: secretArn
      .optional()
      .describe(
        'Complete ARN of a secret that exists already. Its value and tags stay yours: run `adopt` first.',
      ),
    stack: name(20)
      .optional()
      .describe(
        'Puts the key into a further stack of this name, for large environments. Do not change it later.',
      ),
    principals: atLeastOne(principalArn, 'at least one ARN, or no list at all', 'a list of ARNs')
      .optional()
      .describe(
        'IAM roles and users that may read the value. When set, a resource policy denies it to everybody else but the functions.',
      ),
    consumers: consumers.optional(),
  },
  { error: 'a key with at least an owner' },
);

const byService = <Key extends z.ZodType>(key: Key) =>
  z
    .record(name(MOST_CHARACTERS.service), key, { error: 'keys by service' })
    .refine((keys) => Object.keys(keys).length > 0, { error: 'at least one key' });

const federation = z
  .strictObject(
    {
      ruleId: id('the id of the federation rule').describe('Federation rule, from the Console.'),
      organizationId: id('an organization id').describe('Organization of the rule.'),
      serviceAccountId: id('a service account id').describe('Service account with the admin role.'),
      audience: text(/^\S{3,500}$/, 'the audience that the rule expects')
        .optional()
        .describe('Audience of the token. Default: https://api.anthropic.com.'),
    },
    { error: 'ruleId, organizationId and serviceAccountId' },
  )
  .describe(
    'Workload Identity Federation: the function proves who it is with its IAM role; no secret is stored.',
  );

const mailboxes = atLeastOne(email, 'at least one e-mail address', 'a list of e-mail addresses');

const alerts = z
  .union(
    [
      mailboxes,
      z.strictObject(
        {
          all: mailboxes.optional().describe('Mailboxes that receive every notice.'),
          critical: mailboxes.optional().describe('Mailboxes that receive critical notices only.'),
        },
        { error: 'all and critical' },
      ),
    ],
    { error: 'a list of e-mail addresses, or all and critical with a list each' },
  )
  .describe(
    'Mailboxes that receive every notice of this environment, or `all` and `critical` apart. Needed unless `topicArn` is given.',
  );

const adminAccess = z
  .strictObject(
    {
      federation: federation.optional(),
      adminKeySecretArn: secretArn
        .optional()
        .describe('Complete ARN of a secret whose value is an Admin API key. Federation is the better way.'),
    },
    { error: 'either federation or adminKeySecretArn' },
  )
  .refine((ways) => Object.keys(ways).length === 1, { error: 'either federation or adminKeySecretArn' })
  .describe('Lets one function list and deactivate keys at Anthropic. Unset: a human is asked.');

const ec2Ids = (prefix: string, what: string) =>
  atLeastOne(
    text(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `a ${what} id`),
    `at least one ${what} id`,
    `a list of ${what} ids`,
  );

const vpc = z
  .strictObject(
    {
      subnetIds: ec2Ids('subnet', 'subnet').describe(
        'Private subnets with a way to AWS and to api.anthropic.com.',
      ),
      securityGroupIds: ec2Ids('sg', 'security group').describe(
        'Security groups of the functions: outgoing 443 is enough.',
      ),
    },
    { error: 'subnetIds and securityGroupIds' },
  )
  .describe('Places the functions in a network of yours. Unset: in that of AWS Lambda.');

const readAs = z
  .strictObject(
    {
      profile: text(/^[^\s[\]]{1,128}$/, 'the name of an AWS profile, without spaces')
        .optional()
        .describe('AWS profile of whoever runs the command.'),
      role: roleArn
        .optional()
        .describe('ARN of a role that the caller assumes, such as the one that `readers` creates.'),
    },
    { error: 'either profile or role' },
  )
  .refine((ways) => Object.keys(ways).length === 1, { error: 'either profile or role' })
  .describe(
    'Whose credentials `--everywhere` of the command line reads this environment with. Unset: those of the caller.',
  );

/** Anthropic gives the default workspace no id of this form, so every key would count as one of another workspace. */
const NO_DEFAULT_WORKSPACE =
  'the id of a workspace such as wrkspc_…: with "default" every key would look foreign. Leave it out, and the first key says where it lives';

const environmentInput = z.strictObject(
  {
    account: text(/^\d{12}$/, 'twelve digits in quotes')
      .optional()
      .describe('AWS account. Unset: that of the credentials at deployment.'),
    region: text(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'an AWS region')
      .optional()
      .describe('AWS region. Unset: that of the credentials at deployment.'),
    unknownRegion: reason
      .optional()
      .describe('Why `region` may be one that the CDK does not know, such as a new one.'),
    readAs: readAs.optional(),
    readers: atLeastOne(readerPrincipal, 'at least one reader, or no list at all', 'a list of readers')
      .optional()
      .describe(
        'Who may assume the role anthropic-keys-<env>-readers, which sees the state of the keys and no value: ARNs of roles, users or accounts, and exact subjects of GitHub. Unset: there is no such role.',
      ),
    alerts: alerts.optional(),
    organizationId: id('an organization id')
      .optional()
      .describe('Anthropic organization in which keys of this environment must live.'),
    workspaceId: id('a workspace id such as wrkspc_…')
      .refine((text) => !/^default$/i.test(text), { error: NO_DEFAULT_WORKSPACE })
      .optional()
      .describe('Anthropic workspace in which keys of this environment must live.'),
    sharedWorkspace: reason.optional().describe('Why another environment may name the same workspace.'),
    spendLimitReviewed: z.iso
      .date({ error: 'a date such as 2026-11-21' })
      .optional()
      .describe('When a human last reviewed the spend limit of the workspace. Shown in reports.'),
    policy: policySchema.optional().describe('Where this environment differs from `defaults`.'),
    topicArn: topicArn.optional().describe('Publishes to this topic instead of creating one.'),
    alarmTopicArn: topicArn
      .optional()
      .describe('Second channel: alarms go here, so that a topic nobody listens to is noticed.'),
    chat: z
      .literal('amazon-q', { error: 'amazon-q' })
      .optional()
      .describe(
        'Gives https subscribers of the topic the form that Amazon Q Developer in chat applications shows. Unset: the JSON of the notice.',
      ),
    eventBusName: busName.optional().describe('EventBridge bus for transitions. Default: default.'),
    evidenceRetentionDays: retention
      .optional()
      .describe('Days for which the evidence log keeps the events of this environment. Default: 400.'),
    logRetentionDays: retention
      .optional()
      .describe('Days for which the logs of the functions are kept. Default: 180.'),
    evidencePolicy: z
      .enum(['here', 'external'], { error: 'here or external' })
      .optional()
      .describe(
        'Whether this stack declares the log resource policy that admits events, of which a region takes ten. Default: the first environment of an account and region does, for all of them.',
      ),
    encryption: text(
      new RegExp(`^(customer-managed|${KMS_KEY})$`),
      'customer-managed, or the ARN of a KMS key (an alias is none)',
    )
      .optional()
      .describe(
        '`customer-managed` creates a KMS key; or the ARN of yours. Unset: the keys that AWS manages, and a topic without encryption.',
      ),
    formerEncryption: z
      .array(kmsKeyArn, { error: 'a list of ARNs of KMS keys' })
      .optional()
      .describe(
        'KMS keys of `encryption` before it was changed. The functions may read with them until you take them out again.',
      ),
    tags: tags.optional(),
    permissionsBoundary: permissionsBoundary.optional(),
    adminAccess: adminAccess.optional(),
    vpc: vpc.optional(),
    proxyUrl: https('an https URL')
      .refine(withoutPassword, OPEN_PASSWORD)
      .optional()
      .describe('HTTPS proxy for calls to Anthropic, which admits the functions without a password.'),
    anthropicBaseUrl: z
      .string({ error: 'an https URL' })
      .refine(isSafeUrl, { error: 'an https URL' })
      .refine(withoutPassword, OPEN_PASSWORD)
      .optional()
      .describe('Base URL of the Anthropic API. Default: https://api.anthropic.com.'),
    cliCommand: cliCommand
      .optional()
      .describe(
        'What mails print before the verbs of the command line, such as `pnpm exec anthropic-keys`. Default: `npx --no -- anthropic-keys`.',
      ),
    projectUrl: link.optional().describe('Where the repository with the command line is. Mails link to it.'),
    runbookUrl: link
      .optional()
      .describe('Where docs/runbook.md is served for on-call people. Mails and alarms link to its sections.'),
    stacks: furtherStacks
      .optional()
      .describe(
        'Spreads the keys by their names over so many further stacks, for large environments. Set it before the first deployment: later CloudFormation refuses it, and any other number.',
      ),
    keys: byService(keyInput).describe(
      'The managed keys of this environment, by the service that uses them.',
    ),
  },
  { error: 'an environment with alerts and keys' },
);

/** Of its own name, or a number that `stacks` has given. */
const furtherStack = text(new RegExp(`${KEBAB.source}|^\\d{1,2}$`), 'the name of a further stack');

const { organizationId, workspaceId, vpc: network } = environmentInput.shape;

/** One environment in the props of constructs: keys have their merged policy and the name of their service. */
export const environmentSchema = environmentInput
  .omit({ organizationId: true, workspaceId: true, policy: true, vpc: true, keys: true })
  .extend({
    environment: name(MOST_CHARACTERS.environment),
    home: z.strictObject(
      { organizationId, workspaceId },
      { error: 'organizationId, workspaceId, or neither' },
    ),
    network,
    keys: byService(
      keyInput.extend({
        service: z.string(),
        stack: furtherStack.optional(),
        policy: policyOfProps,
        consumers: consumersOfProps.optional(),
      }),
    ),
  });

const environmentsByName = z
  .record(name(MOST_CHARACTERS.environment), environmentInput, { error: 'environments by name' })
  .refine((all) => Object.keys(all).length > 0, { error: 'at least one environment' })
  .describe('One stack per environment.');

/** The fleet file. Descriptions name every default, so that editors show it. */
export const fleetSchema = z
  .strictObject(
    {
      defaults: policySchema
        .optional()
        .describe('Policy of all keys, unless an environment or a key says otherwise.'),
      environments: environmentsByName,
    },
    { error: 'a file with environments' },
  )
  .describe('The Anthropic API keys that a team keeps, and how.');

/** The fleet file as written. */
export type FleetInput = z.infer<typeof fleetSchema>;
export type EnvironmentInput = z.infer<typeof environmentInput>;

/** What the loader drops from a file: blocks that only hold anchors. */
const BLOCKS = { '^x-': { description: 'Anything, for anchors that the rest of the file uses.' } };

const WITH_BLOCKS: readonly unknown[] = [fleetSchema, environmentsByName, environmentInput];

/** The JSON schema of the fleet file, for editors. */
export function fleetJsonSchema(): string {
  const schema = z.toJSONSchema(fleetSchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (WITH_BLOCKS.includes(zodSchema)) jsonSchema.patternProperties = BLOCKS;
    },
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
