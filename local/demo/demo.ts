import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deployment, readDeployments } from './deployment';
import { header } from './header';
import type { Entry, Mail } from './journal';
import { DEMO_FLEET, type DemoOptions } from './options';
import { FOLDER, writePage } from './page';
import { type Played, play } from './play';
import { jsonLine, mailFile, mailFileName, showEntry } from './show';
import { summary } from './summary';
import { FleetRefused, synthesise } from './synthesise';

/** Where the mails are written unless `--mails` says otherwise. */
const MAILS = join(FOLDER, 'mails');

/** Kinds of which the first mail is shown whole where not all are: a request, its happy end, and an emergency. */
const SAMPLES: ReadonlySet<string> = new Set(['due', 'rotation-complete', 'dead']);

/** Plays a fleet and tells it, line by line. @throws FleetRefused where the fleet file is wrong */
export async function demo(options: DemoOptions, print: (text: string) => void): Promise<void> {
  if (!existsSync(options.keys))
    throw new FleetRefused(`There is no ${options.keys}. Name another file with --keys FILE.`);
  const deployments = readDeployments(await synthesise(options.keys));
  const own = options.keys === DEMO_FLEET;
  const played = await tell(deployments, { ...options, own }, print);
  try {
    const page = await writePage(played);
    if (options.output === 'json') return;
    print(`\n${summary(played)}\n`);
    print(`Every mail as it would arrive:   ${options.mails ?? MAILS}`);
    print(`The same as a page for auditors: ${page}`);
  } finally {
    await played.close();
  }
}

async function tell(
  deployments: readonly Deployment[],
  options: DemoOptions & { own: boolean },
  print: (text: string) => void,
): Promise<Played> {
  const { output, mails = MAILS, days, own, keys } = options;
  if (output !== 'json') print(header(deployments, { days, own, file: keys, output, mails }));
  // The mails of the last run would stand between those of this one. A folder that somebody named is theirs.
  if (!options.mails) rmSync(mails, { recursive: true, force: true });
  mkdirSync(mails, { recursive: true });
  const whole = shownWhole(output);
  const listener = (entry: Entry) => {
    if (entry.type === 'mail') writeFileSync(join(mails, mailFileName(entry)), mailFile(entry));
    if (output !== 'json') print(showEntry(entry, entry.type === 'mail' && whole(entry)));
    else if (entry.type === 'mail') print(jsonLine(entry));
  };
  return play(deployments, { days, own, listener });
}

/** Which mails are shown whole: all, none, or the first of some kinds. */
function shownWhole(output: DemoOptions['output']): (mail: Mail) => boolean {
  if (output !== 'course') return () => output === 'full';
  const left = new Set(SAMPLES);
  return ({ kind }) => left.delete(kind);
}
