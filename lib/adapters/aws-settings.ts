import { fromEnv, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { CredentialsProviderError, parseKnownFiles } from '@smithy/core/config';
import { openOutbound } from './outbound';
import type { Variables } from './proxy-choice';

/** What a command line says about AWS. */
export interface AwsOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/**
 * Profile and region as `aws` chooses them: option, AWS_PROFILE, AWS_DEFAULT_PROFILE; option, AWS_REGION, AWS_DEFAULT_REGION. Without a region
 * here the SDK takes the profile's.
 */
export const chosen = ({ profile, region }: AwsOptions, vars: Variables) => ({
  profile: profile || vars.AWS_PROFILE || vars.AWS_DEFAULT_PROFILE || undefined,
  region: region || vars.AWS_REGION || vars.AWS_DEFAULT_REGION || undefined,
});

/**
 * Reads what `aws` would read: options, variables, ~/.aws, proxies and CA bundles. Nothing is called until a client needs it.
 * `mfaCode` asks a person for the code of a device.
 */
export function readAwsSettings(
  options: AwsOptions,
  vars: Variables,
  mfaCode: (device: string) => Promise<string>,
) {
  const { profile, region } = chosen(options, vars);
  const { requestHandler, fetch } = openOutbound(
    vars,
    async () => vars.AWS_CA_BUNDLE || (await profileNamed(profile ?? 'default'))?.ca_bundle,
  );
  return {
    profile,
    fetch,
    /** For every AWS client. They share one sign-in, so that an MFA code is asked for once. */
    aws: {
      ...(profile && { profile }),
      ...(region && { region }),
      ...(options.endpointUrl && { endpoint: options.endpointUrl }),
      requestHandler,
      credentials: credentials(options, { profile, vars, requestHandler, mfaCode }),
    },
  };
}

type AwsSettings = ReturnType<typeof readAwsSettings>;

/**
 * Reads the settings of the caller, and of other profiles on demand. A profile signs in once, whoever names it, and a person is asked for one MFA code
 * at a time.
 */
export function settingsByProfile(
  options: AwsOptions,
  vars: Variables,
  mfaCode: (device: string) => Promise<string>,
): { readonly own: AwsSettings; of(profile: string): AwsSettings } {
  let last: Promise<unknown> = Promise.resolve();
  const oneAtATime = (device: string) => {
    const code = last.then(() => mfaCode(device));
    last = code.catch(() => undefined);
    return code;
  };
  const own = readAwsSettings(options, vars, oneAtATime);
  const ownProfile = keysWin(options, vars) ? undefined : own.profile;
  const read = new Map(ownProfile ? [[ownProfile, own]] : []);
  return {
    own,
    of(profile) {
      const settings = read.get(profile) ?? readAwsSettings({ ...options, profile }, vars, oneAtATime);
      read.set(profile, settings);
      return settings;
    },
  };
}

/** Whether keys in the environment variables sign in, and no profile does. */
const keysWin = ({ profile }: AwsOptions, vars: Variables) => !profile && Boolean(vars.AWS_ACCESS_KEY_ID);

type Credentials = ReturnType<typeof fromNodeProviderChain>;

interface SignIn {
  readonly profile?: string;
  readonly vars: Variables;
  readonly requestHandler: object;
  readonly mfaCode: (device: string) => Promise<string>;
}

/** Keys in the environment win over AWS_PROFILE, and --profile wins over both. The SDK alone would let AWS_PROFILE win. */
function credentials(options: AwsOptions, { profile, vars, requestHandler, mfaCode }: SignIn): Credentials {
  if (keysWin(options, vars))
    return vars.AWS_SECRET_ACCESS_KEY ? fromEnv() : () => Promise.reject(HALF_A_KEY);
  let code: Promise<string> | undefined;
  const chain = fromNodeProviderChain({
    profile,
    clientConfig: { requestHandler: requestHandler as never },
    mfaCodeProvider: (device) => {
      code ??= mfaCode(device);
      return code;
    },
  });
  return async (identity) => {
    if (profile && !(await profileNamed(profile)))
      throw new CredentialsProviderError(`The config profile (${profile}) could not be found`);
    return chain(identity);
  };
}

/** The SDK alone would go on to a profile, which may be another identity. */
const HALF_A_KEY = new CredentialsProviderError('AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not');

/** A profile of ~/.aws/config or ~/.aws/credentials, or of the files that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name. */
const profileNamed = async (
  name: string,
): Promise<Readonly<Record<string, string | undefined>> | undefined> => (await parseKnownFiles({}))[name];
