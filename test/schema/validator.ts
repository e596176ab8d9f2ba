import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { ROOT } from '../root';

/** An event as a rule's target receives it, as far as the schema says anything of it. */
export interface SentEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

const published = JSON.parse(readFileSync(join(ROOT, 'events.schema.json'), 'utf8')) as Json;

type Json = { readonly [name: string]: unknown };

/** The published schema lets unknown fields pass, so that a consumer survives a new one. Ours are all named: here an unknown one is a fault. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const { properties, additionalProperties, $ref } = all;
  if (properties === undefined || additionalProperties !== undefined || $ref !== undefined) return all;
  // An event has fields of EventBridge's own.
  return 'detail-type' in (properties as Json) ? all : { ...all, additionalProperties: false };
}

/** As `toISOString` writes it. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': MOMENT } });
const validates = ajv.compile(closed(published) as Json);

/** What is wrong with an event, by the schema; empty where nothing is. */
export function faultsOf(event: SentEvent): readonly string[] {
  if (validates({ ...event })) return [];
  const name = `${event['detail-type'].replaceAll(' ', '')}Event`;
  const own = (validates.errors ?? []).filter(({ schemaPath }) => !isOfOther(schemaPath, name));
  return own.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** `oneOf` also says why the event is none of the other types. */
const isOfOther = (schemaPath: string, name: string) =>
  /Event\//.test(schemaPath) && !schemaPath.includes(`/${name}/`);
