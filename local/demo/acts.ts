import type { TroubleName } from '../anthropic/answers';
import type { NewKey } from '../anthropic/keys';
import { fingerprintOf, type Hands, hintOf } from './hands';
import type { Act } from './script';

// What more than one script does. Each says what happened in one sentence, and never a key.

/** The whole rotation as the mails ask for it: a new key in the Console, then the two commands. */
export const submitsANewKey =
  (wanted: NewKey & { expiresInDays?: number } = {}): Act =>
  async (hands) =>
    `makes a key in the Claude Console and submits it: ${await hands.submit(hands.makeKey(wanted))}`;

/** Only while no key was put in yet, so that the next reminder does not start it twice. */
export const submitsTheFirstKey =
  (wanted: NewKey & { expiresInDays?: number } = {}): Act =>
  (hands) =>
    hands.live === '' ? submitsANewKey(wanted)(hands) : undefined;

/** Follows the mail that asks to switch a superseded key off. */
export const switchesOldKeysOff: Act = (hands) => {
  const waiting = [...new Set(hands.retiring)].filter(
    (key) => hands.site.anthropic.statusOf(key) === 'active',
  );
  if (waiting.length === 0) return undefined;
  return `switches off ${waiting.map((key) => hands.switchOff(key)).join(' and ')} in the Claude Console`;
};

/** Trouble at Anthropic for the requests of the live key, until it is over. */
export const meetsTrouble =
  (name: TroubleName, hours: number, says: string): Act =>
  (hands) => {
    const solve = hands.site.anthropic.trouble(name, { key: hands.live });
    hands.later(hours, solve);
    return says;
  };

/** A firewall answers in Anthropic's place for one key, until it is over. */
export const isCutOff =
  (key: (hands: Hands) => string, hours: number, says: string): Act =>
  (hands) => {
    const value = key(hands);
    if (value === '') return undefined;
    hands.later(hours, hands.site.anthropic.script('firewall 403', { key: value }));
    return says;
  };

/** Somebody else than us finds the live key in public, and Anthropic disables it. */
export const leaksInPublic: Act = (hands) => {
  hands.site.anthropic.disabledByAnthropic(hands.live);
  return `pushes ${hintOf(hands.live)} to a public repository; a scanner reports it and Anthropic disables it`;
};

/** Contains a leak at once, before there is a new key: the service stops. */
export const containsTheLeak =
  (reason: string): Act =>
  async (hands) => {
    const { live } = hands;
    await hands.contain(fingerprintOf(live), reason);
    return `contains the leak: has ${hintOf(live)} deactivated at once`;
  };
