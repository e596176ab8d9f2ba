import { setTimeout } from 'node:timers/promises';
import { claimedName, isManaged } from '../contract/managed';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import { EXIT, type ExitCode } from './exit-code';
import { optionsOf } from './parse';
import type { Open, Verb } from './verb';

/** What the scripts complete. Its own name, since `npm run` completes only the names of scripts. */
export const COMPLETED = 'anthropic-keys';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** How long a shell waits for names from AWS. Commands and options come all the same. */
const PATIENCE = 3_000;

/** Answers a shell that asks how `words` may go on. Nothing goes wrong at a prompt: without AWS there are no names. */
export async function complete(
  words: readonly string[],
  verbs: readonly Verb[],
  open: Open,
): Promise<ExitCode> {
  const { RootCommand } = await import('@bomb.sh/tab');
  const root = new RootCommand();
  const asked = verbs.find(({ name }) => words.slice(0, -1).includes(name));
  const names = asked && needsNames(asked, words) ? await namesFrom(words, open) : [];
  const environments = [...new Set(names.map((name) => name.split('/')[0]!))];
  const offer = (values: readonly string[]) => (say: (value: string, meaning: string) => void) => {
    for (const value of values) say(value, '');
  };
  const operands: Readonly<Record<string, readonly string[]>> = {
    key: names,
    environment: environments,
    shell: SHELLS,
  };
  for (const verb of verbs) {
    const command = root.command(verb.name, verb.summary);
    const operand = /\w+/.exec(verb.argument?.[0] ?? '')?.[0];
    if (operand) command.argument(operand, offer(operands[operand] ?? []));
    for (const { name, short, negated, argument, meaning } of optionsOf([verb])) {
      const long = negated ? `no-${name}` : name;
      const letter = short?.slice(1);
      if (argument) command.option(long, meaning, offer(name === 'environment' ? environments : []), letter);
      else if (letter) command.option(long, meaning, letter);
      else command.option(long, meaning);
    }
  }
  root.parse([...words]);
  return EXIT.fine;
}

const needsNames = ({ argument }: Verb, words: readonly string[]) =>
  /key|environment/.test(argument?.[0] ?? '') || words.some((word) => /^(-e|--environment)/.test(word));

async function namesFrom(words: readonly string[], open: Open): Promise<readonly string[]> {
  const optionOf = (short: string, long: string) =>
    words.find((word) => word.startsWith(`${long}=`))?.slice(long.length + 1) ??
    words[words.findIndex((word) => word === short || word === long) + 1 || words.length];
  const late = new AbortController();
  try {
    const globals = {
      profile: optionOf('-p', '--profile'),
      region: optionOf('-r', '--region'),
      endpointUrl: optionOf('--endpoint-url', '--endpoint-url'),
    };
    const { store } = await open({ ...globals, json: true, yes: false, dryRun: true });
    const secrets = await Promise.race([
      store.list({ tagKey: ENVIRONMENT_TAG }),
      setTimeout(PATIENCE, [], { signal: late.signal }),
    ]);
    return secrets.filter(isManaged).flatMap((secret) => claimedName(secret) ?? []);
  } catch {
    return [];
  } finally {
    late.abort();
  }
}
