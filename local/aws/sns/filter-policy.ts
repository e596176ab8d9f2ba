import { AwsError } from '../aws-error';
import type { Attributes } from './message';

type Rule = string | Readonly<Record<string, unknown>>;

/** Rules per attribute name; a message passes when each named attribute satisfies one of its rules. Under `$or` one of several policies is enough. */
export type FilterPolicy = Readonly<Record<string, readonly Rule[]>>;

/** Reads a filter policy over message attributes. @throws AwsError for operators that this world does not have. */
export function parseFilterPolicy(text: string): FilterPolicy {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refused('failed to parse JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refused('not an object');
  for (const [name, rules] of Object.entries(parsed)) {
    if (!Array.isArray(rules) || rules.length === 0) throw refused(`${name} must be an array of rules`);
    if (name === OR) {
      if (rules.length < 2) throw refused('$or must be an array of at least two policies');
      for (const policy of rules) parseFilterPolicy(JSON.stringify(policy));
      continue;
    }
    for (const rule of rules) checkRule(name, rule);
  }
  return parsed as FilterPolicy;
}

export function passes(policy: FilterPolicy | undefined, attributes: Attributes): boolean {
  if (!policy) return true;
  return Object.entries(policy).every(([name, rules]) => {
    if (name === OR) return rules.some((one) => passes(one as FilterPolicy, attributes));
    const values = valuesOf(attributes[name]);
    return rules.some((rule) => satisfies(rule, values));
  });
}

const OR = '$or';

const OPERATORS = ['prefix', 'suffix', 'anything-but', 'exists', 'equals-ignore-case'];

function checkRule(name: string, rule: unknown): void {
  if (typeof rule === 'string') return;
  const keys = typeof rule === 'object' && rule !== null ? Object.keys(rule) : [];
  if (keys.length !== 1 || !OPERATORS.includes(keys[0]!)) {
    throw refused(`${name} has a rule that is not supported: ${JSON.stringify(rule)}`);
  }
}

/** `values` is undefined where the message lacks the attribute: only `exists: false` accepts that. */
function satisfies(rule: Rule, values: readonly string[] | undefined): boolean {
  if (typeof rule === 'object' && 'exists' in rule) return rule.exists === (values !== undefined);
  if (values === undefined) return false;
  if (typeof rule === 'object' && 'anything-but' in rule) {
    const excluded = [rule['anything-but']].flat() as Rule[];
    return values.some((value) => !excluded.some((one) => satisfies(one, [value])));
  }
  return values.some((value) => equalsOrBegins(rule, value));
}

function equalsOrBegins(rule: Rule, value: string): boolean {
  if (typeof rule === 'string') return value === rule;
  if (typeof rule.prefix === 'string') return value.startsWith(rule.prefix);
  if (typeof rule.suffix === 'string') return value.endsWith(rule.suffix);
  const folded = rule['equals-ignore-case'];
  return typeof folded === 'string' && value.toLowerCase() === folded.toLowerCase();
}

function valuesOf(attribute: Attributes[string] | undefined): readonly string[] | undefined {
  if (attribute?.StringValue === undefined) return undefined;
  if (attribute.DataType !== 'String.Array') return [attribute.StringValue];
  const parsed: unknown = JSON.parse(attribute.StringValue);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

const refused = (why: string) => new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${why}`);
