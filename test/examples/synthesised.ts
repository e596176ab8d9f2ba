import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { ROOT } from '../root';

const EXAMPLES = join(ROOT, 'examples');

/** Every program in `examples/` that makes an app, such as `minimal/app.ts`. */
export const APPS: readonly string[] = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|js|mjs)$/.test(file))
  .filter((file) => readFileSync(join(EXAMPLES, file), 'utf8').includes('new App('))
  .sort();

/** What an app synthesises. */
export interface Synthesised {
  /** By the name of the stack in the CDK. */
  readonly templates: Readonly<Record<string, Template>>;
  /** Findings of cdk-nag: the rule, and the path of the construct. */
  readonly nag: readonly string[];
}

/** Apps of `examples/`, each without bundles of functions, as from a checkout. */
export function synthesiseExamples(apps = APPS): ReadonlyMap<string, Synthesised> {
  const outdir = mkdtempSync(join(tmpdir(), 'examples-'));
  try {
    const run = ['--import', 'tsx', join(__dirname, 'run.mjs'), EXAMPLES, outdir, ...apps];
    const printed = execFileSync(process.execPath, run, {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks":[]}' },
    });
    const nag = JSON.parse(printed) as readonly (readonly string[])[];
    return new Map(apps.map((app, n) => [app, { templates: templatesIn(join(outdir, app)), nag: nag[n]! }]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const SUFFIX = '.template.json';

const templatesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => [
        basename(file, SUFFIX),
        Template.fromJSON(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
      ]),
  );

/** The statements of the policies whose names begin so. */
export const statementsOf = (template: Template, policy: string) =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(policy))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Record<string, unknown>[]);
