import { toJson } from './style';

/** What a JSON document is, and the version of its shape: `status/1`. A change of meaning or shape needs the next number. */
export type DocumentName = `${string}/${number}`;

/** Named fields, never a bare list: a list has no room for its schema. */
export type Fields = Readonly<Record<string, unknown>>;

export const PREFIX = 'anthropic-key-rotation/';

/** A document as machines get it, its schema first. Fields that bring a schema of their own keep it. */
export const documentOf = (name: DocumentName, fields: Fields): string =>
  toJson({ schema: `${PREFIX}${name}`, ...fields });
