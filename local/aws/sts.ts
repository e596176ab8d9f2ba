import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { type Operations, operation } from './operation';

type Algorithm = 'ES384' | 'RS256';

const tokenRequest = z.strictObject({
  Audience: z.array(z.string().min(1).max(1000)).min(1).max(10),
  SigningAlgorithm: z.enum(['ES384', 'RS256']),
  DurationSeconds: z.coerce.number().int().min(60).max(3600).default(300),
});

const roleRequest = z.strictObject({
  RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3600),
});

/** What accounts sign with, and what they signed: both are slow, and whoever asks for the same claims within a second gets the same token. */
const KEYS = new Map<Algorithm, KeyObject>();
const TOKENS = new Map<string, string>();

/** The embedded STS: says who signed a request, and vouches for them with a signed token. */
export class FakeSts {
  readonly operations: Operations;
  readonly issuer: string;
  readonly #sessions = new Map<string, string>();
  readonly #trust = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly clock: Clock,
    private readonly accountId: string,
  ) {
    this.issuer = `https://${accountId}.tokens.sts.global.api.aws`;
    this.operations = {
      GetCallerIdentity: operation(z.strictObject({}), (_, caller) => ({
        Account: accountId,
        Arn: this.arnOf(caller.accessKeyId),
        UserId: `AROA:${caller.accessKeyId}`,
      })),
      AssumeRole: operation(roleRequest, ({ RoleArn, RoleSessionName, DurationSeconds }, { accessKeyId }) => {
        if (!this.#trust.get(RoleArn)?.has(accessKeyId))
          throw new AwsError(
            'AccessDenied',
            `User: ${this.arnOf(accessKeyId)} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
            403,
          );
        const id = `ASIA${createHash('sha256').update(`${RoleArn}/${RoleSessionName}`).digest('hex').slice(0, 16).toUpperCase()}`;
        this.#sessions.set(id, RoleArn);
        const Expiration = new Date(this.clock.now().getTime() + DurationSeconds * 1000);
        const arn = RoleArn.replace(/:iam:(.*):role\/.*?([^/]+)$/, ':sts:$1:assumed-role/$2');
        return {
          Credentials: { AccessKeyId: id, SecretAccessKey: 'none', SessionToken: 'none', Expiration },
          AssumedRoleUser: { AssumedRoleId: `AROA:${RoleSessionName}`, Arn: `${arn}/${RoleSessionName}` },
        };
      }),
      GetWebIdentityToken: operation(tokenRequest, (input, caller) => {
        const now = Math.floor(this.clock.now().getTime() / 1000);
        const expires = now + input.DurationSeconds;
        const claims = {
          iss: this.issuer,
          sub: this.arnOf(caller.accessKeyId),
          aud: input.Audience.length === 1 ? input.Audience[0] : input.Audience,
          iat: now,
          exp: expires,
        };
        return {
          WebIdentityToken: signed(claims, input.SigningAlgorithm),
          Expiration: new Date(expires * 1000),
        };
      }),
    };
  }

  /** Lets callers of this world assume a role, in whatever account: the role's trust policy. */
  trust(roleArn: string, ...callers: readonly string[]): void {
    this.#trust.set(roleArn, new Set(callers));
  }

  /** The account that a caller acts in: that of the role, for credentials of an assumed one. */
  accountOf(caller: string): string {
    return this.#sessions.get(caller)?.split(':')[4] ?? this.accountId;
  }

  /** What verifies the tokens of one algorithm. */
  publicKey(algorithm: Algorithm): KeyObject {
    return createPublicKey(privateKey(algorithm));
  }

  /** Who a caller of this world is to IAM: a person by their address in the role of operators, anybody else in a role of their own name. */
  arnOf(name: string): string {
    const role = name.includes('@') ? 'KeyOperator' : name;
    return `arn:aws:sts::${this.accountId}:assumed-role/${role}/${name}`;
  }
}

function signed(claims: object, algorithm: Algorithm): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const body = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  const known = TOKENS.get(body);
  if (known) return known;
  const digest = algorithm === 'ES384' ? 'sha384' : 'sha256';
  const signature = sign(digest, Buffer.from(body), {
    key: privateKey(algorithm),
    dsaEncoding: 'ieee-p1363',
  });
  const token = `${body}.${signature.toString('base64url')}`;
  TOKENS.set(body, token);
  return token;
}

function privateKey(algorithm: Algorithm): KeyObject {
  const known = KEYS.get(algorithm);
  if (known) return known;
  const { privateKey: made } =
    algorithm === 'ES384'
      ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  KEYS.set(algorithm, made);
  return made;
}
