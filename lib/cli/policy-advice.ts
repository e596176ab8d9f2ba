import { type PeoplePolicy, policyName } from '../contract/names';
import { type Denial, environmentIn, greaterPolicy, leastPolicy } from '../contract/people';

/** What is known about a refused command besides the refusal. */
export interface Wanted {
  /** The policy that the whole command takes. @default the least that allows the refused action */
  readonly policy?: PeoplePolicy;
  /** @default the environment that the refused resource belongs to by its name */
  readonly environment?: string;
}

const FOR_ADOPT =
  'No policy for people allows it: only `adopt` needs it. Allow secretsmanager:DescribeSecret, TagResource and UntagResource on that secret to whoever adopts it.';

const FOR_DOCTOR =
  'Only `doctor` needs it, to say in advance what is missing. Without it a refused command names the policy.';

/** Actions that no policy of ours allows, and what does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'secretsmanager:TagResource': FOR_ADOPT,
  'secretsmanager:UntagResource': FOR_ADOPT,
  'secretsmanager:GetSecretValue': 'No command needs it, and people should not have it.',
  'cloudtrail:LookupEvents': "AWS's managed policy AWSCloudTrail_ReadOnlyAccess allows it.",
  'iam:SimulatePrincipalPolicy': FOR_DOCTOR,
  'iam:GetRole': FOR_DOCTOR,
  'sts:AssumeRole':
    'The role does not admit you, or does not exist. Its trust policy must name whoever assumes it, who also needs sts:AssumeRole on it. If it asks for MFA, a profile with mfa_serial assumes it.',
};

/** Says what would allow an action that AWS refused: the policy to attach, or why none helps. */
export function policyAdvice({ action, resource = '', ruledOutBy }: Denial, wanted: Wanted = {}): string {
  if (ruledOutBy)
    return `A ${ruledOutBy} rules ${action} out, so no policy of yours helps. Ask whoever manages it.`;
  const least = leastPolicy(action, resource);
  if (!least)
    return (
      ELSEWHERE[action] ?? `No policy of this project allows ${action}. Ask whoever manages the account.`
    );
  const policy = greaterPolicy(least, wanted.policy ?? least);
  const environment = environmentIn(resource) ?? wanted.environment ?? '<environment>';
  return `Attach the policy ${policyName(environment, policy)} to your role: it allows ${action}${policy === least ? '' : ', and what else the command needs'}.`;
}
