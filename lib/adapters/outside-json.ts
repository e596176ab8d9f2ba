import { scrub } from '../domain/key';

/** A JSON object from outside: any field may be missing or of another type. */
export type Json = { readonly [name: string]: unknown };

/** The object in a text, or an empty one. */
export function parsed(text: string | undefined): Json {
  try {
    return objectOf(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text of limited length without keys and control characters. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? scrub(value.replace(/\p{C}/gu, '')).slice(0, 2048) : undefined;
