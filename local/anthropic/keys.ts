import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/workflows/ports';
import { lengthOf } from '../snapshot';
import { CONSOLE_USER, OWNER } from './directory';

export type KeyStatus = 'active' | 'inactive' | 'archived' | 'expired';

/** A key as the fake Console keeps it. */
export interface FakeKey {
  readonly id: string;
  readonly value: string;
  readonly name: string;
  readonly workspace: string;
  /** A key that is not bound to one workspace must say which it wants. */
  readonly scope: 'workspace' | 'organization';
  /** Whom it acts as: a person, a service account, or nobody. */
  readonly principal: string | null;
  /** Id of the person or service account; null if that was not recorded. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly hint: string | null;
  /** Oldest first; what inference believes trails behind. */
  readonly history: { readonly at: Date; readonly status: Exclude<KeyStatus, 'expired'> }[];
}

export interface NewKey {
  readonly name?: string;
  readonly workspace?: string;
  readonly scope?: 'workspace' | 'organization';
  readonly expiresAt?: Date;
  /** It acts as a person. @default false */
  readonly personal?: boolean;
  /** Whom it acts as: `user_…` or `svac_…`. @default a person if it is personal, else nobody */
  readonly principal?: string;
  /** `user_…`, `svac_…`, or null if Anthropic has not recorded it. @default somebody in the Console */
  readonly createdBy?: string | null;
  /** Anthropic may leave the hint of a key out. */
  readonly withoutHint?: boolean;
}

/** The keys of one organization, made from a counter so that every run makes the same ones. */
export class KeyRing {
  readonly #keys: FakeKey[] = [];
  /** By value and by id. */
  readonly #found = new Map<string, FakeKey>();
  /** Milliseconds until inference notices a change of status. */
  propagationDelay = 0;
  /** Milliseconds for which a new key is not yet known everywhere. */
  arrivalDelay = 0;

  constructor(
    private readonly clock: Clock,
    private readonly seed: string,
  ) {}

  create(wanted: NewKey, workspace: string): FakeKey {
    const number = this.#keys.length + 1;
    const principal = wanted.principal ?? (wanted.personal ? OWNER : null);
    const kind = principal?.startsWith('user_') ? 'usr' : 'api03';
    const value = `sk-ant-${kind}-${letters(`${this.seed}/key/${number}`, 93)}AA`;
    const key: FakeKey = {
      id: `apikey_${letters(`${this.seed}/id/${number}`, 24).replace(/[-_]/g, '0')}`,
      value,
      name: wanted.name ?? `key-${number}`,
      workspace,
      scope: wanted.scope ?? 'workspace',
      principal,
      createdBy: wanted.createdBy === undefined ? CONSOLE_USER : wanted.createdBy,
      createdAt: this.clock.now(),
      expiresAt: wanted.expiresAt,
      hint: wanted.withoutHint
        ? null
        : `${value.slice(0, `sk-ant-${kind}-`.length + 3)}...${value.slice(-4)}`,
      history: [{ at: this.clock.now(), status: 'active' }],
    };
    this.#keys.push(key);
    for (const name of [key.value, key.id]) this.#found.set(name, key);
    return key;
  }

  all(): readonly FakeKey[] {
    return this.#keys;
  }

  /** Remembers the keys there are, and their status. Returns what puts them back. */
  snapshot(): () => void {
    const made = this.#keys.length;
    const histories = this.#keys.map(({ history }) => lengthOf(history));
    return () => {
      for (const { value, id } of this.#keys.splice(made))
        for (const name of [value, id]) this.#found.delete(name);
      for (const restore of histories) restore();
    };
  }

  /** By value or id. */
  find(valueOrId: string): FakeKey | undefined {
    return this.#found.get(valueOrId);
  }

  get(valueOrId: string): FakeKey {
    const key = this.find(valueOrId);
    if (!key) throw new Error('The fake Anthropic has no such key.');
    return key;
  }

  setStatus(key: FakeKey, status: Exclude<KeyStatus, 'expired'>): void {
    key.history.push({ at: this.clock.now(), status });
  }

  /** What the Admin API says: at once. */
  status(key: FakeKey): KeyStatus {
    const last = key.history.at(-1)!.status;
    const over = key.expiresAt !== undefined && key.expiresAt <= this.clock.now();
    return over && last !== 'archived' ? 'expired' : last;
  }

  /** Whether inference takes the key now: it learns of changes late. */
  isAccepted(key: FakeKey): boolean {
    const now = this.clock.now().getTime();
    if (now < key.createdAt.getTime() + this.arrivalDelay) return false;
    if (key.expiresAt && key.expiresAt.getTime() <= now) return false;
    const known = key.history.filter(
      ({ at }, index) => index === 0 || at.getTime() + this.propagationDelay <= now,
    );
    return known.at(-1)!.status === 'active';
  }
}

/** `length` characters of a key's alphabet, the same for the same seed. */
export function letters(seed: string, length: number): string {
  let made = '';
  for (let block = 0; made.length < length; block += 1) {
    made += createHash('sha256').update(`${seed}/${block}`).digest('base64url');
  }
  return made.slice(0, length);
}
