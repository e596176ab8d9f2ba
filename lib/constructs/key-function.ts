import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FleetEnvironment, NetworkPlacement } from '../config/fleet';
import { type AdminEnv, encodeAdminEnv, encodeEnv, encodeProxy, type FunctionEnv } from '../contract/env';
import { FUNCTION_TIMEOUTS, type FunctionRole, functionName } from '../contract/names';
import { METRICS_NAMESPACE } from '../domain/metrics';
import { bundled } from './function-code';
import { type Ability, acknowledgeWildcard, allow, explain, type Realm } from './permissions';

/** What all functions of an environment share. */
export interface FunctionContext {
  readonly config: FleetEnvironment;
  readonly realm: Realm;
}

/** Variables that come with a function's abilities. All functions share the others. */
type AbilityVariables = Omit<FunctionEnv, keyof ReturnType<typeof sharedVariables>> & AdminEnv;

export interface KeyFunctionProps {
  readonly role: FunctionRole;
  readonly description: string;
  /** Everything the function may do besides writing its log. */
  readonly abilities: Ability<AbilityVariables>;
}

/** A function with its bundle, role and log. */
export class KeyFunction extends Construct {
  /** The function in AWS Lambda. */
  readonly function: LambdaFunction;
  /** Its role, with exactly the calls that it makes. */
  readonly role: Role;
  /** Its log. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { config, realm }: FunctionContext, props: KeyFunctionProps) {
    super(scope, id);
    const { description, abilities } = props;
    const name = functionName(config.environment, props.role);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: config.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: realm.arns.roleName(props.role),
      description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of [writeLog(this.logGroup), ...abilities.statements])
      this.role.addToPolicy(statement);
    explain(this.role, abilities);
    this.function = new LambdaFunction(this, 'Function', {
      ...bundled(props.role),
      functionName: name,
      description,
      role: this.role,
      memorySize: 512,
      timeout: Duration.minutes(FUNCTION_TIMEOUTS[props.role]),
      logGroup: this.logGroup,
      environment: {
        ...encodeEnv({ ...sharedVariables(config), ...abilities.variables }),
        ...encodeAdminEnv(abilities.variables),
        ...encodeProxy(config.proxyUrl, Aws.URL_SUFFIX),
      },
    });
    if (config.network) this.place(config.network);
  }

  private place({ subnetIds, securityGroupIds }: NetworkPlacement): void {
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    const actions = [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ];
    // Lambda creates the interfaces with the function's role, before it knows their names.
    this.role.addToPolicy(allow('NetworkInterfaces', actions, ['*']));
    acknowledgeWildcard(
      this.role,
      '*',
      'Lambda makes the network interfaces of a function in a VPC with its role; EC2 has no narrower resource for that.',
    );
  }
}

const writeLog = ({ logGroupArn }: LogGroup) =>
  allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn]);

const sharedVariables = (config: FleetEnvironment) => ({
  environment: config.environment,
  expectedHome: config.home,
  anthropicBaseUrl: config.anthropicBaseUrl,
  metricsNamespace: METRICS_NAMESPACE,
  spendLimitReviewed: config.spendLimitReviewed,
  alerts: config.alerts,
  chat: config.chat,
  cliCommand: config.cliCommand,
  projectUrl: config.projectUrl,
  runbookUrl: config.runbookUrl,
});
