import type { Place } from '../workflows/operator-ports';
import type { Fields } from './document';

/** Who is about to change something, on one line. */
export function identityLine({ account, region, caller, unidentified }: Place): string {
  return unidentified
    ? `Signed in: identity unknown (${unidentified.split('\n')[0]}), ${region}`
    : `Signed in as ${callerInWords(caller)}, account ${account}, ${region}`;
}

/** An ARN of a caller as people know it, e.g. `ada (role PlatformOps)`. */
function callerInWords(arn: string): string {
  const [kind, name = '', ...session] = arn.split(':').slice(5).join(':').split('/');
  if (kind === 'root') return 'the root user';
  if (kind !== 'assumed-role') return [name, ...session].at(-1) || arn;
  const permissionSet = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(name)?.[1];
  return `${session.join('/')} (${permissionSet ? `permission set ${permissionSet}` : `role ${name}`})`;
}

/** What a machine reads about a change: the result, and who made it. */
export const withCaller = (json: Fields, place: Place | undefined): Fields =>
  place
    ? { ...json, signedIn: { account: place.account, caller: place.caller, region: place.region } }
    : json;
