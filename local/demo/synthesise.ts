import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Template } from '../template';

const ROOT = resolve(__dirname, '../..');

/** There is no such fleet file, or it was refused: the message is what the CDK app said about it. */
export class FleetRefused extends Error {
  override readonly name = 'FleetRefused';
}

/** Runs the CDK app on a fleet file as `cdk synth` does, and returns the templates of its stacks, the first of each environment first. @throws FleetRefused */
export async function synthesise(fleetFile: string): Promise<readonly Template[]> {
  if (!existsSync(fleetFile))
    throw new FleetRefused(`There is no ${fleetFile}. Name another file with --keys FILE.`);
  const assembly = await mkdtemp(join(tmpdir(), 'anthropic-keys-demo-'));
  try {
    await runApp(resolve(fleetFile), assembly);
    return readTemplates(assembly);
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
}

/** Functions are not bundled, since the handlers run from source here; CDK's own validation belongs to `npm run synth`. */
function runApp(fleetFile: string, assembly: string): Promise<void> {
  const app = spawn(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], keys: fleetFile }),
      CDK_VALIDATION: 'false',
    },
  });
  const said: Buffer[] = [];
  app.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((done, fail) => {
    app.once('error', fail);
    app.once('close', (code) => {
      if (code === 0) done();
      else fail(new FleetRefused(Buffer.concat(said).toString('utf8').trim()));
    });
  });
}

/** By the assembly's manifest, which lists the stacks in the order of the fleet file. */
function readTemplates(assembly: string): readonly Template[] {
  const manifest = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as Manifest;
  const present = new Set(readdirSync(assembly));
  return Object.values(manifest.artifacts).flatMap(({ type, environment, properties }) => {
    const file = properties?.templateFile;
    if (type !== 'aws:cloudformation:stack' || !file || !present.has(file)) return [];
    const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Pick<
      Template,
      'Resources'
    >;
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
    return [{ account: known(account), region: known(region), Resources }];
  });
}

/** An environment-agnostic stack names neither account nor region. */
const known = (text: string | undefined) => (text?.startsWith('unknown-') ? undefined : text);

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { type: string; environment?: string; properties?: { templateFile?: string } }>
  >;
}
