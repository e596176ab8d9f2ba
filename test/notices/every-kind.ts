import type { Actor } from '../../lib/domain/console/activity';
import type { WhoSwitched } from '../../lib/domain/console/who';
import type { Finding } from '../../lib/domain/findings/catalogue';
import type { StaleConsumer } from '../../lib/domain/freshness';
import type { BlockedReason } from '../../lib/domain/probe/outcomes';
import { aFinding, aKeyRef, blocked, daysAgo, daysAhead, FINDING_KINDS, HOME } from '../builders';

const REASONS: readonly BlockedReason[] = [
  'organization',
  'owner',
  'workspace-config',
  'billing',
  'spend-limit',
  'permission',
  'ip-allowlist',
  'model',
  'rate-limit',
];

/** One finding per block, by its reason. */
export const BLOCKS: readonly (readonly [BlockedReason, Finding])[] = REASONS.map((reason) => [
  reason,
  aFinding('blocked', { reason, evidence: blocked(reason).evidence }),
]);

const retired = aKeyRef('old');

/** Consumers that may still hold an old key. */
export const STALE_CONSUMERS: readonly StaleConsumer[] = [
  { name: 'prod/gateway', state: 'stale', tasks: 3, oldest: daysAgo(9) },
  {
    name: 'batch worker',
    state: 'unknown',
    why: 'lambda:InvokeFunction: AccessDeniedException: not authorized to perform this action on anthropic-keys-prod-restart-5e0cbe3d_0123abc.',
  },
];

const disabledBy = (actor: Actor): WhoSwitched => ({
  kind: 'known',
  activity: 'activity_01Example',
  change: 'disabled',
  at: daysAgo(1),
  actor,
});

const byAnthropic = disabledBy({ kind: 'anthropic' });
const byKim = disabledBy({ kind: 'person', email: 'kim@example.com', ip: '192.0.2.34' });

/** Every kind in all its forms. */
export const EVERY_FINDING: readonly (readonly [name: string, finding: Finding])[] = [
  ...FINDING_KINDS.map((kind) => [kind, aFinding(kind)] as const),
  ...BLOCKS.map(([reason, finding]) => [`blocked: ${reason}`, finding] as const),
  ['dead without a fallback', aFinding('dead', { fallback: undefined })],
  ['dead: disabled by Anthropic', aFinding('dead', { who: byAnthropic })],
  ['dead: disabled by Anthropic, and reported', aFinding('dead', { who: byAnthropic, onPurpose: true })],
  ['dead: disabled by a person', aFinding('dead', { who: byKim })],
  ['dead: expired', aFinding('dead', { who: { kind: 'expired', at: daysAgo(1) } })],
  ['dead: feed without an entry', aFinding('dead', { who: { kind: 'not-recorded', since: daysAgo(30) } })],
  ['dead: feed denied', aFinding('dead', { who: { kind: 'unread', why: 'not-permitted' } })],
  ['refused: disabled by Anthropic', aFinding('refused', { who: byAnthropic })],
  ['refused: disabled by a person', aFinding('refused', { who: byKim })],
  ['rotation complete: disabled by Anthropic', aFinding('rotation-complete', { who: byAnthropic })],
  ['rotation complete: disabled by a person', aFinding('rotation-complete', { who: byKim })],
  ['overdue since today', aFinding('overdue', { daysOver: 0, dueAt: daysAgo(0) })],
  ['rotated: first key', aFinding('rotated', { how: 'first-key', retiring: [], learnedHome: HOME })],
  ['rotated: direct edit', aFinding('rotated', { how: 'direct-edit' })],
  ['rotated: nothing to retire', aFinding('rotated', { retiring: [] })],
  [
    'rotated: two keys in grace',
    aFinding('rotated', {
      retiring: [
        { key: aKeyRef('older'), until: daysAhead(1), leaked: false },
        { key: retired, until: daysAhead(2), leaked: false },
      ],
    }),
  ],
  ['rolled back by hand', aFinding('rolled-back', { cause: 'by-hand' })],
  [
    'rolled back: malformed',
    aFinding('rolled-back', { cause: 'malformed', removed: { kind: 'malformed', reason: 'truncated' } }),
  ],
  ['bad edit without a way back', aFinding('direct-edit-refused', { accepted: undefined })],
  ['empty again', aFinding('not-a-key', { content: { kind: 'placeholder' } })],
  [
    'malformed',
    aFinding('not-a-key', { content: { kind: 'malformed', reason: 'quoted' }, accepted: undefined }),
  ],
  ...(
    [
      'dead',
      'duplicate-of-current',
      'duplicate-of-another-secret',
      'permission',
      'admin-key',
      'empty',
    ] as const
  ).map((reason) => [`rejected: ${reason}`, aFinding('rejected', { reason })] as const),
  [
    'complete by record',
    aFinding('rotation-complete', {
      proof: { by: 'record', recordId: 'apikey_01Example', recordStatus: 'inactive' },
    }),
  ],
  [
    'complete by attestation',
    aFinding('rotation-complete', { proof: { by: 'attestation', statement: 'Kim saw it disabled' } }),
  ],
  [
    'rotated: a leaked key',
    aFinding('rotated', { retiring: [{ key: retired, until: daysAgo(0), leaked: true }] }),
  ],
  ['complete: a leaked key', aFinding('rotation-complete', { leaked: true })],
  ['dead on purpose', aFinding('dead', { onPurpose: true, fallback: undefined })],
  [
    'contained by deactivation',
    aFinding('contained', {
      state: 'switching-off',
      reason: 'seen in a public repository',
      ordered: { by: 'kim@example.com', requestId: '8f2c1d7e-0000-4000-8000-000000000001' },
    }),
  ],
  ['contained: an old key', aFinding('contained', { leaked: retired, live: false })],
  ['misplaced: blanks', aFinding('misplaced', { stands: { at: 'blanks' } })],
  [
    'misplaced: a line',
    aFinding('misplaced', { stands: { at: 'line', line: 12, name: 'ANTHROPIC_API_KEY' } }),
  ],
  ['misplaced: in no named field', aFinding('misplaced', { stands: { at: 'field' }, works: false })],
  ['misplaced: spoiled', aFinding('misplaced', { stands: { at: 'field', name: 'ANTHROPIC_API_KEY' } })],
  ['misplaced: binary', aFinding('misplaced', { stands: { at: 'binary' } })],
  ['rejected: repeated-field', aFinding('rejected', { reason: 'repeated-field' })],
  ['grace over, live elsewhere', aFinding('grace-over', { liveIn: 'anthropic/prod/other' })],
  ['zombie, live elsewhere', aFinding('zombie', { liveIn: 'anthropic/prod/other' })],
  ['last extension', aFinding('extended', { extension: 7 })],
  ['extended: consumers', aFinding('extended', { cause: 'consumers', consumers: STALE_CONSUMERS })],
  ['extended: in use, and consumers', aFinding('extended', { consumers: STALE_CONSUMERS })],
  ['grace over, consumers', aFinding('grace-over', { consumers: STALE_CONSUMERS })],
  ['zombie, consumers', aFinding('zombie', { consumers: STALE_CONSUMERS })],
  ['never checked', aFinding('unwatched', { lastChecked: undefined })],
];
