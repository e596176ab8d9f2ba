import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dead } from '../../lib/domain/findings/kinds/dead';
import { due } from '../../lib/domain/findings/kinds/due';
import { rotationComplete } from '../../lib/domain/findings/kinds/rotation-complete';
import { type Deployment, readDeployments } from '../deployment';
import type { Template } from '../template';
import { header } from './header';
import type { Entry, Mail } from './journal';
import { DEFAULT_OUT, DEMO_FLEET, type DemoOptions } from './options';
import { writePage } from './page';
import { type Played, play } from './play';
import { jsonLine, mailFile, mailFileName, showEntry } from './show';
import { summary } from './summary';

/** Kinds of which the first mail is shown whole where not all are: a request, its happy end, and an emergency. */
const SAMPLES: ReadonlySet<string> = new Set([due, rotationComplete, dead].map(({ kind }) => kind));

/** Plays what is synthesised from a fleet file, and tells it, line by line. */
export async function demo(
  templates: readonly Template[],
  options: DemoOptions,
  print: (text: string) => void,
): Promise<void> {
  const played = await tell(readDeployments(templates), options, print);
  try {
    await conclude(played, options, print);
  } finally {
    await played.close();
  }
}

const mailsIn = ({ out }: DemoOptions) => join(out, 'mails');

/** Plays what is deployed, tells it as it happens, and writes the mails. */
export async function tell(
  deployments: readonly Deployment[],
  options: DemoOptions,
  print: (text: string) => void,
): Promise<Played> {
  const { output, mails = mailsIn(options), days, keys, overHttp } = options;
  const own = keys === DEMO_FLEET;
  if (output !== 'json') print(header(deployments, { days, own, file: keys, output, mails, overHttp }));
  // The mails of the last run would stand between those of this one. A folder that somebody named is theirs.
  if (!options.mails && options.out === DEFAULT_OUT) rmSync(mails, { recursive: true, force: true });
  mkdirSync(mails, { recursive: true });
  const whole = shownWhole(output);
  const listener = (entry: Entry) => {
    if (entry.type === 'mail') writeFileSync(join(mails, mailFileName(entry)), mailFile(entry));
    if (output !== 'json') print(showEntry(entry, entry.type === 'mail' && whole(entry)));
    else if (entry.type === 'mail') print(jsonLine(entry));
  };
  return play(deployments, { days, own, overHttp, listener });
}

/** Writes the page, and says how it ended and where everything is. */
export async function conclude(
  played: Played,
  options: DemoOptions,
  print: (text: string) => void,
): Promise<void> {
  const page = await writePage(played, options.out);
  if (options.output === 'json') return;
  print(`\n${summary(played)}\n`);
  print(`Every mail as it would arrive:   ${options.mails ?? mailsIn(options)}`);
  print(`The same as a page for auditors: ${page}`);
}

/** Which mails are shown whole: all, none, or the first of some kinds. */
function shownWhole(output: DemoOptions['output']): (mail: Mail) => boolean {
  if (output !== 'course') return () => output === 'full';
  const left = new Set(SAMPLES);
  return ({ kind }) => left.delete(kind);
}
