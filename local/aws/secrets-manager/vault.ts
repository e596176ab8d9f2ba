import { createHash } from 'node:crypto';
import { DAY } from '../../../lib/domain/time';
import type { Clock } from '../../../lib/workflows/ports';
import { AwsError } from '../aws-error';
import type { SecretsManagerSettings } from './settings';
import type { Secret } from './state';

interface Stale {
  readonly secret: Secret | undefined;
  readonly until: number;
  readsLeft: number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Holds the secrets by name, and decides which state a reader sees while writes are still spreading. */
export class Vault {
  #secrets = new Map<string, Secret>();
  readonly #stale = new Map<string, Stale>();
  #made = 0;

  constructor(
    readonly clock: Clock,
    readonly settings: SecretsManagerSettings,
    private readonly arnPrefix: string,
  ) {}

  /** The true state, for writes. @throws AwsError when there is no such secret. */
  get(secretId: string): Secret {
    return this.#found(this.find(secretId));
  }

  /** What a reader sees. @throws AwsError when it sees no such secret. */
  view(secretId: string): Secret {
    const secret = this.find(secretId);
    return this.#found(secret && this.#asSeen(secret));
  }

  /** What a reader of listings sees, in the order of creation. */
  viewAll(): readonly Secret[] {
    return [...this.#secrets.keys()].flatMap((name) => {
      const secret = this.find(name);
      return (secret && this.#asSeen(secret)) ?? [];
    });
  }

  find(secretId: string): Secret | undefined {
    const secret = this.#secrets.get(this.#nameOf(secretId));
    if (!secret || (secretId.startsWith('arn:') && !this.#answersTo(secret, secretId))) return undefined;
    if (secret.deleted && secret.deleted.purgeAt <= this.clock.now()) {
      this.remove(secret.name);
      return undefined;
    }
    return this.#collected(secret);
  }

  all(): readonly Secret[] {
    return [...this.#secrets.keys()].flatMap((name) => this.find(name) ?? []);
  }

  write(secret: Secret): Secret {
    const { lag } = this.settings;
    if (lag && !this.#stale.has(secret.name)) {
      const until = this.clock.now().getTime() + (lag.milliseconds ?? Number.POSITIVE_INFINITY);
      this.#stale.set(secret.name, { secret: this.#secrets.get(secret.name), until, readsLeft: lag.reads });
    }
    this.#secrets.set(secret.name, secret);
    return secret;
  }

  remove(name: string): void {
    this.#secrets.delete(name);
    this.#stale.delete(name);
  }

  /** A full ARN for a new secret: its six random-looking characters depend only on name and order of creation. */
  newArn(name: string): string {
    const digest = createHash('sha256')
      .update(`${name}#${++this.#made}`)
      .digest();
    const suffix = [...digest.subarray(0, 6)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
    return `${this.arnPrefix}${name}-${suffix}`;
  }

  snapshot(): () => void {
    const then = new Map(this.#secrets);
    return () => {
      this.#secrets = new Map(then);
      this.#stale.clear();
    };
  }

  #asSeen(secret: Secret): Secret | undefined {
    const stale = this.#stale.get(secret.name);
    if (!stale) return secret;
    if (stale.readsLeft > 0 && this.clock.now().getTime() < stale.until) {
      stale.readsLeft -= 1;
      return stale.secret;
    }
    this.#stale.delete(secret.name);
    return secret;
  }

  /** Drops versions that lost their labels long enough ago; none is dropped in its first 24 hours. */
  #collected(secret: Secret): Secret {
    const now = this.clock.now().getTime();
    const versions = secret.versions.filter(
      (version) =>
        version.deprecatedAt === undefined ||
        now - version.createdAt.getTime() < DAY ||
        now - version.deprecatedAt.getTime() < this.settings.keepsDeprecatedFor,
    );
    if (versions.length === secret.versions.length) return secret;
    const kept = { ...secret, versions };
    this.#secrets.set(secret.name, kept);
    return kept;
  }

  #nameOf(secretId: string): string {
    if (!secretId.startsWith('arn:')) return secretId;
    const name = secretId.startsWith(this.arnPrefix) ? secretId.slice(this.arnPrefix.length) : '';
    return this.#secrets.has(name) ? name : name.replace(/-[A-Za-z0-9]{6}$/, '');
  }

  /** By full ARN, or by partial ARN: the full one without its random suffix. */
  #answersTo(secret: Secret, arn: string): boolean {
    return arn === secret.arn || arn === `${this.arnPrefix}${secret.name}`;
  }

  #found(secret: Secret | undefined): Secret {
    if (secret) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
}
