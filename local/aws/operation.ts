import type { z } from 'zod';
import { AwsError, validationError } from './aws-error';

/** Who asks, as far as it matters to an answer. */
export interface Caller {
  readonly accessKeyId: string;
}

/** One API operation of an embedded service: takes the decoded request, returns what the protocol encodes. */
export type Operation = (params: unknown, caller: Caller) => object | Promise<object>;

export type Operations = Readonly<Record<string, Operation>>;

/** Binds an implementation to the shape of its request. What the shape does not know is refused, never ignored. */
export function operation<S extends z.ZodType>(
  shape: S,
  run: (input: z.output<S>, caller: Caller) => object | Promise<object>,
): Operation {
  return (params, caller) => {
    const parsed = shape.safeParse(params);
    if (parsed.success) return run(parsed.data, caller);
    const faults = parsed.error.issues.map((issue) => {
      const where = issue.path.join('.') || 'request';
      return `Value at '${where}' failed to satisfy constraint: ${issue.message}`;
    });
    throw validationError(`${faults.length} validation error detected: ${faults.join('; ')}`);
  };
}

/** Runs an operation by its API name. */
export async function perform(
  operations: Operations,
  name: string,
  params: unknown,
  caller: Caller,
): Promise<object> {
  const run = operations[name];
  if (!run) throw new AwsError('UnknownOperationException', `The embedded world has no operation ${name}.`);
  return run(params, caller);
}
