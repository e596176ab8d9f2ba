import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type FunctionRole, functionName } from '../contract/names';
import { scrub } from '../domain/scrub';
import { IllegalTransition } from '../workflows/illegal-transition';
import { type DeployedFunctions, FunctionError, type FunctionFailure } from '../workflows/operator-ports';
import { type AwsFailure, awsFailure, isDenial } from './aws-failure';
import { readAdminAnswer } from './lambda';

/** The deployed functions behind the operator's port: one synchronous invocation per question, found by their fixed names. */
export function createDeployedFunctions(client: LambdaClient): DeployedFunctions {
  const invoke = async (environment: string, role: FunctionRole, event: object): Promise<string> => {
    const name = functionName(environment, role);
    const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
    const answer = await client.send(command).catch((error: unknown) => {
      const failure = awsFailure(error);
      throw new FunctionError(meaning(failure), `Invoke ${name}: ${failure.message}`);
    });
    const text = answer.Payload?.transformToString() ?? '';
    if (answer.FunctionError) throw thrownBy(name, text);
    return text;
  };
  return {
    check: async ({ environment, secretArn }, command) =>
      JSON.parse(await invoke(environment, 'check', { secretId: secretArn, command })),
    admin: async (environment, request) => readAdminAnswer(await invoke(environment, 'admin', request)),
    report: async (environment, request) => JSON.parse(await invoke(environment, 'report', request)),
  };
}

function meaning(failure: AwsFailure): FunctionFailure {
  if (failure.code === 'ResourceNotFoundException') return 'missing';
  return isDenial(failure) ? 'denied' : 'unavailable';
}

/** What Lambda says of a handler that threw. A refusal of a workflow stays a refusal; its name does not travel, its sentence does. */
function thrownBy(name: string, payload: string): Error {
  const { errorType, errorMessage } = parse(payload);
  const message = scrub(errorMessage ?? payload.slice(0, 500));
  if (errorType === 'IllegalTransition') return new IllegalTransition('refused', message);
  return new FunctionError('failed', `${name} failed: ${errorType ?? 'Error'}: ${message}`);
}

function parse(payload: string): { errorType?: string; errorMessage?: string } {
  try {
    return JSON.parse(payload) as { errorType?: string; errorMessage?: string };
  } catch {
    return {};
  }
}
