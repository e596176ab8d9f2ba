import type { Answer, Change, Command, DryRun } from '../workflows/run-command';
import type { CliContext } from './context';
import { findKey, readKeyName } from './find-key';
import { type ManagedKey, managedKey } from './managed-key';
import { waitFor } from './terminal';
import type { Options, Plan, Verb } from './verb';

/** A command about one key. The key's name is its argument, so `read` gets the options alone. */
interface KeyVerb<Intent> extends Omit<Verb, 'argument' | 'read' | 'prepare'> {
  /** Whether it takes a secret that is tagged and not yet deployed: for commands that only look. @default false */
  readonly claimed?: boolean;
  read?(options: Options): Intent;
  /** Says what it would do with the key that was found. @throws UsageError, IllegalTransition */
  plan(key: ManagedKey, intent: Intent, context: CliContext): Plan | Promise<Plan>;
}

/** Adds what all commands about one key share: the argument, and the search for the key. */
export const keyVerb = <Intent extends object>({
  read,
  plan,
  claimed,
  ...verb
}: KeyVerb<Intent>): Verb<Intent & { readonly key: string }> => ({
  ...verb,
  argument: ['<key>', 'such as prod/api-gateway'],
  read: (key, options) => ({ key: readKeyName(key), ...(read?.(options) as Intent) }),
  prepare: async (intent, context) =>
    plan(managedKey(await findKey(intent.key, context, { claimed })), intent, context),
});

/** Invokes the check of a key with a command, and shows `text` meanwhile. */
export const invokeCheck = <C extends Command>(
  text: string,
  { identity }: ManagedKey,
  command: C,
  { functions, terminal }: Pick<CliContext, 'functions' | 'terminal'>,
): Promise<Answer<C>> => waitFor(terminal, text, () => functions.check(identity, command));

/** Has the function make all checks of a command and change nothing. @throws what the command itself would be refused with */
export const askToRehearse = <C extends Change>(
  key: ManagedKey,
  of: C,
  context: Pick<CliContext, 'functions' | 'terminal'>,
): Promise<Answer<DryRun<C>>> =>
  invokeCheck('Making the checks of the real run', key, { verb: 'dry-run', of }, context);

/** The same where its refusal is all that is wanted. */
export const rehearse = async (
  ...asked: Parameters<typeof askToRehearse<Change>>
): Promise<readonly string[]> => {
  await askToRehearse(...asked);
  return [];
};
