import { operatorOn } from '../local/cli/operator';
import { NOW } from '../test/builders';
import { largeOrganization } from '../test/large-organization';

/** What one inventory took. */
export interface Listed {
  readonly keys: number;
  readonly anthropic: number;
  readonly aws: number;
  readonly seconds: number;
  readonly cpu: number;
  /** Bytes of memory of the process that were added by it. */
  readonly memory: number;
}

/** Lists an organization of a size, a tenth of it managed, in a process of its own. The embedded AWS and the fake Anthropic work in it, too. */
async function main(keys: number): Promise<void> {
  const { sandbox, requests, fleetFile } = await largeOrganization(keys, keys / 10, NOW);
  const ada = operatorOn(sandbox);
  ada.files.set('keys.yaml', fleetFile);
  global.gc!();
  const before = process.resourceUsage().maxRSS;
  // Whatever is loaded and compiled the first time counts for memory, and not for time.
  await ada.run(['inventory', '--everywhere', '--flag', 'managed']);
  for (const { calls } of sandbox.clouds) calls.clear();
  requests();
  const used = process.cpuUsage();
  const begun = performance.now();
  const { json } = await ada.run(['inventory', '--everywhere', '--json']);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  const { rows } = json() as { readonly rows: readonly unknown[] };
  if (rows.length !== keys) throw new Error(`It listed ${rows.length} keys of ${keys}.`);
  const listed: Listed = {
    keys,
    anthropic: Object.values(requests()).reduce((sum, number) => sum + number, 0),
    aws: sandbox.clouds.reduce((sum, { calls }) => sum + calls.by('ada').length, 0),
    seconds,
    cpu: (user + system) / 1e6,
    memory: (process.resourceUsage().maxRSS - before) * 1024,
  };
  await sandbox.close();
  process.stdout.write(JSON.stringify(listed));
}

void main(Number(process.argv[2]));
