/** IAM writes one value and a list of one alike. */
export const asList = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? value : [value as T];

/** Whether a text fits a pattern of IAM's: `*` is any run of characters, `?` is one. */
export function matches(pattern: string, text: string): boolean {
  if (pattern.includes('${')) throw new Error(`This evaluator does not know policy variables: ${pattern}`);
  const expression = pattern
    .replace(/[.+^$()[\]{}|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}

/** Whether an ARN fits a pattern of IAM's, part by part: a `*` in the account does not reach into the resource. */
export function arnMatches(pattern: string, arn: string): boolean {
  const [expected, actual] = [arnParts(pattern), arnParts(arn)];
  return expected.every((part, index) => actual[index] !== undefined && matches(part, actual[index]));
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
