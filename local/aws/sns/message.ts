import { z } from 'zod';
import { AwsError } from '../aws-error';

const MOST_BYTES = 256 * 1024;

/** Attributes as the query protocol delivers them, by name. */
export const attributeShape = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

export type Attributes = Readonly<Record<string, z.output<typeof attributeShape>>>;

export interface PublishInput {
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes: Attributes;
}

/** Checks a publish and returns the text for each protocol. @throws AwsError for what SNS refuses. */
export function textPerProtocol(input: PublishInput): (protocol: string) => string {
  checkSubject(input.Subject);
  refuseIf(input.Message === '', 'Empty message');
  checkAttributes(input.MessageAttributes);
  refuseIf(size(input) > MOST_BYTES, 'Message too long');
  if (input.MessageStructure === undefined) return () => input.Message;
  refuseIf(input.MessageStructure !== 'json', 'MessageStructure');
  const texts = parseTexts(input.Message);
  return (protocol) => texts.get(protocol) ?? texts.get('default')!;
}

/**
 * ASCII, beginning with a letter, digit or punctuation mark, without control characters, at most 100 characters: what every edition of the
 * Publish API reference has allowed. The present one also allows UTF-8.
 */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  refuseIf(!/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject), 'Subject');
}

function checkAttributes(attributes: Attributes): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    refuseIf(!/^[A-Za-z0-9_.-]{1,256}$/.test(name), `Message attribute name ${name}`);
    const known = /^(String|Number|Binary|String\.Array)(\.|$)/.test(attribute.DataType);
    refuseIf(!known, `The message attribute '${name}' has an invalid message attribute type`);
    if (attribute.StringValue === '' || (attribute.StringValue ?? attribute.BinaryValue) === undefined) {
      throw new AwsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${attribute.DataType}'.`,
      );
    }
  }
}

function parseTexts(message: string): ReadonlyMap<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const texts = new Map<string, string>();
  for (const [protocol, text] of Object.entries(parsed ?? {})) {
    if (typeof text === 'string') texts.set(protocol, text);
  }
  refuseIf(!texts.has('default'), 'Message Structure - No default entry in JSON message body');
  return texts;
}

function size(input: PublishInput): number {
  const attributes = Object.entries(input.MessageAttributes).flatMap(([name, one]) => [
    name,
    one.DataType,
    one.StringValue ?? one.BinaryValue ?? '',
  ]);
  return [input.Message, ...attributes].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

const invalid = (what: string) => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

function refuseIf(wrong: boolean, what: string): void {
  if (wrong) throw invalid(what);
}
