import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { scrub } from '../domain/scrub';
import { AdminError } from '../workflows/errors';
import type { AdminAnswer, AdminDesk, AdminFailure } from '../workflows/ports';
import { type AwsFailure, awsFailure, isDenial } from './aws-failure';

/** The function with Admin access behind the port: one synchronous invocation per question. */
export function createAdminDesk(client: LambdaClient, functionName: string): AdminDesk {
  return {
    async ask(request) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      const answer = await client.send(command).catch((error: unknown) => {
        const failure = awsFailure(error);
        throw new AdminError(meaning(failure), `Invoke: ${failure.message}`);
      });
      return read(answer);
    },
  };
}

function meaning(failure: AwsFailure): AdminFailure {
  if (isDenial(failure)) return 'no-permission';
  return failure.code === 'ResourceNotFoundException' ? 'not-found' : 'unavailable';
}

const OUTCOMES: Readonly<Record<AdminAnswer['outcome'], true>> = {
  inspected: true,
  fleet: true,
  deactivated: true,
  reactivated: true,
  'already-done': true,
  refused: true,
};

function read(answer: InvokeCommandOutput): AdminAnswer {
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError) {
    throw new AdminError(
      'unavailable',
      scrub(`The function with Admin access failed: ${text.slice(0, 500)}`),
    );
  }
  return readAdminAnswer(text);
}

/** Reads the payload of an answer, dates included. @throws AdminError where it is none */
export function readAdminAnswer(text: string): AdminAnswer {
  const parsed = parse(text);
  if (Object.hasOwn(OUTCOMES, parsed?.outcome ?? '')) return parsed as AdminAnswer;
  throw new AdminError('unavailable', scrub(`The function with Admin access answered ${text.slice(0, 200)}`));
}

function parse(text: string): { outcome?: string } | undefined {
  try {
    return JSON.parse(text, reviveDates) as { outcome?: string };
  } catch {
    return undefined;
  }
}

/** Fields of an answer that are dates; they travel as ISO 8601. */
const DATES = new Set(['createdAt', 'expiresAt', 'from', 'to', 'refreshedAt', 'lastUsed', 'hour']);

const reviveDates = (name: string, value: unknown) =>
  typeof value === 'string' && DATES.has(name) ? new Date(value) : value;
