import { CLI_COMMAND } from '../domain/wording/cli-command';
import { quote } from '../domain/wording/commands';
import { holdsKey, LEAKED_ARGUMENT, type OptionOfParser, optionsOf } from './parse';
import type { Verb } from './verb';

/** What is read of the files that npm takes settings from; undefined where there is none. */
export type ReadFile = (file: string) => string | undefined;

/**
 * What to answer where npm took options for itself: `npm run keys extend … --dry-run`, without `--`, reaches this program as `extend …`, which is the
 * real thing. npm leaves a variable `npm_config_dry_run`. The same variable can come from an `.npmrc`; then the answer says how to go on. Undefined
 * where nothing was taken. Of `--key` alone npm leaves no trace: it is an option of its own, and deprecated. Of `-n` it leaves `--no-yes`, which means a
 * dry run where no file of npm says it. Through npx, `extend … --dry-run` is a dry run also without `--`, which
 * npx puts before the first word behind ours. What stands before that word npm takes, `-n` as well, which it removes together with the word.
 */
export function eatenByNpm(
  argv: readonly string[],
  verbs: readonly Verb[],
  vars: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile = () => undefined,
): string | undefined {
  // `run` since npm 11.
  if (!/^(run(-script)?|exec)$/.test(vars.npm_command ?? '')) return undefined;
  // To `npm exec` and `npx` they say whether to install.
  if (vars.npm_command === 'exec' && vars.npm_config_yes !== undefined)
    return eatenByNpm(argv, verbs, { ...vars, npm_config_yes: undefined }, readFile);
  const letters = takenLetters(optionsOf(verbs), vars, readFile);
  const eaten = optionsOf(verbs).flatMap((option) => {
    const value = takenFor(option, vars) ?? (option.short && letters.get(option.short));
    return value !== undefined && !stands(option, argv) ? [{ ...option, value }] : [];
  });
  if (eaten.length === 0) return undefined;
  if (holdsKey([...argv, ...eaten.map(({ value }) => value)])) return LEAKED_ARGUMENT;
  const taken = [...new Set(eaten.map(flag))].join(' and ');
  return [
    `npm took ${taken} for itself, because there is no -- before the command. Nothing was done. Type:`,
    `  ${CLI_COMMAND} ${meant(argv, eaten, verbs)}`,
    `If npm has ${taken} from your .npmrc or environment, keep it out of this command:`,
    `  ${wayOut(eaten, vars)} ${argv.map(quote).join(' ')}`,
  ].join('\n');
}

/** Of `--yes` nothing needs to be kept out there: to `npx` it says whether to install, and `--no` answers that. */
function wayOut(eaten: readonly Eaten[], vars: Vars): string {
  const names = eaten.flatMap((option) => {
    if (takenFor(option, vars) !== undefined) return option.name === 'yes' ? [] : [option.name];
    const own = option.short && SHORT_AT_NPM[option.short];
    return own && vars[`npm_config_${own}`] ? [own] : [];
  });
  const [program, ...rest] = CLI_COMMAND.split(' ');
  return [program, ...[...new Set(names)].map((name) => `--no-${name}`), ...rest].join(' ');
}

type Vars = Readonly<Record<string, string | undefined>>;

/** What npm took for an option by its name, however its dashes were typed. */
function takenFor({ name, negated }: OptionOfParser, vars: Vars): string | undefined {
  const forms = [name.replaceAll('-', '_'), name.replaceAll('-', '')];
  const values = forms.map((form) => vars[`npm_config_${form}`]);
  return values.find((value) => (negated ? value === '' : Boolean(value) && value !== 'false'));
}

/** Short options that are short for something else at npm. */
const SHORT_AT_NPM: Readonly<Record<string, string>> = { '-p': 'parseable' };

/** Short options that npm took. One that it does not know becomes a setting of this name, and several become one: `-nj`. */
function takenLetters(
  options: readonly OptionOfParser[],
  vars: Vars,
  readFile: ReadFile,
): Map<string, string> {
  const shorts = options.flatMap(({ short }) => short ?? []);
  const names = new Set(options.map(({ name }) => name));
  const taken = new Map<string, string>();
  for (const [variable, value] of Object.entries(vars)) {
    const [, word = ''] = /^npm_config_([a-z]{1,3})$/.exec(variable) ?? [];
    const flags = [...word].map((letter) => `-${letter}`);
    if (flags.length === 0 || names.has(word) || !value || value === 'false') continue;
    if (flags.every((flag) => shorts.includes(flag))) for (const flag of flags) taken.set(flag, value);
  }
  for (const [flag, own] of Object.entries(SHORT_AT_NPM))
    if (vars[`npm_config_${own}`] === 'true') taken.set(flag, 'true');
  // npm's own `-n` is `--no-yes`.
  if (vars.npm_config_yes === '' && !saysYesOrNo(vars, readFile)) taken.set('-n', 'true');
  return taken;
}

/** Whether a file of npm has the setting of `--yes`, so that `npm_config_yes` need not come from the command line. */
function saysYesOrNo(vars: Vars, readFile: ReadFile): boolean {
  const { npm_config_userconfig: user, npm_config_globalconfig: all, npm_config_local_prefix: here } = vars;
  return [user, all, here && `${here}/.npmrc`].some(
    (file) => file && /^\s*yes\s*(=|$)/m.test(readFile(file) ?? ''),
  );
}

type Eaten = OptionOfParser & { readonly value: string };

const flag = ({ name, negated }: OptionOfParser) => `--${negated ? 'no-' : ''}${name}`;

const stands = (option: OptionOfParser, argv: readonly string[]) =>
  argv.some((word) =>
    [flag(option), option.short].some((form) => form && (word === form || word.startsWith(`${form}=`))),
  );

/**
 * The command with its options again. npm takes an unknown option for a switch since its release 11, and passes the value on as one more argument: one
 * value belongs to the one option that wants one. Of several nothing says which is whose.
 */
function meant(argv: readonly string[], eaten: readonly Eaten[], verbs: readonly Verb[]): string {
  const wanting = eaten.filter(({ argument, value }) => argument !== undefined && value === 'true');
  const own = verbs.find(({ name }) => name === argv[0])?.argument ? 2 : 1;
  const words = argv.filter((word) => !word.startsWith('-')).slice(own);
  const [only, ...others] = wanting.length === 1 ? words : [];
  const value = others.length === 0 ? only : undefined;
  const rest = wanting.length > 0 ? argv.filter((word) => !words.includes(word)) : argv;
  const options = eaten.map((option) => {
    if (option.argument === undefined) return flag(option);
    if (option.value !== 'true') return `${flag(option)} ${quote(option.value)}`;
    return `${flag(option)} ${value === undefined ? option.argument : quote(value)}`;
  });
  return [...rest.map(quote), ...new Set(options)].join(' ');
}
