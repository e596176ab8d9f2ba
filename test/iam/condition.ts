import { arnMatches, asList, matches } from './match';

/** One action on one resource, in the circumstances that conditions may ask about. A list is a key with several values. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

type Test = (expected: string, actual: string) => boolean;

interface Operator {
  readonly test: Test;
  /** True for "not …": met only where no expected value fits, and by a key that is absent. */
  readonly negated?: boolean;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { test: (expected, actual) => expected === actual },
  StringNotEquals: { test: (expected, actual) => expected === actual, negated: true },
  StringLike: { test: matches },
  StringNotLike: { test: matches, negated: true },
  ArnEquals: { test: arnMatches },
  ArnLike: { test: arnMatches },
  ArnNotEquals: { test: arnMatches, negated: true },
  ArnNotLike: { test: arnMatches, negated: true },
  Bool: { test: (expected, actual) => expected.toLowerCase() === actual.toLowerCase() },
};

/** Whether all tests of one condition operator are met. @throws on an operator that is not known here */
export function holds(
  operator: string,
  tests: Readonly<Record<string, unknown>>,
  context: Request['context'],
): boolean {
  return Object.entries(tests).every(([key, expected]) =>
    met(operator, expectedValues(expected), valuesOf(key, context), key),
  );
}

function met(
  name: string,
  expected: readonly string[],
  actual: readonly string[] | undefined,
  key: string,
): boolean {
  if (name === 'Null') return expected.some((absent) => (absent === 'true') === (actual === undefined));
  const [, quantifier, bare, ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = OPERATORS[bare ?? ''];
  if (!operator) throw new Error(`This evaluator does not know the condition operator ${name}.`);
  const fits = (value: string) => {
    const found = expected.some((each) => operator.test(each, value));
    return operator.negated ? !found : found;
  };
  if (quantifier === 'ForAllValues') return (actual ?? []).every(fits);
  if (actual === undefined)
    return ifExists !== undefined || (operator.negated === true && quantifier === undefined);
  if (quantifier === 'ForAnyValue') return actual.some(fits);
  if (actual.length !== 1)
    throw new Error(
      `${key} has ${actual.length} values: ${name} needs ForAllValues or ForAnyValue before it.`,
    );
  return fits(actual[0]!);
}

/** CloudFormation takes booleans and numbers for texts. */
const expectedValues = (expected: unknown) => asList(expected).map(String);

/** Names of condition keys are not told apart by case. An empty list counts as absent. */
function valuesOf(key: string, context: Request['context']): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  const values = found && asList(found[1]);
  return values && values.length > 0 ? values : undefined;
}
