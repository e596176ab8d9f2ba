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
  if ('detail-type' in value) return faultsOfEvent(value);
  if ('Statement' in value) return list(value.Statement).flatMap((each) => faultsOfStatement(each as Fields));
  if (typeof value.schema === 'string')
    return schemas().has(value.schema) ? [] : [`our code writes no ${value.schema}`];
  return ['no event, policy or document of ours: <!-- snippet: for PROGRAM --> says what it is for'];
}

const faultsOfEvent = ({ source, 'detail-type': types }: Fields) => [
  ...list(source)
    .filter((each) => each !== EVENT_SOURCE)
    .map((each) => `our events do not come from ${each}`),
  ...list(types)
    .filter((each) => !EVENT_TYPES.includes(String(each)))
    .map((each) => `there is no event ${each}`),
];

const faultsOfStatement = ({ Effect, Action, Resource, Principal }: Fields) => [
  ...(Effect === 'Allow' || Effect === 'Deny' ? [] : [`no effect of a statement: ${Effect}`]),
  ...list(Action)
    .filter((each) => !/^([a-z0-9-]+:[A-Za-z*]+|\*)$/.test(String(each)))
    .map((each) => `no action: ${each}`),
  ...(Resource === undefined && Principal === undefined ? ['a statement about no resource'] : []),
];
