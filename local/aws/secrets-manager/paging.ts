import { AwsError } from '../aws-error';

/** One page of rows in their order. The token names the last row shown, so rows added meanwhile move nothing. */
export function page<T>(
  rows: readonly T[],
  idOf: (row: T) => string,
  size: number,
  token: string | undefined,
): { readonly rows: readonly T[]; readonly next: string | undefined } {
  const start = token === undefined ? 0 : rows.findIndex((row) => encode(idOf(row)) === token) + 1;
  if (token !== undefined && start === 0) {
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  }
  const shown = rows.slice(start, start + size);
  const more = start + size < rows.length;
  return { rows: shown, next: more ? encode(idOf(shown.at(-1)!)) : undefined };
}

const encode = (id: string) => Buffer.from(id).toString('base64url');
