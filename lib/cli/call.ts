import { CLI_COMMAND } from '../domain/wording/cli-command';

/** Package managers that say themselves who they are, and how each runs what is installed. */
const BY_AGENT: Readonly<Record<string, string>> = {
  pnpm: 'pnpm exec anthropic-keys',
  yarn: 'yarn anthropic-keys',
};

/** Every way in which texts may call the command line. */
export const CALLS: readonly string[] = [CLI_COMMAND, ...Object.values(BY_AGENT)];

/** How the program was called, for the commands that it prints: by pnpm or Yarn, or in the usual way. */
export function callOf({
  npm_config_user_agent: agent,
}: Readonly<Record<string, string | undefined>>): string {
  const [manager = ''] = agent?.split('/') ?? [];
  return Object.entries(BY_AGENT).find(([name]) => name === manager)?.[1] ?? CLI_COMMAND;
}
