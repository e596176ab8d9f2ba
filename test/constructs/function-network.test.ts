import { Template } from 'aws-cdk-lib/assertions';
import { Peer, Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { rotationIn, stackIn } from './other-app';
import { appWithoutBundles, resourcesOf } from './synthesis';

test('without securityGroups, the functions get one that lets out HTTPS and the way to the proxy, and connections change it', () => {
  const stack = stackIn();
  const rotation = rotationIn(stack, {
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }),
    proxyUrl: 'https://proxy.acme.io:3128',
  });
  rotation.connections.allowTo(Peer.ipv4('10.0.0.0/8'), Port.tcp(8443), 'A gateway of ours');
  const ports = Object.values(resourcesOf(Template.fromStack(stack)))
    .filter(({ Type }) => Type === 'AWS::EC2::SecurityGroup')
    .map(({ Properties }) => Properties.SecurityGroupEgress as { FromPort: number; CidrIp: string }[]);
  expect(ports.map((rules) => rules.map(({ FromPort, CidrIp }) => [FromPort, CidrIp]))).toEqual([
    [
      [443, '0.0.0.0/0'],
      [3128, '0.0.0.0/0'],
      [8443, '10.0.0.0/8'],
    ],
  ]);
});

test('the security groups of plain ids have connections, too', () => {
  const stack = stackIn();
  const network = { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d', 'sg-0b1b2c3d'] };
  const { connections } = rotationIn(stack, { network });
  expect(connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual(
    network.securityGroupIds,
  );
});

test('functions outside a VPC have no connections', () => {
  expect(() => rotationIn(stackIn()).connections).toThrow('give vpc or network');
});

test('a VPC that has still to be looked up is accepted in the first pass of the CDK', () => {
  const app = appWithoutBundles();
  const stack = stackIn(app);
  rotationIn(stack, { vpc: Vpc.fromLookup(stack, 'Vpc', { isDefault: false, vpcName: 'main' }) });
  const { manifest } = app.synth();
  expect(manifest.missing?.map(({ provider }) => provider)).toContain('vpc-provider');
});
