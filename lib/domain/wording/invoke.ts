import type { KeyIdentity } from '../policy';
import { aws, continued, quote } from './commands';

/** One invocation of a deployed function. */
export interface Call {
  /** Name, perhaps with an alias. */
  readonly to: string;
  readonly payload: Payload;
}

export interface Payload {
  readonly [name: string]: string | number | boolean | undefined | Payload;
}

/** A word that the command asks for. Only its letters, digits, blanks and hyphens are sent. */
export interface Asked {
  /** The variable that holds it. */
  readonly name: string;
  readonly prompt: string;
}

/** Stands in a payload's text for the word that was asked for. */
export const ANSWER = '\u0001';

/** How long AWS may take to answer, in seconds: as long as the longest function runs. */
const PATIENCE = 900;

/**
 * Invokes functions one after the other with plain AWS commands, and says DONE or FAILED. It is one compound command, so that a shell reads all of a
 * paste before anything runs. Nothing is sent twice. `aws` exits with 0 where a function fails or refuses, so the answer is looked at: it is shown,
 * followed by "None" or by the kind of failure.
 *
 * @param whateverHappens calls follow each other even where one fails. @default the first that fails is the last
 */
export function invokeWithAws(
  key: KeyIdentity,
  calls: readonly Call[],
  { asked, whateverHappens = false }: { readonly asked?: Asked; readonly whateverHappens?: boolean } = {},
): string {
  const [only, ...more] = calls;
  return only && more.length === 0
    ? invokeOnce(key, only, asked)
    : invokeInTurn(key, calls, whateverHappens ? '\n' : ' &&\n');
}

/** Only the door for orders answers with a refusal that is no failure, and no order goes there alone. */
function invokeOnce(key: KeyIdentity, { to, payload }: Call, asked: Asked | undefined): string {
  const ask =
    asked && `printf ${quote(`${asked.prompt}: `)} && read -r ${asked.name} && [ "$${asked.name}" ] &&\n `;
  return [
    `(${ask ? `A=; ${ask}` : ''}A=$(printf %s ${written(payload, asked)} |`,
    `   ${invoke(key, quote(to))}) && printf '%s\\n' "$A"`,
    ' case $A in *None) echo DONE;; *) echo FAILED; false;; esac)',
  ].join('\n');
}

function invokeInTurn(key: KeyIdentity, calls: readonly Call[], then: string): string {
  const order = calls.map(({ to, payload }) => ` akr ${quote(to)} ${written(payload)}`).join(then);
  return [
    '(F=; akr() { A=$(printf %s "$2" |',
    `   ${invoke(key, '"$1"')})`,
    `   printf '%s\\n' "$A"; case $A in *'"outcome":"refused"'*) ;;`,
    '   *None) return 0;; esac; F=FAILED; return 1; }',
    `${order} &&`,
    ' [ -z "$F" ] && echo DONE || { echo FAILED; false; })',
  ].join('\n');
}

const invoke = (key: KeyIdentity, to: string) =>
  continued(
    [
      ...['AWS_PAGER=', 'AWS_MAX_ATTEMPTS=1', ...aws('lambda', 'invoke', key)],
      ...['--function-name', to, '--cli-read-timeout', String(PATIENCE)],
      ...['--payload', 'fileb:///dev/stdin', '--query', 'FunctionError', '--output', 'text'],
      '/dev/stdout',
    ],
    '   ',
    72,
  );

/** A payload as one word of a shell, broken between its parts: blanks there mean nothing in JSON. */
function written(payload: Payload, asked?: Asked): string {
  const hole = JSON.stringify(ANSWER).slice(1, -1);
  const filled = asked ? `'"\${${asked.name}//[^[:alnum:] -]/}"'` : hole;
  const room = (part: string) => part.replace(hole, filled).length;
  const lines: string[] = [];
  let line = '';
  for (const part of parts(payload)) {
    if (line !== '' && room(line) + room(part) > (lines.length === 0 ? FIRST_LINE : LINE)) {
      lines.push(line);
      line = '   ';
    }
    line += part;
  }
  return quote([...lines, line].join('\n')).replaceAll(hole, filled);
}

/** Columns of a payload, beside the function's name and below it. */
const FIRST_LINE = 40;
const LINE = 68;

/** JSON in parts between which a line may break. */
function parts(payload: Payload): readonly string[] {
  const entries = Object.entries(payload).filter(([, value]) => value !== undefined);
  return entries.flatMap(([name, value], index) => {
    const [first = '', ...more] = typeof value === 'object' ? parts(value) : [JSON.stringify(value)];
    const own = [`${index === 0 ? '{' : ''}${JSON.stringify(name)}:${first}`, ...more];
    const end = index === entries.length - 1 ? '}' : ',';
    return [...own.slice(0, -1), `${own.at(-1)}${end}`];
  });
}
