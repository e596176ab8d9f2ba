import { type ISecurityGroup, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { NetworkPlacement } from '../config/fleet';
import type { KeyRotationProps } from './key-rotation-props';

/** Where the functions are placed, and the security groups by which others can let them in. */
export interface FunctionNetwork {
  readonly placement: NetworkPlacement;
  readonly securityGroups: readonly ISecurityGroup[];
}

/** The network of the functions, if the props name one. @throws Error if `vpc` leaves only public subnets, or some are selected */
export function functionNetwork(scope: Construct, props: KeyRotationProps): FunctionNetwork | undefined {
  const { vpc, vpcSubnets, network } = props;
  if (!vpc) return network && { placement: network, securityGroups: importGroups(scope, network) };
  const { subnetIds, hasPublic, isPendingLookup } = vpc.selectSubnets(vpcSubnets);
  if (hasPublic && !isPendingLookup)
    throw new Error(
      `${scope.node.path}: vpcSubnets selects public subnets, from which a function of AWS Lambda reaches nothing outside: expected private ones.`,
    );
  const securityGroups = props.securityGroups ?? [ownGroup(scope, props)];
  return {
    placement: {
      // In its first pass, before a lookup, the CDK gives ids that no subnet can have.
      subnetIds: isPendingLookup ? subnetIds.map(() => 'subnet-00000000') : subnetIds,
      securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
    },
    securityGroups,
  };
}

const importGroups = (scope: Construct, { securityGroupIds }: NetworkPlacement) =>
  securityGroupIds.map((id, index) =>
    SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${index + 1}`, id),
  );

/** Lets out HTTPS, to AWS and to Anthropic, and the way to the proxy. */
function ownGroup(scope: Construct, { vpc, environment, proxyUrl }: KeyRotationProps): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', {
    vpc: vpc!,
    description: `Functions of the Anthropic keys of ${environment}`,
    allowAllOutbound: false,
  });
  const proxyPort = proxyUrl && URL.canParse(proxyUrl) ? Number(new URL(proxyUrl).port) : 0;
  for (const port of new Set([443, proxyPort || 443]))
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'AWS, Anthropic and the proxy');
  return group;
}
