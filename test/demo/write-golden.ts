import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenEventOf, goldenEvents, NOT_IN_DEMO, storeEvents } from '../schema/golden-events';
import { GOLDEN, goldenMails } from './golden';
import { deployed, Timeline } from './hundred-days';

/** `npm run golden`: writes the golden mails and events anew. What changed in them is for people to read before it is committed. */
async function main(): Promise<void> {
  const demo = await Timeline.of(await deployed(), 100);
  const events = new Map(goldenEvents(demo.played.sandbox.clouds));
  await demo.played.close();
  for (const kind of NOT_IN_DEMO) events.set(...(await goldenEventOf(kind)));
  storeEvents(events);
  rmSync(GOLDEN, { recursive: true, force: true });
  mkdirSync(GOLDEN, { recursive: true });
  const mails = goldenMails(demo.mails);
  for (const [name, text] of mails) writeFileSync(join(GOLDEN, name), text);
  console.log(
    `${mails.size} mails written to test/notices/golden, ${events.size} events to test/schema/golden: read what changed with git diff, and then run npm run schema.`,
  );
}

void main();
