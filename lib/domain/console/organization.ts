import type { Unread } from './activity';

/** A person who belongs to the organization. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** Its keys stopped working then. */
  readonly archivedAt?: Date;
}

/** An identity for workloads. */
export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
  /** Its role in the organization. */
  readonly role: 'admin' | 'developer';
  readonly archivedAt?: Date;
  /** Where it is a member, by default the default workspace. Absent if not asked for: no rule that is in force targets it. */
  readonly workspaceIds?: readonly string[];
}

/** Whose identity tokens the organization trusts. */
export interface FederationIssuer {
  readonly id: string;
  readonly name: string;
  /** The `iss` of its tokens. */
  readonly url: string;
  /** No rule of it is in force since then. */
  readonly archivedAt?: Date;
}

/** Which identity tokens are exchanged for access. All conditions that it names must hold. */
export interface FederationRule {
  readonly id: string;
  readonly name: string;
  readonly issuerId: string;
  /** Whom a token from it acts as. Absent for a kind of target that this release does not know. */
  readonly serviceAccountId?: string;
  /** Where it is enabled; every workspace, also future ones, for `all`. */
  readonly workspaces: readonly string[] | 'all';
  /** What its tokens may do: OAuth scopes, separated by spaces. */
  readonly scope: string;
  /** The `sub` that it takes; a `*` at the end stands for any rest. */
  readonly subject?: string;
  /** The `aud` that it takes instead of Anthropic's own. */
  readonly audience?: string;
  readonly claims: Readonly<Record<string, string>>;
  /** A CEL expression over the claims. */
  readonly condition?: string;
  readonly archivedAt?: Date;
}

export interface Federation {
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly issuers: readonly FederationIssuer[];
  readonly rules: readonly FederationRule[];
}

/** A listing, always whole, or why there is none. */
export type Listing<T> = { readonly kind: 'read'; readonly all: readonly T[] } | Unread;
