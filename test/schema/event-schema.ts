import { type CallExpression, Node, type SourceFile, SyntaxKind, type Type } from 'ts-morph';
import { EVENT_SOURCE, REPORT_EVENT_TYPE } from '../../lib/contract/names';
import { type AnyKind, KINDS } from '../../lib/domain/findings/catalogue';
import { NOTICE_SCHEMA } from '../../lib/domain/notices/notice';
import { REPORT_SCHEMA } from '../../lib/domain/notices/report-input';
import { ownTypes } from '../own-types';
import { type Schema, Schemas } from './json-schema-of';

/** Where the schema is published; an address to name it by, not one to fetch. */
const ID = 'urn:anthropic-key-rotation:events:1';

/** `AKR-7F3K-2Q9D`, with the letters of Crockford's base 32. */
const NOTICE_ID = '^AKR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$';

/** One type of event: the name of its definition, and what it is written from. */
export interface EventType {
  readonly definition: string;
  readonly detailType: string;
  readonly detail: Schema;
  /** The finding whose notice it is; absent in the fleet report. */
  readonly row?: AnyKind;
}

/** Every event type and every type that their details name, read from the types of the catalogue of findings. */
export function eventTypes(): {
  events: readonly EventType[];
  definitions: Readonly<Record<string, Schema>>;
} {
  const files = ownTypes('lib/domain').getSourceFiles();
  const typeIn = (file: string, name: string) =>
    files.find((one) => one.getFilePath().endsWith(`/${file}`))!.getInterfaceOrThrow(name);
  const notice = typeIn('notices/notice.ts', 'NoticeData');
  const schemas = new Schemas(notice);
  const head = schemas.of(notice.getType());
  const report = schemas.of(
    typeIn('notices/report-input.ts', 'FleetReport').getPropertyOrThrow('data').getType(),
  );
  const details = new Map(files.flatMap((file) => detailsIn(file)));
  const rows = KINDS as unknown as readonly AnyKind[];
  const events = rows.map(
    (row): EventType => ({
      definition: nameOf(row.event),
      detailType: row.event,
      detail: {
        ...head,
        type: 'object',
        properties: {
          kind: { const: row.kind },
          severity: { const: row.severity },
          details: schemas.of(details.get(row.kind)!),
        },
      },
      row,
    }),
  );
  const { NoticeData: data, ...definitions } = schemas.definitions;
  const ofReport = { detailType: REPORT_EVENT_TYPE, detail: withFixed(report, REPORT_SCHEMA) };
  return {
    events: [...events, { definition: nameOf(REPORT_EVENT_TYPE), ...ofReport }],
    definitions: { NoticeData: withFixed(data!, NOTICE_SCHEMA), ...definitions },
  };
}

/** The JSON schema of every event that this release sends, as a rule's target receives it. */
export function eventJsonSchema(): string {
  const { events, definitions } = eventTypes();
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: ID,
    title: 'Events of anthropic-key-rotation',
    description:
      'One event of EventBridge, as the target of a rule receives it. A release may add fields, and words to a list. Anything else changes the number in `detail.schema`.',
    type: 'object',
    required: ['source', 'detail-type', 'detail'],
    properties: {
      source: { const: EVENT_SOURCE },
      'detail-type': { enum: events.map((one) => one.detailType) },
      detail: { type: 'object' },
    },
    oneOf: events.map(({ definition }) => ({ $ref: `#/$defs/${definition}` })),
    $defs: {
      ...Object.fromEntries(
        events.map(({ definition, detailType, detail }) => [
          definition,
          { type: 'object', properties: { 'detail-type': { const: detailType }, detail } },
        ]),
      ),
      ...definitions,
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const nameOf = (detailType: string) => `${detailType.replaceAll(' ', '')}Event`;

/** What types do not say of the head of a notice or report. */
function withFixed(data: Schema, schema: string): Schema {
  const known = data.properties!;
  const properties = {
    ...known,
    schema: { ...known.schema, const: schema },
    id: { ...known.id, pattern: NOTICE_ID },
    at: { ...known.at, format: 'date-time' },
  };
  return { ...data, properties };
}

/** What machines get as details of the kinds that a file defines, by kind. */
function detailsIn(file: SourceFile): readonly (readonly [kind: string, details: Type])[] {
  return file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getText() === 'defineKind')
    .map((call) => [textOf(call, 'kind'), publishedBy(call)] as const);
}

const propertyOf = (call: CallExpression, name: string) => {
  const property = call
    .getArguments()[0]
    ?.asKindOrThrow(SyntaxKind.ObjectLiteralExpression)
    .getProperty(name);
  return property?.asKindOrThrow(SyntaxKind.PropertyAssignment).getInitializerOrThrow();
};

const textOf = (call: CallExpression, name: string) =>
  propertyOf(call, name)!.asKindOrThrow(SyntaxKind.StringLiteral).getLiteralValue();

/** What `published` returns, else the details that the mail is written from. */
function publishedBy(call: CallExpression): Type {
  const [published, mail] = [propertyOf(call, 'published'), propertyOf(call, 'mail')];
  if (Node.isArrowFunction(published)) return published.getReturnType();
  if (!Node.isArrowFunction(mail)) throw new Error('A row without a mail');
  return mail.getParameters()[0]!.getType();
}
