import { awaitingFirstKey } from '../../../lib/domain/findings/kinds/awaiting-first-key';
import { dead } from '../../../lib/domain/findings/kinds/dead';
import { due } from '../../../lib/domain/findings/kinds/due';
import { expiresSoon } from '../../../lib/domain/findings/kinds/expires-soon';
import { leaked } from '../../../lib/domain/findings/kinds/leaked';
import { usageSpike } from '../../../lib/domain/findings/kinds/usage-spike';
import { HOUR, plus } from '../../../lib/domain/time';
import { containsTheLeak, leaksInPublic, submitsANewKey, submitsTheFirstKey } from '../acts';
import { hintOf } from '../hands';
import { afterMail, onDay, type Script } from '../script';

/** Everything on time. Admin access does the rest: idle, deactivated, proven dead. */
export const prompt: Script = {
  story: 'prompt: rotates within hours of the first reminder; one bad console edit',
  beats: [
    afterMail(awaitingFirstKey, 2, submitsTheFirstKey()),
    afterMail(due, 3, submitsANewKey()),
    onDay(70, 10, async (hands) => {
      const retired = hands.makeKey({ name: 'an-old-one' });
      hands.switchOff(retired);
      await hands.edit(retired);
      return `edits the secret in the AWS console and pastes a key that was switched off: ${hintOf(retired)}`;
    }),
  ],
};

/** Rotates on time, but one worker goes on with the old key for two and a half days. */
export const clinging: Script = {
  story: 'rotates on time, but a worker goes on using the old key for days',
  beats: [
    afterMail(awaitingFirstKey, 4, submitsTheFirstKey()),
    afterMail(due, 5, (hands) => {
      hands.clingsFor = 60;
      return submitsANewKey()(hands);
    }),
  ],
};

/** Loses a key twice: once a scanner is quicker, once the usage report gives it away. */
export const leaky: Script = {
  story: 'leaks: once a scanner is quicker, once a usage spike gives it away',
  beats: [
    afterMail(awaitingFirstKey, 3, submitsTheFirstKey()),
    onDay(20, 21, leaksInPublic),
    afterMail(dead, 1, submitsANewKey()),
    onDay(62, 20, (hands) => {
      const at = plus(hands.clock.now(), -HOUR);
      hands.site.anthropic.recordUsage(hands.live, { at, requests: 4_200 });
      return `(nobody knows yet: a stranger uses ${hintOf(hands.live)})`;
    }),
    afterMail(usageSpike, 2, containsTheLeak('Requests from an address that is not ours')),
    afterMail(leaked, 1, submitsANewKey()),
  ],
};

const ROBIN = 'user_01Robin';

/** A personal key with an expiry, replaced in time by one of a service account; and two keys that are in no secret. */
export const expiring: Script = {
  story: 'put in a personal key that expires after 40 days; replaces it in time; two more keys lie around',
  beats: [
    afterMail(awaitingFirstKey, 5, submitsTheFirstKey({ personal: true, expiresInDays: 40 })),
    afterMail(expiresSoon, 4, submitsANewKey(), 2),
    onDay(25, 9, (hands) => {
      hands.makeKey({ name: 'workshop' });
      return 'makes a key for a workshop in the Claude Console, and forgets it';
    }),
    onDay(26, 9, (hands) => {
      const { anthropic } = hands.site;
      anthropic.addMember({ id: ROBIN, name: 'Robin', email: 'robin@example.com' });
      const key = hands.makeKey({ name: 'robins-import', createdBy: ROBIN });
      anthropic.recordUsage(key, { at: hands.clock.now(), requests: 40 });
      return 'a colleague, Robin, makes a key for an import that runs once';
    }),
    onDay(45, 9, (hands) => {
      hands.site.anthropic.removeMember(ROBIN);
      return 'Robin leaves the company';
    }),
  ],
};
