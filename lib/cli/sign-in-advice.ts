/** Advice, or how it reads about a profile. `option` is ` --profile x`, or empty where no profile is named. */
type Advice = string | ((option: string, profile: string | undefined) => string);

/** Why AWS did not get as far as to permissions. */
type Trouble = 'signed-out' | 'wrong-place' | 'unavailable';

/** What the SDK and AWS say when nobody can be signed in or reached, and what to do about it. The first row that fits counts. */
const ROWS: readonly (readonly [says: RegExp, advice: Advice, trouble?: Trouble])[] = [
  [/profile \(.*\) could not be found/i, 'Profiles that exist: `aws configure list-profiles`.'],
  [
    /asks for an MFA code/,
    'Run it in a terminal, or sign in first and pass temporary credentials in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
  ],
  [
    /MultiFactorAuthentication failed|MFA one time pass code/i,
    'AWS did not take the MFA code. Each code works once: wait for the next one, and run the command again.',
  ],
  [
    /aws login|reauthenticate|refresh credentials|\.aws\/login|Failed to load (a )?token/i,
    (option) => `Sign in again: aws login${option}`,
  ],
  [/\bSSO\b|aws sso login/, (option) => `Sign in again: aws sso login${option}`],
  [
    /ExpiredToken|RequestExpired|security token .*expired/i,
    'These temporary credentials have expired. Get new ones from where they came, and replace AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile that holds them.',
  ],
  [
    /Signature expired|Signature not yet current/i,
    "This machine's clock is wrong: AWS refuses signatures that are five minutes off.",
    'unavailable',
  ],
  [
    /SignatureDoesNotMatch|InvalidSignature|IncompleteSignature/,
    'The secret access key does not belong to the access key id. Copy both again.',
  ],
  [
    /InvalidClientTokenId|UnrecognizedClient|security token included in the request is invalid/i,
    'AWS does not know this access key. It was deleted or switched off, its session token is missing, or it belongs to another partition (China, GovCloud) or an emulator.',
  ],
  [
    /region is missing|region not accepted/i,
    'Name the region with --region, or set AWS_REGION: for example eu-central-1.',
    'wrong-place',
  ],
  [
    /CredentialsProviderError|TokenProviderError|MissingAuthenticationToken|Could not load credentials|Could not resolve credentials/i,
    (option, profile) =>
      profile
        ? `The profile ${profile} gives no working credentials. Look at it with \`aws configure list${option}\`. Is it signed in (\`aws sso login${option}\` or \`aws login${option}\`)?`
        : 'Sign in to AWS first (`aws sso login` or `aws login`), or name a profile with --profile.',
  ],
  [
    /names .*, which (cannot be read|holds no certificate)/,
    'Name a file of CA certificates in PEM form, or take the setting away.',
    'unavailable',
  ],
  [
    /self.signed certificate|unable to (get|verify)|issuer certificate|CERT_|certificate has expired/i,
    'Something on the way, such as the proxy of your company, shows a certificate of its own. Name the file with its CA certificate in AWS_CA_BUNDLE.',
    'unavailable',
  ],
  [
    /proxy|CONNECT response/i,
    'The proxy did not let this connection through. Look at HTTPS_PROXY and NO_PROXY, and whether the proxy wants a name and a password.',
    'unavailable',
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'That host is not known here. Is the region right, and this machine online? Behind a proxy set HTTPS_PROXY.',
    'unavailable',
  ],
  [
    /ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|TimeoutError/,
    'AWS cannot be reached from here. Are the network, --endpoint-url and HTTPS_PROXY right?',
    'unavailable',
  ],
];

/** What kind of trouble a text tells of if nobody could be signed in, or AWS could not be reached, and what to do; else undefined. */
export function signInTrouble(
  text: string,
  profile?: string,
): { readonly trouble: Trouble; readonly advice: string } | undefined {
  const row = ROWS.find(([says]) => says.test(text));
  if (!row) return undefined;
  const [, advice, trouble = 'signed-out'] = row;
  const option = profile ? ` --profile ${profile}` : '';
  return { trouble, advice: typeof advice === 'function' ? advice(option, profile) : advice };
}

/** What to do about it alone. */
export const signInAdvice = (text: string, profile?: string) => signInTrouble(text, profile)?.advice;
