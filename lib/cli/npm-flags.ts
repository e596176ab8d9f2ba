import { quote } from '../domain/wording/commands';
import { holdsKey, LEAKED_ARGUMENT, type OptionOfParser, optionsOf } from './parse';
import type { Verb } from './verb';

/**
 * What to answer where npm took options for itself: `npm run keys extend … --dry-run`, without `--`, reaches this program as `extend …`, which is the
 * real thing. npm leaves a variable `npm_config_dry_run`. The same variable can come from an `.npmrc`; then the answer says how to go on. Undefined
 * where nothing was taken. Of `--key` alone npm leaves no trace: it is an option of its own, and deprecated.
 */
export function eatenByNpm(
  argv: readonly string[],
  verbs: readonly Verb[],
  vars: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (!isScript(vars)) return undefined;
  const eaten = optionsOf(verbs).flatMap((option) => {
    for (const leftAs of namesAtNpm(option)) {
      const value = vars[`npm_config_${leftAs.replaceAll('-', '_')}`];
      const isGiven = option.negated ? value === '' : Boolean(value) && value !== 'false';
      if (isGiven && !stands(option, argv)) return [{ ...option, leftAs, value: value! }];
    }
    return [];
  });
  if (eaten.length === 0) return undefined;
  if (holdsKey([...argv, ...eaten.map(({ value }) => value)])) return LEAKED_ARGUMENT;
  const taken = [...new Set(eaten.map(flag))].join(' and ');
  const left = [...new Set(eaten.map(({ leftAs, negated }) => `--${negated ? 'no-' : ''}${leftAs}`))].join(
    ' and ',
  );
  return [
    `npm took ${taken} for itself, because there is no -- before the command. Nothing was done. Type:`,
    `  npm run keys -- ${meant(argv, eaten, verbs)}`,
    `If npm has ${left} from your .npmrc or environment, keep it out of this command:`,
    `  npm run ${[...new Set(eaten.map(({ leftAs }) => `--no-${leftAs}`))].join(' ')} keys -- ${argv.map(quote).join(' ')}`,
  ].join('\n');
}

/**
 * Whether npm may have taken `-n`, which is its short form of `--no-yes`: a dry run would be the real thing. An `.npmrc` with `yes=false` leaves the
 * same, so nothing is refused for it; but as npm was told not to say yes, a person has to.
 */
export const perhapsDry = (vars: Readonly<Record<string, string | undefined>>) =>
  isScript(vars) && vars.npm_config_yes === '';

type Eaten = OptionOfParser & { readonly value: string; readonly leftAs: string };

/** `run` since npm 11. */
const isScript = (vars: Readonly<Record<string, string | undefined>>) =>
  /^run(-script)?$/.test(vars.npm_command ?? '');

/** Short options that are short for something else at npm. Of others it keeps the letter. `-k` and `-e` leave no trace. */
const SHORT_AT_NPM: Readonly<Record<string, string>> = { '-p': 'parseable' };

const namesAtNpm = ({ name, short }: OptionOfParser) =>
  short ? [name, SHORT_AT_NPM[short] ?? short.slice(1)] : [name];

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
