import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ReadAs } from '../contract/people';
import { StoreError } from '../workflows/errors';
import type { Place } from '../workflows/operator-ports';
import { encrypted } from './aws-encryption';
import { awsFailure, denialOf } from './aws-failure';
import type { settingsByProfile } from './aws-settings';
import { type OperatorOptions, openOperator } from './operator';

/** Who opens further places: their settings, and where their own calls go. */
interface Caller extends Omit<OperatorOptions, 'aws' | 'fetch'> {
  readonly settings: ReturnType<typeof settingsByProfile>;
  readonly place: () => Promise<Place>;
}

/** Opens the ports of an operator at another place. Nothing is called until one is used. */
export function connect(
  { region, readAs }: { readonly region?: string; readonly readAs?: ReadAs },
  { settings, place, ...options }: Caller,
) {
  const { aws, profile, fetch } = readAs && 'profile' in readAs ? settings.of(readAs.profile) : settings.own;
  const open = (changed: object) => openOperator({ ...options, fetch, aws: { ...aws, ...changed } });
  if (!readAs || 'profile' in readAs) return { ...open(region ? { region } : {}), profile };
  /** Whoever calls, in a region of their own if they have one: that of the role may not exist, or not be enabled for them. */
  const caller = () =>
    place().catch((error) => {
      if (!region || !NO_REGION.test(String(error))) throw error;
      return open({ region }).place();
    });
  const credentials = once(() => assume(readAs.role, aws, caller));
  return { ...open({ credentials, ...(region && { region }) }), profile };
}

const NO_REGION = /region is missing/i;

/** The clients of one place share a session. It lasts for an hour, and no command does. */
function once<T>(get: () => Promise<T>): () => Promise<T> {
  let got: Promise<T> | undefined;
  return () => {
    got ??= get();
    return got;
  };
}

/** Assumes a role. The session has the caller's name, so that CloudTrail of the other account shows a person. */
async function assume(role: string, aws: object, whoCalls: () => Promise<Place>) {
  const { caller, region } = await whoCalls();
  const sts = encrypted(new STSClient({ ...aws, region }));
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: sessionName(caller), DurationSeconds: 3600 }),
    );
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
      expiration: Credentials!.Expiration!,
    };
  } catch (error) {
    const failure = awsFailure(error);
    const denial = denialOf(failure, { action: 'sts:AssumeRole', resource: role });
    throw denial ? new StoreError('denied', failure.message, denial) : error;
  }
}

/** The name of a session, of the signs that AWS takes for one. */
const sessionName = (caller: string) =>
  (caller.split('/').at(-1) ?? '')
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
