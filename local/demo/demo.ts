import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deployment, readDeployments } from './deployment';
import { header } from './header';
import type { Entry } from './journal';
import { DEMO_FLEET, type DemoOptions } from './options';
import { writePage } from './page';
import { type Played, play } from './play';
import { jsonLine, mailFile, mailFileName, showEntry } from './show';
import { summary } from './summary';
import { synthesise } from './synthesise';

/** Plays a fleet and tells it, line by line. @throws FleetRefused where the fleet file is wrong */
export async function demo(options: DemoOptions, print: (text: string) => void): Promise<void> {
  const deployments = readDeployments(await synthesise(options.keys));
  const own = options.keys === DEMO_FLEET;
  const played = await tell(deployments, { ...options, own }, print);
  try {
    const page = await writePage(played);
    if (options.output !== 'json') print(`\n${summary(played)}\n\nThe same as a page for auditors: ${page}`);
  } finally {
    await played.close();
  }
}

async function tell(
  deployments: readonly Deployment[],
  options: DemoOptions & { own: boolean },
  print: (text: string) => void,
): Promise<Played> {
  const { output, mails, days, own, keys } = options;
  if (output !== 'json') print(header(deployments, { days, own, file: keys }));
  if (mails) mkdirSync(mails, { recursive: true });
  const listener = (entry: Entry) => {
    if (entry.type === 'mail' && mails) writeFileSync(join(mails, mailFileName(entry)), mailFile(entry));
    if (output !== 'json') print(showEntry(entry, output === 'quiet'));
    else if (entry.type === 'mail') print(jsonLine(entry));
  };
  return play(deployments, { days, own, listener });
}
