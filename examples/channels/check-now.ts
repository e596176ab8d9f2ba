import { Stack } from 'aws-cdk-lib';
import { CfnCustomAction } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface CheckNowProps {
  readonly environment: string;
  /** Names of the secrets to check, by alias: at most 30 letters, digits, dashes and underscores. */
  readonly checks: Readonly<Record<string, string>>;
  /** Also shows a button for each under every message. Unproven. @default false */
  readonly buttons?: boolean;
}

/** Whoever may invoke the check may also give it commands. This passes on the name of a listed secret, and nothing else. */
const RELAY = `
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
exports.handler = async ({ secretId }) => {
  if (!JSON.parse(process.env.SECRETS).includes(secretId)) throw new Error('This secret is not listed here.');
  const Payload = JSON.stringify({ secretId });
  await new LambdaClient({}).send(new InvokeCommand({ FunctionName: process.env.CHECK, InvocationType: 'Event', Payload }));
  return 'A check of ' + secretId + ' was started. What it finds comes as a notice.';
};
`;

/** Lets a chat check a key: `@Amazon Q run check-api-gateway`. A check is safe to repeat, and nobody's name is needed. */
export class CheckNow extends Construct {
  /** The only thing that a channel may do. */
  readonly policy: ManagedPolicy;
  /** ARNs of the actions, for the configuration of a channel. */
  readonly actions: readonly string[];

  constructor(scope: Construct, id: string, { environment, checks, buttons = false }: CheckNowProps) {
    super(scope, id);
    const functionName = `anthropic-keys-${environment}-check`;
    const relay = new Lambda(this, 'Relay', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(RELAY),
      environment: { CHECK: functionName, SECRETS: JSON.stringify(Object.values(checks)) },
    });
    Lambda.fromFunctionName(this, 'Check', functionName).grantInvoke(relay);
    this.policy = new ManagedPolicy(this, 'Policy');
    relay.grantInvoke(this.policy);
    this.actions = Object.entries(checks).map(
      ([aliasName, secretId]) =>
        new CfnCustomAction(this, aliasName, {
          actionName: `${environment}-${aliasName}`,
          aliasName,
          definition: {
            commandText: `lambda invoke --function-name ${relay.functionName} --region ${Stack.of(this).region} --payload ${JSON.stringify({ secretId })}`,
          },
          attachments: buttons ? [{ notificationType: 'Custom', buttonText: aliasName }] : undefined,
        }).attrCustomActionArn,
    );
  }
}
