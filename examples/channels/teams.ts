import { CfnMicrosoftTeamsChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CheckNow } from './check-now';

export interface TeamsProps {
  readonly environment: string;
  /** Topic of an environment with `chat: amazon-q`. */
  readonly topic: ITopic;
  /** From the link of the channel: `groupId`, `tenantId` and the part after `/channel/`. */
  readonly teamId: string;
  readonly tenantId: string;
  readonly channelId: string;
  /** Keys that the channel may check, by alias. @default none */
  readonly checks?: Readonly<Record<string, string>>;
}

/** Shows the notices of an environment in a channel of Microsoft Teams. */
export class Teams extends Construct {
  constructor(scope: Construct, id: string, props: TeamsProps) {
    super(scope, id);
    const { environment, topic, teamId, tenantId, channelId, checks = {} } = props;
    const checkNow = new CheckNow(this, 'CheckNow', { environment, checks });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      managedPolicies: [checkNow.policy],
    });
    new CfnMicrosoftTeamsChannelConfiguration(this, 'Channel', {
      configurationName: `anthropic-keys-${environment}`,
      teamId,
      teamsTenantId: tenantId,
      teamsChannelId: channelId,
      iamRoleArn: role.roleArn,
      snsTopicArns: [topic.topicArn],
      // Without one, AWS allows the channel everything that its role may do.
      guardrailPolicies: [checkNow.policy.managedPolicyArn],
      customizationResourceArns: [...checkNow.actions],
    });
  }
}
