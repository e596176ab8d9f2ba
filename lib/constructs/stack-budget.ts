import { CfnElement, CfnResource, type Stack } from 'aws-cdk-lib/core';

/** CloudFormation's limits, minus room for later releases of this project. */
const MAX_RESOURCES = 480;
const MAX_BYTES = 900_000;

/** Fails synthesis of a stack that CloudFormation would refuse. */
export function stayWithinBudget(stack: Stack): void {
  stack.node.addValidation({ validate: () => overBudget(stack) });
}

function overBudget(stack: Stack): string[] {
  const elements = stack.node.findAll().filter(CfnElement.isCfnElement);
  const resources = elements.filter(CfnResource.isCfnResource);
  const bytes = elements.reduce(
    (sum, element) => sum + JSON.stringify(stack.resolve(element._toCloudFormation())).length,
    0,
  );
  const fix =
    'Give some of its keys `stack: <name>` in the fleet file, but only new ones: a deployed key must stay where it is.';
  const faults: string[] = [];
  if (resources.length > MAX_RESOURCES)
    faults.push(
      `${stack.stackName} has ${resources.length} resources; at most ${MAX_RESOURCES} are sure to deploy. ${fix}`,
    );
  if (bytes > MAX_BYTES)
    faults.push(
      `The template of ${stack.stackName} has ${bytes} bytes; at most ${MAX_BYTES} are sure to deploy. ${fix}`,
    );
  return faults;
}
