import type { DeployedPolicies } from './deployed';
import { asList, matches } from './match';
import { evaluate, type Statement } from './policy';
import { reasonFor } from './reasons';
import type { Recording } from './recording';

/** Something that somebody may do: where it is written, and what it is for. */
export interface Row {
  readonly who: string;
  readonly action: string;
  /** `Sid` of the statement. */
  readonly statement: string;
  readonly flows: readonly string[];
  /** Why it is allowed although no flow does it: AWS does it, or it can't be played here. */
  readonly reason?: string;
}

/** One row for every action of every statement, over all deployments. */
export function rowsOf(
  deployments: readonly { recording: Recording; policies: DeployedPolicies }[],
): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { recording, policies } of deployments)
    for (const [who, statements] of policies.of) {
      const uses = usesOf(who, statements, recording);
      for (const statement of statements)
        for (const action of actionsOf(statement)) {
          const sid = statement.Sid ?? '';
          const key = [who, sid, action].join(' ');
          const flows = [...(rows.get(key)?.flows ?? []), ...(uses.get(statement)?.get(action) ?? [])];
          rows.set(key, { who, action, statement: sid, flows, reason: reasonFor(sid) });
        }
    }
  return [...rows.values()];
}

const actionsOf = ({ Action, Resource }: Statement) =>
  asList(Action!).flatMap((action) => [
    ...new Set(asList(Resource!).map((resource) => told(action, resource))),
  ]);

/** Which function may be invoked matters as much as that one may. */
const told = (action: string, resource: string) =>
  action === 'lambda:InvokeFunction' ? `${action} ${resource.split(':function:').at(-1)}` : action;

/** Flows by statement and action, as the evaluator let them through. */
function usesOf(who: string, statements: readonly Statement[], { asked }: Recording) {
  const uses = new Map<Statement, Map<string, Set<string>>>();
  for (const { flow, request } of asked.filter((each) => each.who === who))
    for (const statement of evaluate(statements, request).by) {
      const byAction = uses.get(statement) ?? new Map<string, Set<string>>();
      const allowed = asList(statement.Resource!).find((pattern) => matches(pattern, request.resource));
      const action = told(request.action, allowed ?? request.resource);
      byAction.set(action, (byAction.get(action) ?? new Set()).add(flow));
      uses.set(statement, byAction);
    }
  return uses;
}

const HEADINGS = ['function or person', 'action', 'statement', 'used by'] as const;

/** The rows as a table for people. */
export function printed(rows: readonly Row[]): string {
  const cells = [
    HEADINGS,
    ...rows.map(({ who, action, statement, flows, reason }) => [
      who,
      action,
      statement,
      reason ?? usedBy(flows),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const usedBy = ([first, ...others]: readonly string[]) =>
  others.length > 0 ? `${first}, and ${others.length} more` : (first ?? '');
