import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { type Path, type Problem, valueAt } from './fault';

/** Problems of the shape, and the rest of the data without them. */
interface Shape<Written> {
  readonly problems: readonly Problem[];
  /** The valid parts, so that contradictions between them are found in the same run. */
  readonly valid?: Written;
}

/** Judges all names, types and formats. */
export function judgeShape<Written>(schema: z.ZodType<Written>, data: unknown): Shape<Written> {
  const first = schema.safeParse(data, { reportInput: data === null });
  if (first.success) return { problems: [], valid: first.data };
  const { issues } = first.error;
  return {
    problems: issues.flatMap((issue) => toProblems(schema, issue)),
    valid: validPart(schema, data, issues),
  };
}

function toProblems(schema: z.ZodType, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      given: 'not a known field',
      expected: oneOf(fieldsAt(schema, path), key),
    }));
  // The branch that the value was meant for: its fault lies deeper than that the whole value has another type.
  const meant = issue.code === 'invalid_union' ? issue.errors.find(isWithin) : undefined;
  if (meant) return meant.flatMap((one) => toProblems(schema, { ...one, path: [...path, ...one.path] }));
  // YAML reads an empty file as null.
  if (path.length === 0 && issue.input === null) return [{ path, given: 'empty', expected: issue.message }];
  if (issue.code === 'invalid_key')
    return [{ path, given: 'not a usable name', expected: issue.issues[0]?.message ?? issue.message }];
  return [{ path, expected: issue.message }];
}

/** Whether a branch of a union took the value for one of its kind. */
const isWithin = (issues: readonly z.core.$ZodIssue[]) =>
  issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'too_small');

function oneOf(fields: readonly string[], written: string): string {
  const meant = fields.find((field) => distance(field.toLowerCase(), written.toLowerCase()) <= 2);
  const all = `one of ${fields.join(', ')}`;
  return meant ? `${all}. Did you mean ${meant}?` : all;
}

/** Removes refused parts, and parts that need them, until the rest parses. */
function validPart<Written>(
  schema: z.ZodType<Written>,
  data: unknown,
  issues: readonly z.core.$ZodIssue[],
): Written | undefined {
  let rest = data;
  let found = issues;
  for (let round = 0; found.length > 0 && round < 20; round++) {
    rest = without(
      rest,
      found.flatMap(refusedPaths).map((path) => existing(rest, path)),
    );
    const again = schema.safeParse(rest);
    if (again.success) return again.data;
    found = again.error.issues;
  }
  return undefined;
}

const refusedPaths = (issue: z.core.$ZodIssue): Path[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [...(issue.path as Path), key])
    : [issue.path as Path];

/** The existing part of `path`: a missing required field removes its parent, and a bad item its list. */
function existing(data: unknown, path: Path): Path {
  let value = data;
  for (const [depth, part] of path.entries()) {
    if (Array.isArray(value)) return path.slice(0, depth);
    value = valueAt(value, [part]);
    if (value === undefined) return path.slice(0, depth);
  }
  return path;
}

function without(data: unknown, paths: readonly Path[]): unknown {
  const copy = structuredClone(data);
  for (const path of paths) {
    const parent = valueAt(copy, path.slice(0, -1));
    if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, path.at(-1)!);
  }
  return copy;
}

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};

/** Of the forms that a value may have, the one with fields. */
const objectIn = (node: JsonSchema | undefined) => node?.anyOf?.find(({ properties }) => properties) ?? node;

/** The schema's fields at a place. */
function fieldsAt(schema: z.ZodType, path: Path): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const there = path.reduce<JsonSchema | undefined>(
    (node, part) =>
      objectIn(
        typeof part === 'number' ? node?.items : (node?.properties?.[part] ?? node?.additionalProperties),
      ),
    root,
  );
  return Object.keys(there?.properties ?? {});
}
