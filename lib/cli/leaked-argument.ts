import { CALL } from '../domain/notices/commands';
import { CONSOLE } from '../domain/notices/links';

/** What whoever passes a key as an argument is told. The key is not repeated. */
export const LEAKED_ARGUMENT = `A key was given as an argument. By now it is in the shell history, in the
process list and perhaps in a log: consider it leaked. Disable it in the
Claude Console (${CONSOLE.keys}), create another,
and give that to the hidden prompt of: ${CALL} submit <key>`;

/** A key of any vendor that begins with `sk-`, anywhere in a word; the shortened form that lists show, with its dots, is none. */
const KEY = /(?:^|[^A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}(?![A-Za-z0-9_-]|…|\.\.)/i;

/** Whether an argument holds what looks like a key, alone or inside of an option. */
export const holdsKey = (argv: readonly string[]) => argv.some((argument) => KEY.test(argument));
