import { Annotations, type App } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { FleetConfig, FleetEnvironment } from './config/fleet';
import { KeyRotationStack } from './key-rotation-stack';
import { KeyShardStack } from './key-shard-stack';

/** One stack per environment, and one per further `stack` that its keys name. */
export function addFleet(app: App, fleet: FleetConfig, warnings: readonly string[] = []): KeyRotationStack[] {
  const stacks = fleet.environments.map((environment) => addEnvironment(app, environment));
  warnings.forEach((warning, index) => {
    Annotations.of(app).addWarningV2(`anthropic-keys:fleet-file-${index + 1}`, warning);
  });
  return stacks;
}

function addEnvironment(app: App, fleet: FleetEnvironment): KeyRotationStack {
  const { environment: name, account, region } = fleet;
  const common = { fleet, env: { account, region } };
  const description = `Rotation of the Anthropic API keys of ${name}`;
  const first = new KeyRotationStack(app, `AnthropicKeys-${name}`, { ...common, description });
  const shards = new Set(fleet.keys.flatMap(({ stack }) => stack ?? []));
  for (const shard of shards) {
    const description = `Further Anthropic API keys of ${name}: ${shard}`;
    const props = { ...common, shard, description };
    const further = new KeyShardStack(app, `AnthropicKeys-${name}-${shard}`, props);
    further.addStackDependency(first);
  }
  if (region && !RegionInfo.regions.some(({ name }) => name === region))
    Annotations.of(first).addWarningV2(
      'anthropic-keys:unknown-region',
      `${name}: the CDK knows no region ${region}, so the deployment may fail`,
    );
  return first;
}
