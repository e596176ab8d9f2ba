import { isTagText } from './tag-text';

/** The pattern of names, as the JSON schema for editors shows it. */
export const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Longest names, in characters: both stand in the name of every resource, and AWS ends those of some at 64. */
export const MOST_CHARACTERS = { environment: 24, service: 40 } as const;

/** Whether a text may name an environment, a service or a stack: lower-case letters, digits and single dashes. */
export const isName = (text: string, most: number) => KEBAB.test(text) && text.length <= most;

/** Whether mail can be sent to it, and a tag can hold it. */
export const isMailAddress = (text: string) =>
  /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && isTagText(text);
