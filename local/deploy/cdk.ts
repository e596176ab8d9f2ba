import { join } from 'node:path';
import { type Answer, ask, run } from './command';

const ROOT = join(__dirname, '../..');

/** The CDK CLI of this checkout, for one fleet file and one account. */
export interface Cdk {
  bootstrap(): Promise<void>;
  deploy(): Promise<void>;
  /** Zero differences end with 0, any with 1. Compares templates: a change set hides changes on the emulator. */
  diff(): Promise<Answer>;
  destroy(): Promise<void>;
}

export interface CdkOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly fleetFile: string;
  /** Folder that it keeps its assembly in. */
  readonly folder: string;
  /** @default every stack of the fleet file */
  readonly stacks?: readonly string[];
}

/** Runs `cdk` as a person would, without anything that waits for an answer. */
export function cdkOf({ env, fleetFile, folder, stacks = [] }: CdkOptions): Cdk {
  const all = stacks.length > 0 ? stacks : ['--all'];
  const args = (verb: string, ...more: readonly string[]) => [
    join(ROOT, 'node_modules/aws-cdk/bin/cdk'),
    ...[verb, ...more, '--no-notices', '--no-color', '--context', `keys=${fleetFile}`],
    ...['--output', join(folder, 'cdk.out')],
  ];
  const cdk = (verb: string, ...more: readonly string[]) =>
    run(process.execPath, args(verb, ...more), { env, cwd: ROOT }).then(() => undefined);
  return {
    bootstrap: () => cdk('bootstrap'),
    deploy: () => cdk('deploy', ...all, '--require-approval', 'never'),
    diff: () =>
      ask(process.execPath, args('diff', ...stacks, '--method=template', '--fail'), { env, cwd: ROOT }),
    destroy: () => cdk('destroy', ...all, '--force'),
  };
}
