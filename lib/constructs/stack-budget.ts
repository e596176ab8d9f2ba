import { CfnResource, type Stack } from 'aws-cdk-lib/core';

/** CloudFormation's own limits, less what a later release of this project may add. */
const MOST_RESOURCES = 480;
const MOST_BYTES = 900_000;

/** Fails synthesis of a stack that CloudFormation would refuse, and says what to do. */
export function stayWithinBudget(stack: Stack): void {
  stack.node.addValidation({ validate: () => overBudget(stack) });
}

function overBudget(stack: Stack): string[] {
  const resources = stack.node.findAll().filter(CfnResource.isCfnResource);
  const bytes = resources.reduce(
    (sum, resource) => sum + JSON.stringify(stack.resolve(resource._toCloudFormation())).length,
    0,
  );
  const fix =
    'Give some of its keys `stack: <name>` in the fleet file, best the newest: a deployed key must stay where it is.';
  return [
    ...(resources.length > MOST_RESOURCES
      ? [
          `${stack.stackName} has ${resources.length} resources; at most ${MOST_RESOURCES} are sure to deploy. ${fix}`,
        ]
      : []),
    ...(bytes > MOST_BYTES
      ? [
          `The template of ${stack.stackName} has ${bytes} bytes; at most ${MOST_BYTES} are sure to deploy. ${fix}`,
        ]
      : []),
  ];
}
