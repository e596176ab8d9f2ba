import { type KeyIdentity, keyName } from '../policy';
import { placeOf } from './context';
import { continued, quote } from './shell';

/** The operator's verbs, as the command line spells them. */
export type Verb =
  | 'show'
  | 'submit'
  | 'rollback'
  | 'extend'
  | 'retire'
  | 'reactivate'
  | 'snooze'
  | 'leak'
  | 'check'
  | 'doctor';

/** How the command is called in a checkout. Nothing shows another way: `npx` would fetch whatever the registry has under that name. */
export const CALL = 'npm run keys --';

/** A command of the team's own checkout. */
export const keys = (verb: Verb, key: KeyIdentity, ...more: readonly string[]) =>
  continued([CALL, verb, ...[keyName(key), ...more].map(quote)]);

/**
 * Hands in a key with plain AWS commands. One compound command, so that a shell reads all of it before `read` takes the key, however it
 * is pasted; `printf` is built into the shell, so the key is in no argument, no history, and gone with the subshell.
 */
export function submitWithAws(key: KeyIdentity): string {
  const put = [
    ...secretsmanager('put-secret-value', key),
    ...['--version-stages', 'SUBMITTED', '--secret-string', 'file:///dev/stdin'],
    ...['--query', 'VersionId', '--output', 'text'],
  ];
  const rotate = [...secretsmanager('rotate-secret', key), '--query', 'Name', '--output', 'text'];
  return [
    "(printf 'New key (not shown): ' && read -rs KEY && echo &&",
    ` printf %s "$KEY" | ${continued(put, '   ', 72)} &&`,
    ` ${continued(rotate, '   ', 72)})`,
  ].join('\n');
}

/** Makes an earlier version the live one again, with plain AWS commands. */
export const makeCurrentWithAws = (key: KeyIdentity, to: string, from: string) =>
  continued([
    ...secretsmanager('update-secret-version-stage', key),
    ...['--version-stage', 'AWSCURRENT'],
    ...['--move-to-version-id', quote(to)],
    ...['--remove-from-version-id', quote(from)],
  ]);

/** Shows what is known of the secret, never its value. */
export const describeWithAws = (key: KeyIdentity) => continued(secretsmanager('describe-secret', key));

/** Checks a key at once and prints what came of it, as its schedule would. */
export const checkWithAws = (key: KeyIdentity, checkFunction: string) =>
  continued([
    ...aws('lambda', 'invoke', key),
    ...['--function-name', quote(checkFunction)],
    ...['--cli-binary-format', 'raw-in-base64-out'],
    ...['--payload', quote(JSON.stringify({ secretId: key.secretName }))],
    '/dev/stdout',
  ]);

/**
 * By name and region, never by ARN: a name reaches only the account one is signed in to, so that a forged mail cannot lead
 * a key into a stranger's account.
 */
function secretsmanager(operation: string, key: KeyIdentity): readonly string[] {
  return [...aws('secretsmanager', operation, key), '--secret-id', quote(key.secretName)];
}

function aws(service: string, operation: string, key: KeyIdentity): readonly string[] {
  const { region } = placeOf(key);
  return ['aws', service, operation, ...(region ? ['--region', region] : [])];
}
