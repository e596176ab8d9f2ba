import { createInterface } from 'node:readline';
import { type LocalWorld, makeKey } from './local-world';

const TOLD = [
  'AWS_ENDPOINT_URL',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'ROTATION_ANTHROPIC_URL',
  'ROTATION_KEYS_FILE',
];

/** What another terminal is told, to reach the same account and the same Anthropic. */
export function exportsFor({
  env,
  anthropic,
  fleet,
}: Pick<LocalWorld, 'env'> & { anthropic: { url: string }; fleet: { path: string } }) {
  // With the file of the checkout, `doctor` would find every key deployed otherwise than the file says.
  const variables: Readonly<Record<string, string>> = {
    ...env,
    ROTATION_ANTHROPIC_URL: anthropic.url,
    ROTATION_KEYS_FILE: fleet.path,
  };
  return TOLD.map((name) => `export ${name}=${variables[name]}`).join('\n');
}

/** Leaves the world as it is until Ctrl-C. Who hands a key in needs one: the fake Anthropic's Console is this terminal. */
export async function keepRunning(world: LocalWorld): Promise<void> {
  console.log(`\nIt goes on running until Ctrl-C. In another terminal, in this folder:\n\n${exportsFor(world)}
npx --no -- anthropic-keys status
npx --no -- anthropic-keys submit dev/playground
`);
  const names = Object.keys(world.workspaces);
  console.log(
    `For a key to hand in, type ${names.join(' or ')} here, and Enter: it is made up, and works nowhere else.`,
  );
  const input = createInterface({ input: process.stdin, terminal: process.stdin.isTTY });
  input.on('line', (line) => {
    const name = line.trim();
    console.log(names.includes(name) ? makeKey(world, name) : `Type ${names.join(' or ')}, or Ctrl-C.`);
  });
  await new Promise<void>((done) => {
    // A terminal in the hands of readline gives it Ctrl-C instead of a signal.
    input.once('SIGINT', done);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  input.close();
}
