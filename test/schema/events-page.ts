import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyKind } from '../../lib/domain/findings/catalogue';
import { ONCE, repeatInWords } from '../../lib/domain/findings/repeat';
import { ROOT } from '../root';
import { type EventType, eventTypes } from './event-schema';
import { storedEvents } from './golden-events';
import type { Schema } from './json-schema-of';

/** What a person wrote stands before it. */
const MARK =
  '<!-- `npm run schema` writes what follows, from the types of the findings and the golden events. -->';

/** `docs/events.md` with its written part made anew. */
export function eventsPage(page: string): string {
  const [head] = page.split(MARK);
  const { events, definitions } = eventTypes();
  const { NoticeData: notice, ...types } = definitions;
  const meanings = meaningsOf(readFileSync(join(ROOT, 'docs/notices.md'), 'utf8'));
  // What details refer to has a section of its own; the details of one event stand with it.
  const own = new Set(events.flatMap(({ detail }) => nameIn(detail.properties?.details ?? {}) ?? []));
  const shared = Object.entries(types).filter(([name]) => !own.has(name));
  return [
    `${head!.trimEnd()}\n\n${MARK}`,
    '## What every notice has',
    table(notice!),
    '## The events',
    ...events.map((event) => sectionOf(event, types, meanings)),
    '## Types',
    ...shared.map(([name, type]) => typeSection(name, type)),
  ]
    .join('\n\n')
    .concat('\n');
}

/** What is true while a kind is told, from the table for people. */
const meaningsOf = (notices: string): ReadonlyMap<string, string> =>
  new Map(
    [...notices.matchAll(/^\| `([\w-]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, kind, says]) => [kind!, says!]),
  );

function sectionOf(
  { detailType, detail, row }: EventType,
  types: Readonly<Record<string, Schema>>,
  meanings: ReadonlyMap<string, string>,
): string {
  const details = detail.properties?.details ?? {};
  const name = nameIn(details);
  const fields = name === undefined ? details : types[name]!;
  return [
    `### ${detailType}`,
    row
      ? aboutKind(row, meanings)
      : 'The weekly report of an environment, on Mondays. Its detail is the whole of it.',
    row ? `Details:\n\n${table(fields)}` : table(detail),
    `\`\`\`json\n${JSON.stringify(storedEvents().get(detailType), null, 2)}\n\`\`\``,
  ].join('\n\n');
}

function aboutKind(row: AnyKind, meanings: ReadonlyMap<string, string>): string {
  const says = meanings.get(row.kind);
  if (!says) throw new Error(`docs/notices.md does not say when ${row.kind} is true`);
  const parts = [
    `Kind \`${row.kind}\`, ${row.severity}: ${says}.`,
    `Sent ${timesOf(row)}.`,
    ...(row.digest ? ['While there is time, it comes with the daily digest.'] : []),
    ...(row.ends ? ['Its end is told as [Key Resolved](#key-resolved).'] : []),
  ];
  return parts.join(' ');
}

function timesOf({ repeat = ONCE }: AnyKind): string {
  if (repeat === 'countdown') return 'on the announced days before the date';
  if (repeat === 'each') return 'each time';
  return repeat === ONCE ? 'once' : `${repeatInWords(repeat)}, while it lasts`;
}

/** Its fields, those of what it holds indented by their path. */
function table(schema: Schema): string {
  const rows = fieldsOf(schema, '').map(
    ({ path, type, required, says }) => `| \`${path}\`${required ? '' : ', optional'} | ${type} | ${says} |`,
  );
  return ['| Field | Type | |', '|---|---|---|', ...rows].join('\n');
}

interface Field {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly says: string;
}

function fieldsOf({ properties = {}, required = [] }: Schema, before: string): readonly Field[] {
  return Object.entries(properties).flatMap(([name, schema]): Field[] => {
    const path = `${before}${name}`;
    const says = schema.description?.replaceAll('|', '\\|') ?? '';
    const field = { path, type: typeOf(schema), required: required.includes(name), says };
    const inner = schema.items ?? schema;
    return [field, ...(inner.$ref ? [] : fieldsOf(inner, `${path}${schema.items ? '[]' : ''}.`))];
  });
}

function typeOf(schema: Schema): string {
  const name = nameIn(schema);
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return wordsOf(schema.enum);
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.format === 'date-time') return 'date';
  if (schema.additionalProperties) return `${typeOf(schema.additionalProperties)} by name`;
  return schema.type ?? 'anything';
}

/** Kinds are listed on a page of their own. */
const wordsOf = (words: readonly unknown[]) =>
  words.includes('rotation-complete')
    ? 'a [kind](notices.md#what-is-told)'
    : words.map((word) => `\`${word}\``).join(', ');

const nameIn = ({ $ref }: Schema) => $ref?.split('/').at(-1);

function typeSection(name: string, type: Schema): string {
  const forms = type.anyOf?.map((form) => table(form)) ?? [];
  const body = type.properties
    ? [table(type)]
    : forms.length > 0
      ? ['One of:', ...forms]
      : [`${type.enum ? 'One of ' : ''}${typeOf({ ...type, $ref: undefined })}.`];
  return [`### ${name}`, ...(type.description ? [type.description] : []), ...body].join('\n\n');
}
