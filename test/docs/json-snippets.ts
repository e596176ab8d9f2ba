import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_SOURCE, REPORT_EVENT_TYPE } from '../../lib/contract/names';
import { KINDS } from '../../lib/domain/findings/catalogue';
import { sourcesIn } from '../architecture/source';
import { ROOT } from '../root';

type Fields = Readonly<Record<string, unknown>>;

const EVENT_TYPES: readonly string[] = [...KINDS.map(({ event }) => event), REPORT_EVENT_TYPE];

/** Names of the documents that our code writes. */
const schemas = () =>
  new Set(
    sourcesIn('lib').flatMap(({ file }) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/'anthropic-key-rotation\/[a-z-]+\/\d+'/g)].map(
        ([name]) => name.slice(1, -1),
      ),
    ),
  );

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** What is wrong with a JSON block: an event or its pattern, an IAM policy, one of our documents, or what another program reads. */
export function faultsOfJson(text: string, program: string | undefined): readonly string[] {
  let value: Fields;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return [String(cause)];
  }
  if (program !== undefined) return [];
  if ('detail-type' in value || 'source' in value) return faultsOfEvent(value);
  if ('Statement' in value) return list(value.Statement).flatMap((each) => faultsOfStatement(each as Fields));
  if (typeof value.schema === 'string')
    return schemas().has(value.schema) ? [] : [`our code writes no ${value.schema}`];
  return ['no event, policy or document of ours: <!-- snippet: for PROGRAM --> says what it is for'];
}

/** An event, or a pattern of some: what it names, our code sends. */
function faultsOfEvent({ source, 'detail-type': types, detail }: Fields): readonly string[] {
  const { kind, severity } = (detail ?? {}) as Fields;
  const stray = (what: string, given: unknown, known: readonly string[]) =>
    list(given)
      .filter((each) => typeof each === 'string' && !known.includes(each))
      .map((each) => `there is no ${what} ${each}`);
  return [
    ...stray('source', source, [EVENT_SOURCE]),
    ...stray('event', types, EVENT_TYPES),
    ...stray('kind', kind, [...KINDS.map((row) => row.kind), 'digest']),
    ...stray('severity', severity, [...new Set(KINDS.map((row) => row.severity))]),
  ];
}

const faultsOfStatement = ({ Effect, Action, Resource, Principal }: Fields) => [
  ...(Effect === 'Allow' || Effect === 'Deny' ? [] : [`no effect of a statement: ${Effect}`]),
  ...list(Action)
    .filter((each) => !/^([a-z0-9-]+:[A-Za-z*]+|\*)$/.test(String(each)))
    .map((each) => `no action: ${each}`),
  ...(Resource === undefined && Principal === undefined ? ['a statement about no resource'] : []),
];
