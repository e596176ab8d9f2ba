import type { LocalWorld } from './local-world';
import type { Step } from './step';
import { bootstrap, deploy, destroy, noDifference, placeholders, redeploy } from './steps/deployment';
import { graceOver, provenDead } from './steps/retirement';
import { firstKeys, secondKeys, wrongKey } from './steps/rotation';
import { firstTick, quietTick } from './steps/schedules';
import { noKeyAnywhere } from './steps/secrecy';

/** A fleet from its first deployment to its removal, as a team lives through it. Each step builds on those before. */
export const STORY: readonly Step<LocalWorld>[] = [
  bootstrap,
  deploy,
  placeholders,
  firstTick,
  ...firstKeys,
  quietTick,
  noDifference,
  redeploy,
  ...secondKeys,
  wrongKey,
  graceOver,
  provenDead,
  noKeyAnywhere,
  destroy,
];
