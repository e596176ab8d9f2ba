import { setTimeout } from 'node:timers/promises';
import { ENVIRONMENT_TAG } from '../../contract/policy-tags';
import { readListing } from '../../contract/read-secret';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { explain, sentences } from '../explain';
import { styleFor } from '../style';
import type { Verb } from '../verb';
import { MATCH_RELEASES, releaseInWords, VERSION } from '../version';

/** The release of one environment. Absent if it is older than releases that say so, or cannot be known. */
interface Deployed {
  readonly environment: string;
  readonly release?: string;
  readonly unknown?: string;
}

type Releases = { readonly deployed: readonly Deployed[]; readonly unknown?: string };

/** How long AWS may take: nobody asks for a version to wait. */
const PATIENCE = 5_000;

/** The version here, and the releases that are deployed. Also `--version`. */
export const version: Verb<object> = {
  name: 'version',
  summary: 'show the version here, and the release that is deployed',
  about:
    'Prints the version that runs here. Then, if AWS can be reached, it says which release each environment was deployed with, and warns where that is another one: commands and functions of two releases may not understand each other. --version and -V are the same.',
  examples: ['version', '--version', 'version --json'],
  seeAlso: ['doctor', 'status'],
  document: 'version/1',
  read: () => ({}),
  prepare: async (_, context) => ({
    async execute() {
      const { terminal } = context;
      if (!context.json) terminal.print(VERSION);
      const { deployed, unknown } = await releases(context);
      const { warn } = styleFor(terminal);
      for (const line of deployed.map(inWords)) terminal.note(line.differs ? warn(line.text) : line.text);
      if (unknown) terminal.note(`The deployed release is not known: ${unknown}`);
      return { exit: EXIT.fine, json: { version: VERSION, deployed, unknown }, text: () => '' };
    },
  }),
};

/** Never rejects: without AWS there still is a version. */
async function releases(context: CliContext): Promise<Releases> {
  const late = new AbortController();
  const asked = deployedReleases(context).catch((error: unknown) => ({
    deployed: [],
    unknown: sentences(explain(error).lines),
  }));
  const patience = setTimeout(PATIENCE, { deployed: [], unknown: 'AWS did not answer in time.' }, late);
  return Promise.race([asked, patience]).finally(() => late.abort());
}

async function deployedReleases({ store, examiner }: CliContext): Promise<Releases> {
  const { listed, unreadable } = readListing(await store.list({ tagKey: ENVIRONMENT_TAG }));
  const keys = [...listed.map(({ key }) => key), ...unreadable];
  const environments = [...new Set(keys.map(({ environment }) => environment))].sort();
  const deployed = await Promise.all(
    environments.map(async (environment): Promise<Deployed> => {
      const found = await examiner.release(environment);
      return 'unknown' in found
        ? { environment, unknown: found.unknown }
        : { environment, release: found.known };
    }),
  );
  return environments.length > 0
    ? { deployed }
    : { deployed, unknown: 'there is no managed key in this account and region.' };
}

/** What is said of one environment. */
function inWords({ environment, release, unknown }: Deployed): {
  readonly text: string;
  readonly differs: boolean;
} {
  if (unknown) return { text: `${environment}: the release is not known: ${unknown}`, differs: false };
  if (release === VERSION) return { text: `${environment}: release ${release}, the same`, differs: false };
  return {
    text: `${environment} was deployed with ${releaseInWords(release)}, and this is ${VERSION}. ${MATCH_RELEASES}`,
    differs: true,
  };
}
