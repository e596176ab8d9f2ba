import { decodeRestartEnv } from '../contract/restart';
import type { Log } from '../workflows/ports';
import { openEcsService } from './ecs';
import { createLog } from './log';
import type { Invocation, Runtime } from './runtime';
import { withoutKeys } from './thrown';

/** Where a function that restarts services runs. */
export type RestartRuntime = Pick<Runtime, 'vars' | 'clock' | 'aws'> & { readonly log?: Log };

/** The ports of `restart`, opened once. @throws Error naming what the deployment left out */
function openPorts(
  { vars, clock, aws = {}, log: given }: RestartRuntime,
  requestId: () => string | undefined,
) {
  const { services, marginSeconds, ...key } = decodeRestartEnv(vars);
  const log = given ?? createLog({ service: 'restart', environment: key.environment, clock, requestId });
  const session = `anthropic-keys-${key.environment}-restart`;
  const open = services.map((service) => openEcsService(service, aws, session));
  return { key, services: open, margin: marginSeconds * 1000, clock, log };
}

/** Makes a Lambda handler. An error is rethrown without keys: Lambda logs it, tries again, and keeps what fails to the end. */
export function createRestartHandler<Answer>(
  runtime: RestartRuntime,
  work: (request: unknown, ports: ReturnType<typeof openPorts>) => Promise<Answer>,
) {
  let open: ReturnType<typeof openPorts> | undefined;
  let requestId: string | undefined;
  return async (request: unknown, invocation: Invocation): Promise<Answer> => {
    requestId = invocation.awsRequestId;
    try {
      open ??= openPorts(runtime, () => requestId);
      return await work(request, open);
    } catch (error) {
      throw withoutKeys(error, request);
    }
  };
}
