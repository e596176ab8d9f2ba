import { restartOn } from '../lambda/restart';
import type { RestartedService } from '../lib/contract/ecs-service';
import { keyChangedPattern } from '../lib/contract/events';
import { encodeRestartEnv, restartDescription, restartName } from '../lib/contract/restart';
import type { Log } from '../lib/workflows/ports';
import { clientConfig, type FakeAws } from './aws';
import { perform } from './aws/operation';
import type { VirtualClock } from './clock';
import type { DeclaredRestart } from './deployment';

/** What the construct `RestartOnRotation` is given. */
export interface Restart {
  readonly environment: string;
  readonly service: string;
  /** Whom people call so. */
  readonly name: string;
  readonly services: readonly RestartedService[];
  /** @default 60 */
  readonly marginSeconds?: number;
  /** Of the construct. @default the name */
  readonly path?: string;
}

/** One that is installed. */
export interface InstalledRestart {
  /** Of the rule and of the function. */
  readonly name: string;
  /** Removes the rule, as the removal of its stack does. */
  removeRule(): Promise<void>;
}

/** Where it is installed. */
interface World {
  readonly aws: FakeAws;
  readonly clock: VirtualClock;
  readonly log?: Log;
}

/** Does in the embedded world what a deployment of the construct does. */
export const installRestart = (
  world: World,
  { environment, service, name: consumer, services, marginSeconds = 60, path = consumer }: Restart,
): Promise<InstalledRestart> => {
  const { detailType, ...pattern } = keyChangedPattern(environment, service);
  return installDeclared(world, {
    name: restartName(environment, service, path),
    variables: encodeRestartEnv({ environment, service, services: JSON.stringify(services), marginSeconds }),
    description: restartDescription(consumer, environment, service),
    bus: 'default',
    pattern: { ...pattern, 'detail-type': detailType },
  });
};

/** The same as a template declares it: a function, and the rule that registers it. */
export async function installDeclared(
  { aws, clock, log }: World,
  { name, variables: vars, description, bus: EventBusName, pattern }: DeclaredRestart,
): Promise<InstalledRestart> {
  const { signer: _, ...config } = clientConfig(aws, name);
  // Requests are signed with the credentials themselves, so that those of an assumed role are seen.
  const functionArn = aws.lambda.register(name, restartOn({ vars, clock, aws: config, log }));
  const make = (operation: string, params: object) =>
    perform(aws.events.operations, operation, params, { accessKeyId: 'cloudformation' });
  await make('PutRule', {
    Name: name,
    EventBusName,
    Description: description,
    EventPattern: JSON.stringify(pattern),
  });
  await make('PutTargets', { Rule: name, EventBusName, Targets: [{ Id: 'Restart', Arn: functionArn }] });
  return {
    name,
    async removeRule() {
      await make('RemoveTargets', { Rule: name, EventBusName, Ids: ['Restart'] });
      await make('DeleteRule', { Name: name, EventBusName });
    },
  };
}
