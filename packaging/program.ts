/** Where commands are called from: the folder of the moment, whose `keys.yaml` is meant. The counterpart of `lib/cli/program.ts`. */
export const homeFolder = () => process.cwd();

/** How a shell starts the command line of the package, which is this file once it is bundled. */
export const PROGRAM: readonly string[] = ['node', __filename];
