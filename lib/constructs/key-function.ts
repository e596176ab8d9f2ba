import { join } from 'node:path';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FleetEnvironment, NetworkPlacement } from '../config/fleet';
import { type AdminEnv, encodeAdminEnv, encodeEnv, encodeProxy, type FunctionEnv } from '../contract/env';
import { type FunctionRole, functionName } from '../contract/names';
import { METRICS_NAMESPACE } from '../domain/metrics';
import { type Ability, acknowledgeWildcard, explain, type Realm } from './permissions';

const ROOT = join(__dirname, '../..');

/** How the functions are bundled. The test of what a bundle may hold builds with the same options. */
export const BUNDLE = {
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  target: 'node24',
  minify: true,
  // The AWS SDK inside an ESM bundle still calls `require` for Node's own modules.
  banner:
    "import{createRequire as anthropicKeysRequire}from'node:module';const require=anthropicKeysRequire(import.meta.url);",
};

/** What the functions of an environment have in common. */
export interface FunctionContext {
  readonly config: FleetEnvironment;
  readonly realm: Realm;
}

/** What a function is told because of what it may do. The rest of its environment is that of all functions. */
type Told = Omit<FunctionEnv, keyof ReturnType<typeof toldToAll>> & AdminEnv;

export interface KeyFunctionProps {
  readonly role: FunctionRole;
  readonly description: string;
  /** All that the function may do, besides writing its log. */
  readonly abilities: Ability<Told>;
}

/** One of the functions: its bundle, its role, its log. */
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
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: realm.arns.roleName(props.role),
      description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of [this.writeLog(), ...abilities.statements]) this.role.addToPolicy(statement);
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
      // A check waits a minute for the second 401, probes with retries, and may ask Admin access: minutes, not seconds.
      timeout: Duration.minutes(10),
      tracing: Tracing.DISABLED,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      environment: {
        ...encodeEnv({ ...toldToAll(config), ...abilities.told }),
        ...encodeAdminEnv(abilities.told),
        ...encodeProxy(config.proxyUrl),
      },
      // Everything is inside: the SDK that a runtime brings along is another one tomorrow.
      bundling: { ...BUNDLE, externalModules: [] },
    });
    if (config.network) this.place(config.network);
  }

  private writeLog(): PolicyStatement {
    return new PolicyStatement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    });
  }

  private place({ subnetIds, securityGroupIds }: NetworkPlacement): void {
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'NetworkInterfaces',
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        // AWS Lambda makes these interfaces with the function's role, before it knows their names.
        resources: ['*'],
      }),
    );
    acknowledgeWildcard(
      this.role,
      '*',
      'Lambda makes the network interfaces of a function in a VPC with its role; EC2 has no narrower resource for that.',
    );
  }
}

/** What every function is told of its environment, whatever it may do. */
const toldToAll = (config: FleetEnvironment) => ({
  environment: config.environment,
  expectedHome: config.home,
  anthropicBaseUrl: config.anthropicBaseUrl,
  metricsNamespace: METRICS_NAMESPACE,
  spendLimitReviewed: config.spendLimitReviewed,
  alertAddresses: config.alerts,
  chat: config.chat,
});
