import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { withDates } from '../contract/invocation';
import { functionName, ordersName } from '../contract/names';
import { receivedUsage } from '../domain/console/usage';
import { scrub } from '../domain/key';
import { AdminError, IllegalTransition } from '../workflows/errors';
import { type DeployedFunctions, FunctionError, type FunctionFailure } from '../workflows/operator-ports';
import type { AdminAnswer, AdminClient, AdminFailure } from '../workflows/ports';
import { type AwsFailure, awsFailure, denialOf, isDenial } from './aws-failure';
import { unpacked } from './long-answer';

/** Invokes deployed functions by their fixed names, synchronously. */
export function createDeployedFunctions(client: LambdaClient): DeployedFunctions {
  const invoke = async (name: string, event: object): Promise<string> => {
    const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
    const answer = await client.send(command).catch((error: unknown) => {
      const failure = awsFailure(error);
      const denial = denialOf(failure, { action: 'lambda:InvokeFunction', resource: name });
      throw new FunctionError(functionFailure(failure), `Invoke ${name}: ${failure.message}`, denial);
    });
    const text = answer.Payload?.transformToString() ?? '';
    if (answer.FunctionError) throw thrownBy(name, text);
    return text;
  };
  return {
    check: async ({ environment, secretArn }, command) => {
      const request = { secretId: secretArn, command };
      return withDates(JSON.parse(await invoke(functionName(environment, 'check'), request))) as never;
    },
    admin: async (environment, request) => {
      const text = await invoke(ordersName(environment), request).catch((error: unknown) => {
        // A deployment of the release before has no door for orders, and a leak must not wait for a deployment.
        if (isWithoutDoor(error)) return invoke(functionName(environment, 'admin'), request);
        throw error;
      });
      return readAdminAnswer(text);
    },
    report: async (environment, request) =>
      JSON.parse(await invoke(functionName(environment, 'report'), request)),
  };
}

const isWithoutDoor = (error: unknown) =>
  error instanceof FunctionError && (error.failure === 'missing' || error.failure === 'denied');

function functionFailure(failure: AwsFailure): FunctionFailure {
  if (failure.code === 'ResourceNotFoundException') return 'missing';
  return isDenial(failure) ? 'denied' : 'unavailable';
}

/** The error of a handler that threw. A workflow's refusal stays a refusal: Lambda passes on its message but not its name. */
function thrownBy(name: string, payload: string): Error {
  const { errorType, errorMessage } = parseObject(payload) as { errorType?: string; errorMessage?: string };
  const message = scrub(errorMessage ?? payload.slice(0, 500));
  if (errorType === 'IllegalTransition') return new IllegalTransition('refused', message);
  return new FunctionError('failed', `${name} failed: ${errorType ?? 'Error'}: ${message}`);
}

/** Invokes the function with Admin access, synchronously. */
export function createAdminClient(client: LambdaClient, functionName: string): AdminClient {
  return {
    async ask(request) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      const answer = await client.send(command).catch((error: unknown) => {
        const failure = awsFailure(error);
        throw new AdminError(adminFailure(failure), `Invoke: ${failure.message}`);
      });
      return read(answer);
    },
  };
}

function adminFailure(failure: AwsFailure): AdminFailure {
  if (isDenial(failure)) return 'no-permission';
  return failure.code === 'ResourceNotFoundException' ? 'not-found' : 'unavailable';
}

const OUTCOMES: Readonly<Record<AdminAnswer['outcome'], true>> = {
  inspected: true,
  fleet: true,
  federation: true,
  organization: true,
  'listed-already': true,
  deactivated: true,
  reactivated: true,
  'already-done': true,
  possible: true,
  refused: true,
};

function read(answer: InvokeCommandOutput): AdminAnswer {
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError)
    throw new AdminError(
      'unavailable',
      scrub(`The function with Admin access failed: ${text.slice(0, 500)}`),
    );
  return readAdminAnswer(text);
}

/** @throws AdminError if the payload is not an answer */
function readAdminAnswer(text: string): AdminAnswer {
  const parsed = parseObject(text);
  if (Object.hasOwn(OUTCOMES, parsed.outcome ?? '')) return withUsage(parsed as AdminAnswer);
  throw new AdminError('unavailable', scrub(`The function with Admin access answered ${text.slice(0, 200)}`));
}

const withUsage = (answer: AdminAnswer): AdminAnswer =>
  answer.outcome === 'inspected'
    ? {
        ...answer,
        inspections: answer.inspections.map((each) =>
          each.usage ? { ...each, usage: receivedUsage(each.usage) } : each,
        ),
      }
    : answer;

function parseObject(text: string): { readonly outcome?: string } {
  try {
    return withDates(unpacked(JSON.parse(text))) ?? {};
  } catch {
    return {};
  }
}
