import { playGrace } from './play-grace';

// The longest that needs no reason.
playGrace(14 * 24);
