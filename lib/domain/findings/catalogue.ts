import type { FindingAlarm, Kind } from './finding';
import { awaitingFirstKey } from './kinds/awaiting-first-key';
import { blocked } from './kinds/blocked';
import { deactivating } from './kinds/deactivating';
import { dead } from './kinds/dead';
import { diesWithItsOwner } from './kinds/dies-with-its-owner';
import { directEditRefused } from './kinds/direct-edit-refused';
import { due } from './kinds/due';
import { expiresSoon } from './kinds/expires-soon';
import { extended } from './kinds/extended';
import { foreign } from './kinds/foreign';
import { graceOver } from './kinds/grace-over';
import { inconclusive } from './kinds/inconclusive';
import { keyless } from './kinds/keyless';
import { leaked } from './kinds/leaked';
import { lostTrack } from './kinds/lost-track';
import { misplaced } from './kinds/misplaced';
import { notAKey } from './kinds/not-a-key';
import { overdue } from './kinds/overdue';
import { refused } from './kinds/refused';
import { refusedKeyWorks } from './kinds/refused-key-works';
import { rejected } from './kinds/rejected';
import { resolved } from './kinds/resolved';
import { rolledBack } from './kinds/rolled-back';
import { rotated } from './kinds/rotated';
import { rotationComplete } from './kinds/rotation-complete';
import { sameKeyAgain } from './kinds/same-key-again';
import { submissionStuck } from './kinds/submission-stuck';
import { unaccepted } from './kinds/unaccepted';
import { unproven } from './kinds/unproven';
import { unwatched } from './kinds/unwatched';
import { usageSpike } from './kinds/usage-spike';
import { zombie } from './kinds/zombie';

/** Every kind of finding, the most pressing first: where several are true of a key, lists show the first. */
export const KINDS = [
  dead,
  leaked,
  refused,
  foreign,
  directEditRefused,
  notAKey,
  unaccepted,
  zombie,
  lostTrack,
  usageSpike,
  blocked,
  overdue,
  unwatched,
  inconclusive,
  unproven,
  submissionStuck,
  refusedKeyWorks,
  awaitingFirstKey,
  misplaced,
  graceOver,
  expiresSoon,
  due,
  diesWithItsOwner,
  rejected,
  rolledBack,
  sameKeyAgain,
  rotated,
  keyless,
  extended,
  deactivating,
  rotationComplete,
  resolved,
] as const;

export type FindingKind = (typeof KINDS)[number]['kind'];

export type Finding = ReturnType<(typeof KINDS)[number]['find']>;

export type DetailsOf<K extends FindingKind> = Extract<Finding, { kind: K }>['details'];

/** A row of whichever kind: what takes details takes those of its own kind. */
export type AnyKind = Kind<FindingKind, never>;

const BY_NAME: ReadonlyMap<string, AnyKind> = new Map(
  KINDS.map((kind) => [kind.kind, kind as unknown as AnyKind]),
);

export const rowOf = (kind: FindingKind): AnyKind => BY_NAME.get(kind)!;

/** The row of a remembered kind; undefined for one that this release does not know. */
export const rowNamed = (name: string): AnyKind | undefined => BY_NAME.get(name);

/** The alarms that count a finding. */
export const alarmsOf = ({ kind, details }: Finding): readonly FindingAlarm<never>[] =>
  (rowOf(kind).alarms ?? []).filter(({ counts }) => !counts || counts(details as never));

/** Those that fire again where it begins while another key is in the same state. */
export const beginningAlarmsOf = (finding: Finding) =>
  alarmsOf(finding).filter(({ oneForAll }) => !oneForAll);

/** Whether an exemption quiets a kind while it lasts. */
export const isQuieted = (kind: FindingKind, snoozed: boolean) => snoozed && rowOf(kind).snooze !== false;

/** What needs someone, the most pressing first. */
export const NEEDS = KINDS.flatMap(({ kind, need }) => (need ? [{ kind, ...need }] : []));
