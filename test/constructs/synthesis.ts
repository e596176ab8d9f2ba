import { Template } from 'aws-cdk-lib/assertions';
import { App, type Stack } from 'aws-cdk-lib/core';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { addFleet } from '../../lib/stacks';

/** An app that bundles no function, which another test covers, and that does not note down where each resource was made. */
export const appWithoutBundles = () =>
  new App({ context: { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-creation-stack-traces': true } });

/** The stacks of a fleet file. */
export function stacksOf(yaml: string, app = appWithoutBundles()): Stack[] {
  const { fleet, errors } = loadFleet(yaml, 'keys.yaml');
  if (!fleet) throw new Error(errors.map(renderFault).join('\n'));
  addFleet(app, fleet);
  return app.node.children.filter((child): child is Stack => 'stackName' in child);
}

const templates = new Map<string, Template>();

/** The template of a fleet's first stack, or of the one named: synthesised once for all that ask of it. */
export function templateOf(yaml: string, stackName?: string): Template {
  const asked = JSON.stringify([yaml, stackName]);
  const template = templates.get(asked) ?? synthesise(yaml, stackName);
  templates.set(asked, template);
  return template;
}

function synthesise(yaml: string, stackName?: string): Template {
  const stacks = stacksOf(yaml);
  const stack = stackName ? stacks.find((each) => each.stackName === stackName) : stacks[0];
  return Template.fromStack(stack!);
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
}

export const resourcesOf = (template: Template) =>
  template.toJSON().Resources as Readonly<Record<string, Resource>>;
