import { join } from 'node:path';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FleetEnvironment, NetworkPlacement } from '../config/fleet';
import { type AdminEnv, encodeAdminEnv, encodeEnv, encodeProxy, type FunctionEnv } from '../contract/env';
import { FUNCTION_TIMEOUTS, type FunctionRole, functionName } from '../contract/names';
import { METRICS_NAMESPACE } from '../domain/metrics';
import { type Ability, acknowledgeWildcard, allow, explain, type Realm } from './permissions';

const ROOT = join(__dirname, '../..');

/** How functions are bundled. The test of bundles uses the same options. */
export const BUNDLE = {
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  target: 'node24',
  minify: true,
  // The bundled AWS SDK still calls `require` for Node's own modules.
  banner:
    "import{createRequire as anthropicKeysRequire}from'node:module';const require=anthropicKeysRequire(import.meta.url);",
};

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
  readonly function: NodejsFunction;
  readonly role: Role;
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
    this.function = new NodejsFunction(this, 'Function', {
      functionName: name,
      description,
      role: this.role,
      entry: join(ROOT, `lambda/${props.role}.ts`),
      projectRoot: ROOT,
      depsLockFilePath: join(ROOT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.minutes(FUNCTION_TIMEOUTS[props.role]),
      tracing: Tracing.DISABLED,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      environment: {
        ...encodeEnv({ ...sharedVariables(config), ...abilities.variables }),
        ...encodeAdminEnv(abilities.variables),
        ...encodeProxy(config.proxyUrl, Aws.URL_SUFFIX),
      },
      // The SDK is bundled too, because the runtime's version changes.
      bundling: { ...BUNDLE, externalModules: [] },
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
