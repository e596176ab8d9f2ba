import { CONSOLE } from './links';
import type { Step } from './sheet';

/** Where a wrong paste remains, whoever put it in. */
export const READABLE =
  'stays readable in the version history of the secret, to everybody who may read the secret';

/** A key that lives elsewhere may be the live key of another team: nobody here may end it. Source: docs/adr/0009. */
export const keyFromElsewhere: Step = [
  `Find out whose key it is: it ${READABLE}. If a service uses it, its team replaces it first; then disable it:`,
  { link: CONSOLE.keys },
];
