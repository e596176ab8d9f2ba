import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalWorld } from '../../../local/deploy/local-world';
import type { Step } from '../step';

export const noKeyAnywhere: Step<LocalWorld> = {
  does: 'No key is in any log, answer, event, mail, screen, history, template or bundle',
  async run(world) {
    const { folder, keysMade, screens, runtime } = world;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = [
      ...files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
      ...runtime.invocations.flatMap(({ event, payload, log }) => [event, payload, log]),
      ...screens,
      JSON.stringify(await world.mails()),
    ];
    assert.ok(keysMade.length >= 6);
    for (const key of keysMade)
      assert.ok(
        texts.every((text) => !text.includes(key)),
        'A key was found in the open.',
      );
    return `${keysMade.length} keys looked for in ${texts.length} texts`;
  },
};
