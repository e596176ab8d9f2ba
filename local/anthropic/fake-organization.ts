import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../lib/workflows/ports';
import type { ActivityLog } from './activity';
import type { ErrorAnswer, ScriptedAnswer } from './answers';
import type { Directory } from './directory';
import type { TokenExchange } from './federation';
import type { Identities } from './identities';
import type { FakeKey, KeyRing } from './keys';
import type { UsageLedger } from './usage';

/** One request, read whole. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** The bearer token or `x-api-key`, whichever was sent. */
  readonly credential: string;
}

/** Who was let in to inference. */
export interface Caller {
  readonly key: FakeKey;
}

/** Who was let in to administration: by an Admin key, or as a service account. */
export type Administrator =
  | { readonly kind: 'admin-key'; readonly id: string; readonly createdAt: Date }
  | { readonly kind: 'service-account'; readonly id: string };

export interface FakeModel {
  readonly id: string;
  readonly lifecycle: 'active' | 'deprecated' | 'retired';
}

/** An answer that waits for its request. */
export interface Script {
  readonly answer: ScriptedAnswer;
  readonly path?: string;
  /** Id of the key whose requests get it. */
  readonly keyId?: string;
  left: number;
}

/** A trouble that lasts until it is solved, for all or for one workspace or key. Only a caller with a good key meets it. */
export interface Trouble {
  readonly answer: ErrorAnswer;
  readonly keyId?: string;
  readonly workspace?: string;
}

/** What nobody has established of the answer to a dead key, and what a proxy or the way does to every answer. */
export interface Manner {
  /** A dead key's answer names its organization. @default false */
  readonly namesOrganization?: boolean;
  /** A dead key's answer has this code. @default none */
  readonly errorCode?: string;
  /** Further headers of a dead key's answer. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** A proxy on the way strips every header that Anthropic adds. @default false */
  readonly stripsHeaders?: boolean;
  /** Milliseconds that each answer takes. @default 0 */
  readonly delay?: number;
}

/** What was asked, without any credential. */
export interface LoggedRequest {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly keyId?: string;
  readonly credential: 'bearer' | 'x-api-key' | 'none';
  readonly apiVersion?: string;
  readonly beta?: string;
  status?: number;
}

/** Everything the fake knows. */
export interface FakeOrganization {
  readonly clock: Clock;
  readonly organization: { readonly id: string; readonly name: string };
  readonly keys: KeyRing;
  readonly usage: UsageLedger;
  readonly tokens: TokenExchange;
  readonly activity: ActivityLog;
  readonly directory: Directory;
  readonly identities: Identities;
  /** By value. */
  readonly adminKeys: Map<string, Administrator>;
  readonly scripts: Set<Script>;
  readonly troubles: Set<Trouble>;
  readonly log: LoggedRequest[];
  models: FakeModel[];
  manner: Manner;
  /** Set where no further key may be active. */
  keyLimit?: 'org_api_key_limit_exceeded' | 'workspace_api_key_limit_exceeded';
  /** Counts per key or path: requests that run side by side get the same ids whichever comes first. */
  nextId(of: string): string;
}
