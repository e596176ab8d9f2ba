import { readFileSync } from 'node:fs';
import { addFleet, loadFleet, renderFault } from 'anthropic-key-rotation';
import { App, CfnOutput } from 'aws-cdk-lib';

const { fleet, errors, warnings } = loadFleet(readFileSync('keys.yaml', 'utf8'), 'keys.yaml', new Date());
if (!fleet) throw new Error(errors.map(renderFault).join('\n'));

for (const stack of addFleet(new App(), fleet, warnings)) {
  const admin = stack.rotation.functions.admin;
  // The subject that the federation rule in the Claude Console names.
  if (admin) new CfnOutput(stack, 'AdminRoleArn', { value: admin.role.roleArn });
}
