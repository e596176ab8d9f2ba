import type { Write } from '../wording/sheet';
import type { FindingKind } from './finding';
import { diesWithItsOwner, usageSpike } from './kinds/admin-findings';
import { due, expiresSoon, overdue } from './kinds/ageing';
import { awaitingFirstKey } from './kinds/awaiting-first-key';
import { blocked } from './kinds/blocked';
import { contained } from './kinds/contained';
import { dead } from './kinds/dead';
import { directEditRefused, rolledBack, sameKeyAgain } from './kinds/direct-edit';
import { deactivating, extended, graceOver } from './kinds/grace';
import { inconclusive } from './kinds/inconclusive';
import { foreign, notAKey } from './kinds/misplaced';
import { rotated } from './kinds/rotated';
import { rotationComplete } from './kinds/rotation-complete';
import { rejected, submissionStuck } from './kinds/submission';
import { unproven, zombie } from './kinds/undead';
import { resolved, unwatched } from './kinds/watch';

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
