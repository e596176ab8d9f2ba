import assert from 'node:assert/strict';
import { LABEL } from '../../../lib/contract/labels';
import { secretName } from '../../../lib/contract/names';
import { keyText } from '../../../lib/contract/secret-value';
import { look } from '../../../local/deploy/account';
import { type LocalWorld, makeKey } from '../../../local/deploy/local-world';
import { commandWith } from '../../../local/deploy/mails';
import { type Shell, shellsHere, typeInto } from '../../../local/deploy/terminal';
import { handIn, newestMail } from '../hand-in';
import type { Step } from '../step';
import { fireFor } from './schedules';

/** A person rotates a key as the mail says, and the secret is described afterwards. */
async function rotate(world: LocalWorld, environment: string, service: string, shell: Shell): Promise<void> {
  const mail = await newestMail(world, environment, service, 'awaiting-first-key');
  const before = await look(world, secretName(environment, service));
  const key = makeKey(world, environment);
  const after = await handIn(world, mail, key, shell);
  assert.equal(keyText(after.value), key);
  assert.notEqual(after.versionId, before.versionId);
  assert.equal(after.labels[LABEL.accepted], after.versionId);
  assert.equal(after.labels[LABEL.submitted], undefined);
  await newestMail(world, environment, service, 'rotated');
}

const shellFor = (wanted: Shell): Shell => (shellsHere().includes(wanted) ? wanted : shellsHere()[0]!);

const rotating = (environment: string, service: string, which: string, wanted: Shell): Step<LocalWorld> => ({
  does: `The ${which} key of ${environment}/${service} goes in by the commands of the mail, pasted into ${wanted}`,
  async run(world) {
    await rotate(world, environment, service, shellFor(wanted));
    return `${shellFor(wanted)}, tested and promoted`;
  },
});

export const firstKeys: readonly Step<LocalWorld>[] = [
  rotating('dev', 'playground', 'first', 'bash'),
  rotating('prod', 'api-gateway', 'first', 'zsh'),
];

export const secondKeys: readonly Step<LocalWorld>[] = [
  rotating('dev', 'playground', 'second', 'zsh'),
  rotating('prod', 'api-gateway', 'second', 'bash'),
];

export const wrongKey: Step<LocalWorld> = {
  does: 'A key of another workspace is refused, and the live key stays',
  async run(world) {
    const name = secretName('prod', 'api-gateway');
    const before = await look(world, name);
    const mail = await newestMail(world, 'prod', 'api-gateway', 'awaiting-first-key');
    const after = await handIn(world, mail, makeKey(world, 'dev'), shellFor('bash'));
    assert.equal(after.value, before.value);
    assert.deepEqual(after.labels, before.labels);
    const told = await newestMail(world, 'prod', 'api-gateway', 'rejected');
    return told.subject;
  },
};

export const wayBack: Step<LocalWorld> = {
  does: 'The command of the mail goes back to the old key, and the next check takes it as the live one',
  async run(world) {
    const name = secretName('prod', 'api-gateway');
    const before = await look(world, name);
    const mail = await newestMail(world, 'prod', 'api-gateway', 'rotated');
    const block = commandWith(mail, '"roll-back"');
    const screen = await typeInto({ shell: shellFor('zsh'), env: world.env, block });
    world.screens.push(screen);
    assert.match(screen, /\bDONE\b/);
    const after = await look(world, name);
    assert.equal(after.versionId, before.labels[LABEL.previous]);
    await fireFor(world, 'prod', 'api-gateway');
    const { labels, versionId } = await look(world, name);
    assert.equal(labels[LABEL.accepted], versionId);
    assert.deepEqual(
      Object.entries(labels)
        .filter(([label]) => label.startsWith('RETIRE_AFTER_'))
        .map(([, version]) => version),
      [before.versionId],
    );
    return (await newestMail(world, 'prod', 'api-gateway', 'rotated')).subject;
  },
};
