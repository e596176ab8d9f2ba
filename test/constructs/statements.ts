import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import { asList } from '../iam/match';
import type { Statement } from '../iam/policy';
import { resolver } from '../iam/resolve';
import { type Resource, resourcesOf } from './synthesis';

interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: string };
}

/** What CloudFormation makes of a template: references filled in, also those to exports of other stacks. */
function deployed(stack: Stack, producers: readonly Stack[]) {
  const exported = new Map<string, unknown>();
  for (const producer of producers) {
    const template = Template.fromStack(producer);
    const resolve = resolver(resourcesOf(template));
    for (const { Export, Value } of Object.values(template.toJSON().Outputs ?? {}) as Output[])
      if (Export) exported.set(Export.Name, resolve(Value));
  }
  const text = JSON.stringify(Template.fromStack(stack).toJSON(), (_, value) =>
    typeof value === 'object' && value !== null && 'Fn::ImportValue' in value
      ? exported.get(value['Fn::ImportValue'])
      : value,
  );
  const { Resources } = JSON.parse(text) as { Resources: Record<string, Resource> };
  return { resources: Resources, resolve: resolver(Resources) };
}

/** The statements of a role's own policies, as they are deployed. `role`: how its logical id begins. */
export function statementsOf(stack: Stack, role: string, ...producers: readonly Stack[]): Statement[] {
  const { resources, resolve } = deployed(stack, producers);
  return Object.entries(resources)
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(role))
    .flatMap(([, { Properties }]) => {
      const { Statement: statements } = Properties.PolicyDocument as { Statement: unknown };
      return asList(resolve(statements) as Statement | Statement[]);
    });
}

/** What a container gets its environment variables from, as it is deployed. */
export function containerSecrets(stack: Stack, ...producers: readonly Stack[]): unknown {
  const { resources, resolve } = deployed(stack, producers);
  return Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::ECS::TaskDefinition'
      ? (resolve(Properties.ContainerDefinitions) as { Secrets?: unknown }[]).flatMap(
          ({ Secrets }) => Secrets,
        )
      : [],
  );
}
