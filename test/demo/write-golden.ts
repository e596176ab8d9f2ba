import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN, goldenMails } from './golden';
import { deployed, Timeline } from './hundred-days';

/** `npm run golden`: writes the golden mails anew. What changed in them is for people to read before it is committed. */
async function main(): Promise<void> {
  const demo = await Timeline.of(await deployed(), 100);
  await demo.played.close();
  rmSync(GOLDEN, { recursive: true, force: true });
  mkdirSync(GOLDEN, { recursive: true });
  const mails = goldenMails(demo.mails);
  for (const [name, text] of mails) writeFileSync(join(GOLDEN, name), text);
  console.log(`${mails.size} mails written to test/notices/golden: read what changed with git diff.`);
}

void main();
