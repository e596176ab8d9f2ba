import type { Difference } from '../world';

const wrong = (contract: string, documented: string, here: string): Difference => ({
  contract,
  documented,
  here,
  right: 'the contract',
});

/** Where moto 5.2.1 differs from the contract. The suite fails when one of these disappears, so the list stays true. */
export const MOTO_DIFFERENCES: readonly Difference[] = [
  wrong(
    'a put takes a label silently from the version that had it',
    'DescribeSecret, VersionIdsToStages: "A list of the versions of the secret that have staging labels attached."',
    'The label moves, and DescribeSecret shows the version that lost it with an empty list.',
  ),
  wrong(
    'a put that becomes current leaves the labels of our own on the version before',
    'PutSecretValue moves AWSCURRENT and AWSPREVIOUS; other labels move only when they are named.',
    'The version before loses all its labels but AWSPREVIOUS.',
  ),
  wrong(
    'a put that becomes current takes AWSPENDING off another version',
    'CloudTrail event RotationAbandoned: "Secrets Manager removes the AWSPENDING label to allow future rotations to succeed."',
    'AWSPENDING stays, and every later rotation is refused.',
  ),
  wrong(
    'AWSCURRENT that moves puts AWSPREVIOUS on the version it left, and readers get the new value',
    'GetSecretValue without version and label returns the AWSCURRENT version.',
    'The labels move, and GetSecretValue without a label goes on returning the old value.',
  ),
  wrong(
    'AWSCURRENT cannot be taken off',
    'UpdateSecretVersionStage answers "You can only move staging label AWSCURRENT to a different secret version. It can\'t be completely removed."',
    'It is taken off.',
  ),
  wrong(
    'a label of our own moves only from the version that is named',
    'RemoveFromVersionId: "If the label is attached and you either do not specify this parameter, or the version ID does not match, then the operation fails."',
    'The label ends up on two versions.',
  ),
  wrong(
    'a version without labels is listed only when deprecated ones are asked for',
    'ListSecretVersionIds: "By default, versions without staging labels aren\'t included."',
    'Both always show all versions.',
  ),
  wrong(
    'a secret takes 20 labels in all',
    'Quota "Labels attached across all versions of a secret": 20.',
    'There is no limit.',
  ),
  wrong(
    'a version keeps the date of its creation when labels move',
    'ListSecretVersionIds, CreatedDate: "The date and time this version of the secret was created."',
    'CreatedDate is the time of the listing.',
  ),
  wrong(
    'a tag with a comma or a bracket is refused',
    'Tag restrictions: letters, digits, spaces and _ . : / = + - @.',
    'Any character is taken.',
  ),
  wrong('a secret takes 50 tags', 'Tag restrictions: 50 tags per secret.', 'There is no limit.'),
  wrong(
    'versions are listed page by page',
    'ListSecretVersionIds takes MaxResults and NextToken.',
    'Both are ignored: one page holds all.',
  ),
  {
    contract: 'a secret marked for deletion keeps its name, is not read or listed, and can be restored',
    documented:
      'The name stays reserved; CreateSecret lists InvalidRequestException and ResourceExistsException.',
    here: 'The refusal is ResourceExistsException. Nothing of ours tells the two apart.',
    right: 'not established',
  },
  wrong(
    'a rotation without a function is refused and changes nothing',
    'RotateSecret: InvalidRequestException where no Lambda function is configured and none is named.',
    'An empty version becomes current.',
  ),
  wrong(
    'a rotation is refused while AWSPENDING sits on a version that is not current',
    'RotateSecret: "If the AWSPENDING staging label is present but not attached to the same version as AWSCURRENT, then any later invocation of RotateSecret assumes that a previous rotation request is still in progress and returns an error."',
    'It is refused in the opposite case only: while both labels sit on one version.',
  ),
  wrong(
    'the store calls a rotation that cannot start now "not now"',
    'RotateSecret: InvalidRequestException where no Lambda function is configured and none is named.',
    'An empty version becomes current.',
  ),
  wrong(
    'a subject with a line break is refused',
    'Publish: "Subjects must be UTF-8 text with no line breaks or control characters."',
    'It is published.',
  ),
  wrong(
    'a topic counts the subscriptions that are confirmed and those that wait',
    'GetTopicAttributes returns SubscriptionsConfirmed and SubscriptionsPending.',
    'Both are always 0.',
  ),
  wrong(
    'a subscription that waits for its confirmation is listed without an ARN',
    'ListSubscriptionsByTopic: "PendingConfirmation" in place of the ARN until the endpoint confirms.',
    'Every subscription is listed with its ARN.',
  ),
  wrong(
    'an ECS service that was deleted is not deployed any more',
    'UpdateService, ServiceNotActiveException: "The specified service isn\'t active."',
    'The deployment is taken.',
  ),
];

/** What the mended moto leaves as it is, since nothing that is deployed there depends on it. */
const NOT_MENDED: ReadonlySet<string> = new Set([
  'a secret takes 20 labels in all',
  'a tag with a comma or a bracket is refused',
  'a secret takes 50 tags',
  'a secret marked for deletion keeps its name, is not read or listed, and can be restored',
  'a subject with a line break is refused',
  'an ECS service that was deleted is not deployed any more',
]);

export const MENDED_MOTO_DIFFERENCES = MOTO_DIFFERENCES.filter(({ contract }) => NOT_MENDED.has(contract));
