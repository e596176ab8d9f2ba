import type { Write } from '../wording/sheet';
import type { FindingKind } from './finding';
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
import { contained } from './kinds/leaked';
import { notAKey } from './kinds/not-a-key';
import { overdue } from './kinds/overdue';
import { rejected } from './kinds/rejected';
import { resolved } from './kinds/resolved';
import { rolledBack } from './kinds/rolled-back';
import { rotated } from './kinds/rotated';
import { rotationComplete } from './kinds/rotation-complete';
import { sameKeyAgain } from './kinds/same-key-again';
import { submissionStuck } from './kinds/submission-stuck';
import { unproven } from './kinds/unproven';
import { unwatched } from './kinds/unwatched';
import { usageSpike } from './kinds/usage-spike';
import { zombie } from './kinds/zombie';

/** Who writes which kind: a kind without a writer does not compile. */
export const WRITE: { readonly [K in FindingKind]: Write<K> } = {
  'awaiting-first-key': awaitingFirstKey,
  due,
  overdue,
  dead,
  blocked,
  inconclusive,
  'expires-soon': expiresSoon,
  'dies-with-its-owner': diesWithItsOwner,
  'usage-spike': usageSpike,
  foreign,
  'not-a-key': notAKey,
  'same-key-again': sameKeyAgain,
  rejected,
  'submission-stuck': submissionStuck,
  'rolled-back': rolledBack,
  'direct-edit-refused': directEditRefused,
  rotated,
  'grace-over': graceOver,
  extended,
  deactivating,
  zombie,
  unproven,
  'rotation-complete': rotationComplete,
  contained,
  unwatched,
  resolved,
};
