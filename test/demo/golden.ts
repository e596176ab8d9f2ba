import { join } from 'node:path';
import type { Mail } from '../../local/demo/journal';
import { mailFile } from '../../local/demo/show';

/** One mail of each kind, for people to read: as the demo's flows wrote it, never made by hand. */
export const GOLDEN = join(__dirname, '../notices/golden');

/** The first mail of every kind of notice, and the first report, by file name. */
export function goldenMails(mails: readonly Mail[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const mail of mails) {
    const name = `${mail.kind}.txt`;
    if (mail.kind !== 'alarm' && !found.has(name)) found.set(name, mailFile(mail));
  }
  return found;
}
