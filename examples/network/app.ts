import { KeyRotation } from 'anthropic-key-rotation';
import {
  FlowLogDestination,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';

const app = new App();
const stack = new Stack(app, 'Keys', { env: { account: '444455556666', region: 'eu-central-1' } });

/** Without any way to the internet. A peering or a transit gateway of yours leads to the proxy. */
const vpc = new Vpc(stack, 'Vpc', {
  maxAzs: 2,
  natGateways: 0,
  subnetConfiguration: [{ name: 'functions', subnetType: SubnetType.PRIVATE_ISOLATED }],
  flowLogs: { all: { destination: FlowLogDestination.toCloudWatchLogs() } },
});
const PROXY = { network: '10.20.0.0/24', port: 3128, url: 'https://proxy.acme.io:3128' };
const functions = new SecurityGroup(stack, 'Functions', { vpc, allowAllOutbound: false });
functions.addEgressRule(Peer.ipv4(PROXY.network), Port.tcp(PROXY.port), 'Anthropic, through the proxy');

/** What the functions call in AWS. */
const SERVICES = {
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Sns: InterfaceVpcEndpointAwsService.SNS,
  EventBridge: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
  Lambda: InterfaceVpcEndpointAwsService.LAMBDA,
  Sts: InterfaceVpcEndpointAwsService.STS,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
};
for (const [name, service] of Object.entries(SERVICES)) {
  const endpoint = vpc.addInterfaceEndpoint(name, { service, open: false });
  endpoint.connections.allowDefaultPortFrom(functions, 'Functions of the Anthropic keys');
}

/** With this alias every admin role of the account may read what it encrypts. */
const encryptionKey = new Key(stack, 'Key', {
  alias: 'anthropic-keys-own',
  enableKeyRotation: true,
  // Without it, live keys could not be read any more.
  removalPolicy: RemovalPolicy.RETAIN,
});

new KeyRotation(stack, 'AnthropicKeys', {
  environment: 'prod',
  alerts: ['platform@acme.io', 'on-call@acme.io'],
  home: { workspaceId: 'wrkspc_prod' },
  vpc,
  securityGroups: [functions],
  proxyUrl: PROXY.url,
  encryptionKey,
  keys: [
    {
      service: 'gateway',
      owner: 'gateway@acme.io',
      consumers: [{ kind: 'lambda', name: 'gateway', refresh: 5 }],
    },
  ],
});
