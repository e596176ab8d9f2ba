import assert from 'node:assert/strict';
import { type SeenSecret, settled } from '../../local/deploy/account';
import type { LocalWorld } from '../../local/deploy/local-world';
import { commandWith, type Mail } from '../../local/deploy/mails';
import { type Shell, typeInto } from '../../local/deploy/terminal';
import { canWatch, watchArguments } from './argument-watch';

const ASKED = 'New key (not shown): ';

/**
 * Does what a mail says: pastes its block into a shell, and the key when asked. Meanwhile every process of the machine is looked at.
 * Returns the secret after the rotation that this began.
 */
export async function handIn(world: LocalWorld, mail: Mail, key: string, shell: Shell): Promise<SeenSecret> {
  const block = commandWith(mail, 'put-secret-value');
  const session = typeInto({ shell, env: world.env, block, answer: { to: ASKED, text: key } });
  const watched = await watchArguments(key, session);
  const screen = await session;
  world.screens.push(screen);
  assert.ok(
    screen.includes(ASKED),
    `The block of the mail did not ask for the key; the terminal shows:\n${screen}`,
  );
  assert.ok(!screen.includes(key), `${shell} showed the key on the screen.`);
  assert.deepEqual(watched.inArguments, [], 'The key was seen in the arguments of a process.');
  assert.deepEqual(watched.inEnvironments, [], 'The key was seen in the environment of a process.');
  if (canWatch)
    assert.ok(
      [...watched.commandLines].some((line) => line.includes('put-secret-value')),
      'The processes were not looked at while the key was handed in.',
    );
  return settled(world, mail.machine.secretArn!);
}

/** The newest mail of a kind about one key. @throws Error where there is none */
export async function newestMail(
  world: LocalWorld,
  environment: string,
  service: string,
  kind: string,
): Promise<Mail> {
  const mails = (await world.mails()).filter(({ topic }) => topic.endsWith(`-${environment}`));
  const found = mails.findLast(({ machine }) => machine.service === service && machine.kind === kind);
  if (found) return found;
  const subjects = mails.map(({ subject }) => subject).join(' · ');
  throw new Error(`No mail ${kind} about ${environment}/${service}; there are: ${subjects}`);
}
