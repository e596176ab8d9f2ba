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
  // `run` since npm 11.
  if (!/^run(-script)?$/.test(vars.npm_command ?? '')) return undefined;
  const eaten = optionsOf(verbs).flatMap((option) => {
    const value = vars[`npm_config_${option.name.replaceAll('-', '_')}`];
    const isGiven = option.negated ? value === '' : Boolean(value) && value !== 'false';
    return isGiven && !stands(option, argv) ? [{ ...option, value: value! }] : [];
  });
  if (eaten.length === 0) return undefined;
  if (holdsKey([...argv, ...eaten.map(({ value }) => value)])) return LEAKED_ARGUMENT;
  const names = [...new Set(eaten.map(flag))];
  const taken = names.join(' and ');
  return [
    `npm took ${taken} for itself, because there is no -- before the command. Nothing was done. Type:`,
    `  npm run keys -- ${meant(argv, eaten)}`,
    `If npm has ${taken} from your .npmrc or environment, keep it out of this command:`,
    `  npm run ${[...new Set(eaten.map(({ name }) => `--no-${name}`))].join(' ')} keys -- ${argv.map(quote).join(' ')}`,
  ].join('\n');
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
function meant(argv: readonly string[], eaten: readonly Eaten[]): string {
  const wanting = eaten.filter(({ argument, value }) => argument !== undefined && value === 'true');
  const words = argv.filter((word) => !word.startsWith('-')).slice(2);
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
