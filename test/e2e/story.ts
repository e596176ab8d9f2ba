import type { LocalWorld } from '../../local/deploy/local-world';
import type { Step } from './step';
import { bootstrap, deploy, destroy, noDifference, placeholders, redeploy } from './steps/deployment';
import { graceOver, provenDead } from './steps/retirement';
import { firstKeys, secondKeys, wayBack, wrongKey } from './steps/rotation';
import { firstTick, quietTick } from './steps/schedules';
import { noKeyAnywhere } from './steps/secrecy';
import { confirmations, nobodyListens } from './steps/subscriptions';

/** A fleet whose keys are in: what somebody needs who wants to look around. */
export const SETTLING_IN: readonly Step<LocalWorld>[] = [
  bootstrap,
  deploy,
  placeholders,
  nobodyListens,
  confirmations,
  firstTick,
  ...firstKeys,
];

/** A fleet from its first deployment to its removal, as a team lives through it. Each step builds on those before. */
export const STORY: readonly Step<LocalWorld>[] = [
  ...SETTLING_IN,
  quietTick,
  noDifference,
  redeploy,
  ...secondKeys,
  wayBack,
  wrongKey,
  graceOver,
  provenDead,
  noKeyAnywhere,
  destroy,
];
