/** A refusal as AWS words it: `code` is what the SDK turns into an exception class. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The answer to input that breaks the declared shape of a request, before any service looks at it. */
export const validationError = (message: string) => new AwsError('ValidationException', message);
