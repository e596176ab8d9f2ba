import { join } from 'node:path';
import {
  type PolicyStatement,
  Role,
  ServicePrincipal,
  PolicyStatement as Statement,
} from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { NetworkPlacement } from '../config/fleet';
import { type FunctionRole, functionName } from '../contract/names';
import { EnvironmentArns } from './environment-arns';
import { acknowledgeWildcard } from './permissions';

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

export interface KeyFunctionProps {
  readonly environment: string;
  readonly role: FunctionRole;
  readonly description: string;
  /** Environment variables, from the codecs of `lib/contract/env.ts`. */
  readonly variables: Readonly<Record<string, string>>;
  /** All that the function may do, besides writing its log. */
  readonly permissions: readonly PolicyStatement[];
  /** @default in the network of AWS Lambda */
  readonly network?: NetworkPlacement;
}

/** One of the functions: its bundle, its role, its log. */
export class KeyFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: KeyFunctionProps) {
    super(scope, id);
    const name = functionName(props.environment, props.role);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: new EnvironmentArns(this, props.environment).roleName(props.role),
      description: props.description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of [this.writeLog(), ...props.permissions]) this.role.addToPolicy(statement);
    this.function = new NodejsFunction(this, 'Function', {
      functionName: name,
      description: props.description,
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
      environment: { ...props.variables },
      // Everything is inside: the SDK that a runtime brings along is another one tomorrow.
      bundling: { ...BUNDLE, externalModules: [] },
    });
    if (props.network) this.place(props.network);
  }

  private writeLog(): PolicyStatement {
    return new Statement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    });
  }

  private place({ subnetIds, securityGroupIds }: NetworkPlacement): void {
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    this.role.addToPolicy(
      new Statement({
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
