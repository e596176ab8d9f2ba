import type { BlockedReason, UnknownReason } from './outcomes';

/** `messages` proves that a key can work, `count-tokens` only that it authenticates. */
export type ProbeKind = 'messages' | 'count-tokens';

/** What a probe saw. Safe to print: it holds no key and no text from the server. */
export interface Evidence {
  readonly at: Date;
  readonly probe: ProbeKind;
  readonly model?: string;
  readonly status?: number;
  readonly errorType?: string;
  readonly errorCode?: string;
  readonly requestId?: string;
  readonly organizationId?: string;
  readonly workspaceId?: string;
  /** The header of a refusal that speaks against a dead key. */
  readonly veto?: string;
}

/**
 * What a probe says of a key; `advice` says in one sentence what to do. From the probe, DEAD is one vote. Behind `judgeKeys` it is proven: two
 * votes at least 60 s apart, each beside another key that was ALIVE (docs/adr/0013).
 */
export type Verdict = { readonly evidence: Evidence; readonly advice: string } & (
  | { readonly kind: 'ALIVE' }
  | { readonly kind: 'BLOCKED'; readonly reason: BlockedReason }
  | { readonly kind: 'DEAD' }
  | { readonly kind: 'UNKNOWN'; readonly reason: UnknownReason }
);

/** A verdict as answers and logs name it, with the id by which Anthropic finds the call. */
export interface VerdictInShort extends Pick<Evidence, 'status' | 'requestId'> {
  readonly kind: VerdictKind;
  readonly reason?: BlockedReason | UnknownReason;
  readonly advice: string;
}

export const inShort = (verdict: Verdict): VerdictInShort => ({
  kind: verdict.kind,
  reason: 'reason' in verdict ? verdict.reason : undefined,
  status: verdict.evidence.status,
  requestId: verdict.evidence.requestId,
  advice: verdict.advice,
});

export type VerdictKind = Verdict['kind'];

/** An Anthropic organization and workspace: where a key must live, or where one was seen. */
export interface Home {
  /** Id of the organization. @default any */
  readonly organizationId?: string;
  /** Id of the workspace, such as `wrkspc_…`. @default any, or that of the first key */
  readonly workspaceId?: string;
}

/** Where an answering key lives, compared with its environment's home: `unknown` where the answer does not say enough. */
export type Whereabouts = 'home' | 'elsewhere' | 'unknown';

/** Compares where a key was seen with where it must be. Any place is home where none is named; a difference in either id is `elsewhere`. */
export function whereabouts(expected: Home, seen: Home): Whereabouts {
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [expected.organizationId, seen.organizationId],
    [expected.workspaceId, seen.workspaceId],
  ];
  const known = pairs.filter(([want, got]) => want !== undefined && got !== undefined);
  if (known.some(([want, got]) => want !== got)) return 'elsewhere';
  const asked = pairs.filter(([want]) => want !== undefined);
  return known.length === asked.length ? 'home' : 'unknown';
}
