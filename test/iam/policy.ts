import { holds, type Request } from './condition';
import { asList, matches } from './match';

export type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A statement of a policy, with everything that CloudFormation fills in filled in. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

export interface Decision {
  readonly allowed: boolean;
  /** The statements that allow it; where it is denied explicitly, those that deny. */
  readonly by: readonly Statement[];
}

const KNOWN = new Set([
  'Sid',
  'Effect',
  'Principal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** What IAM decides: denied unless a statement allows it, and denied whenever one denies it. @throws on what it does not know */
export function evaluate(statements: readonly Statement[], request: Request): Decision {
  const fitting = statements.filter((statement) => applies(statement, request));
  const denying = fitting.filter(({ Effect }) => Effect === 'Deny');
  if (denying.length > 0) return { allowed: false, by: denying };
  return { allowed: fitting.length > 0, by: fitting };
}

function applies(statement: Statement, { action, resource, context }: Request): boolean {
  const unknown = Object.keys(statement).find((element) => !KNOWN.has(element));
  if (unknown) throw new Error(`This evaluator does not know the policy element ${unknown}.`);
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  return (
    named(Action, NotAction, (pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    named(Resource, NotResource, (pattern) => matches(pattern, resource)) &&
    Object.entries(Condition).every(([operator, tests]) => holds(operator, tests, context))
  );
}

function named(
  wanted: Statement['Action'],
  excluded: Statement['Action'],
  fits: (pattern: string) => boolean,
): boolean {
  if (wanted !== undefined) return asList(wanted).some(fits);
  return excluded !== undefined && !asList(excluded).some(fits);
}
