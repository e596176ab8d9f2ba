import type { Verb } from '../verb';
import { adopt } from './adopt';
import { check } from './check';
import { completion } from './completion';
import { doctor } from './doctor';
import { extend } from './extend';
import { init } from './init';
import { inventory } from './inventory';
import { keyless } from './keyless';
import { leak } from './leak';
import { reactivate } from './reactivate';
import { report } from './report';
import { retire } from './retire';
import { rollback } from './rollback';
import { show } from './show';
import { snooze } from './snooze';
import { status } from './status';
import { submit } from './submit';
import { tickets } from './tickets';
import { version } from './version';

/** All commands, in the order in which help lists them: looking, rotating, undoing, emergencies, upkeep. */
export const VERBS: readonly Verb[] = [
  status,
  show,
  submit,
  rollback,
  extend,
  retire,
  reactivate,
  snooze,
  leak,
  check,
  adopt,
  doctor,
  report,
  tickets,
  keyless,
  inventory,
  init,
  completion,
  version,
];
