import { keyText } from '../../lib/contract/secret-value';
import { parseApiKey } from '../../lib/domain/key';
import { textOf } from '../../local/person';
import type { TestKey } from './test-key';

/** What must hold at every moment, whatever crashed. Throws with the state where it doesn't. */
export class Watch {
  /** Keys that were live and accepted at some time: not for a moment may one that is alive be without a label. */
  readonly everAccepted = new Set<string>();
  /** Keys of this workspace that were submitted or live at some time: after a check nobody may have lost sight of one that is alive. */
  readonly #everHere = new Set<string>();

  constructor(private readonly testKey: TestKey) {}

  /** Between any two calls: the accepted keys that are alive are labelled, and the last one alive is never left without a label. */
  now(moment: string): void {
    const { testKey } = this;
    if (testKey.accepted) this.everAccepted.add(testKey.accepted);
    for (const key of [testKey.live, testKey.waiting]) if (testKey.isOurs(key)) this.#everHere.add(key);
    const labelled = new Set(
      testKey.secret.versions
        .filter(({ labels }) => labels.length > 0)
        .map((version) => keyText(textOf(version))),
    );
    for (const key of this.everAccepted) {
      if (this.#alive(key) && !labelled.has(key)) this.#fail(`${moment}: an alive key lost its last label`);
    }
    const current = testKey.secret.versions.find(({ labels }) => labels.includes('AWSCURRENT'))!;
    if (
      current.labels.some((label) => label.startsWith('RETIRE_AFTER')) &&
      testKey.live === testKey.accepted &&
      this.#settled
    )
      this.#fail(`${moment}: the live key has a deadline`);
  }

  #settled = false;

  /** After a check with nothing in the way: every superseded key that is alive has a deadline, and no label is left over. */
  afterCheck(moment: string): void {
    const { testKey } = this;
    this.#settled = true;
    this.now(moment);
    this.#settled = false;
    const retiring = new Set(testKey.retiring.map(({ key }) => key));
    const held = new Set([testKey.live, testKey.accepted, testKey.waiting, ...retiring]);
    for (const key of this.#everHere) {
      if (this.#alive(key) && !held.has(key)) this.#fail(`${moment}: an alive key is forgotten`);
    }
    if (retiring.has(testKey.live)) this.#fail(`${moment}: the live key is retiring under another version`);
  }

  #alive(key: string): boolean {
    return parseApiKey(key).ok && this.testKey.sandbox.anthropic.statusOf(key) === 'active';
  }

  #fail(what: string): never {
    const versions = this.testKey.secret.versions.map((version) => {
      const key = keyText(textOf(version));
      return `${version.id.slice(0, 8)} ${key.slice(0, 17)} ${version.labels.join(' ')}`;
    });
    throw new Error(`${what}\n  ${versions.join('\n  ')}`);
  }
}
