import { type CfnSlackChannelConfiguration, SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CheckNow } from './check-now';

export interface SlackProps {
  readonly environment: string;
  /** Topic of an environment with `chat: amazon-q`. */
  readonly topic: ITopic;
  /** `T…`, from the console of Amazon Q Developer in chat applications, where the workspace was authorized once. */
  readonly workspaceId: string;
  /** `C…`, from the link of the channel. */
  readonly channelId: string;
  /** Keys that the channel may check, by alias. @default none */
  readonly checks?: Readonly<Record<string, string>>;
}

/** Shows the notices of an environment in a Slack channel. */
export class Slack extends Construct {
  constructor(scope: Construct, id: string, props: SlackProps) {
    super(scope, id);
    const { environment, topic, workspaceId, channelId, checks = {} } = props;
    const checkNow = new CheckNow(this, 'CheckNow', { environment, checks });
    const channel = new SlackChannelConfiguration(this, 'Channel', {
      slackChannelConfigurationName: `anthropic-keys-${environment}`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: [topic],
      // Without one, AWS allows the channel everything that its role may do.
      guardrailPolicies: [checkNow.policy],
    });
    channel.role?.addManagedPolicy(checkNow.policy);
    (channel.node.defaultChild as CfnSlackChannelConfiguration).customizationResourceArns = [
      ...checkNow.actions,
    ];
  }
}
