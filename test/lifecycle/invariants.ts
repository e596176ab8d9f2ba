import { memoryFromTags } from '../../lib/contract/memory-tags';
import { ApiKey, parseApiKey, shortId } from '../../lib/domain/key';
import { HOUR } from '../../lib/domain/time';
import { keyTextOf } from '../../local/person';
import type { TestKey } from './test-key';

/** What must hold at every moment, whatever crashed. Throws with the state where it doesn't. */
export class Watch {
  /** Keys that were live and accepted at some time: not for a moment may one that is alive be without a label. */
  readonly everAccepted = new Set<string>();
  /** Keys of this workspace that were submitted or live at some time: after a check nobody may have lost sight of one that is alive. */
  readonly #everHere = new Set<string>();
  /** When each key appeared, by its fingerprint, while its age holds. */
  readonly #born = new Map<string, number>();
  /** Fingerprints of the keys whose age holds no longer, and that were not accepted since. */
  readonly #ageless = new Set<string>();

  constructor(private readonly testKey: TestKey) {
    this.#read = testKey.sandbox.aws.events.received.length;
  }

  /** Between any two calls: the accepted keys that are alive are labelled, and the last one alive is never left without a label. */
  now(moment: string): void {
    const { testKey } = this;
    const { accepted, live, waiting } = testKey;
    if (testKey.isOurs(accepted)) {
      this.everAccepted.add(accepted);
      this.#ageless.delete(new ApiKey(accepted).fingerprint);
    }
    for (const key of [live, waiting]) if (testKey.isOurs(key)) this.#everHere.add(key);
    this.#callsNoneDead(moment);
    for (const key of this.#withoutLabel())
      if (!this.#pardoned.has(key)) this.#fail(`${moment}: an alive key lost its last label`);
    const current = testKey.secret.versions.find(({ labels }) => labels.includes('AWSCURRENT'))!;
    if (
      current.labels.some((label) => label.startsWith('RETIRE_AFTER')) &&
      live === accepted &&
      this.#settled
    )
      this.#fail(`${moment}: the live key has a deadline`);
  }

  /** What somebody has just done by hand is no fault, but the next check must mend it. */
  pardon(): void {
    for (const key of this.#withoutLabel()) this.#pardoned.add(key);
    const kept = this.#keysWith((label) => !label.startsWith('AWS'));
    for (const key of this.everAccepted) if (!kept.has(key)) this.#endAge(new ApiKey(key).fingerprint);
  }

  /**
   * A key that was accepted never gets younger, while a label of ours keeps the oldest version that holds it: until its death is proven, or somebody takes the
   * label off. Then it is as good as put in by hand, until it is accepted again (ADR 4).
   */
  ageHolds(moment: string): void {
    const seen = memoryFromTags(this.testKey.secret.tags).verdict;
    const accepted = [...this.everAccepted].map((key) => new ApiKey(key).fingerprint);
    if (!seen || !accepted.includes(seen.fingerprint) || this.#ageless.has(seen.fingerprint)) return;
    const born = seen.keyCreatedAt.getTime();
    const known = this.#born.get(seen.fingerprint) ?? born;
    if (born > known) this.#fail(`${moment}: the key became younger by ${(born - known) / HOUR} hours`);
    this.#born.set(seen.fingerprint, born);
  }

  #endAge(fingerprint: string): void {
    this.#born.delete(fingerprint);
    this.#ageless.add(fingerprint);
  }

  readonly #pardoned = new Set<string>();

  #withoutLabel(): readonly string[] {
    const labelled = this.#keysWith(() => true);
    return [...this.everAccepted].filter((key) => this.#alive(key) && !labelled.has(key));
  }

  /** The keys of versions that have such a label. */
  #keysWith(fits: (label: string) => boolean): ReadonlySet<string> {
    const versions = this.testKey.secret.versions.filter(({ labels }) => labels.some(fits));
    return new Set(versions.map(keyTextOf));
  }

  #settled = false;

  /**
   * After a check with nothing in the way: every key of this workspace that was ever live, accepted or submitted is at rest, has a deadline, is
   * followed, or is a finding; and no label is left over.
   */
  afterCheck(moment: string, findings?: readonly { readonly id: string }[]): void {
    const { testKey } = this;
    this.#pardoned.clear();
    this.#settled = true;
    this.now(moment);
    this.#settled = false;
    const retiring = new Set(testKey.retiring.map(({ key }) => key));
    const held = new Set([testKey.live, testKey.accepted, testKey.waiting, ...retiring, ...testKey.followed]);
    const found = (key: string, ...kinds: readonly string[]) =>
      findings === undefined ||
      findings.some(({ id }) =>
        kinds.some((kind) => id === `${kind}.${shortId(new ApiKey(key).fingerprint)}`),
      );
    for (const key of this.#everHere) {
      if (this.#alive(key) && !held.has(key)) this.#fail(`${moment}: an alive key is forgotten`);
    }
    for (const key of testKey.followed)
      if (this.#alive(key) && testKey.isOurs(key) && key !== testKey.live && !found(key, 'refused-key-works'))
        this.#fail(`${moment}: a refused key works, and nobody is told`);
    const late = testKey.sandbox.clock.now().getTime() - 25 * HOUR;
    for (const { key, until } of testKey.retiring)
      if (this.#alive(key) && until.getTime() < late && !found(key, 'zombie', 'contained'))
        this.#fail(`${moment}: an old key works a day after its grace, and nobody is told`);
    if (this.#alive(testKey.live) && testKey.isOurs(testKey.live) && testKey.live !== testKey.accepted)
      this.#fail(`${moment}: a good live key is not accepted`);
    // One that a person moved back to keeps its deadline until it is accepted: behind the next edit nothing else would keep it in sight.
    if (retiring.has(testKey.live) && testKey.live === testKey.accepted)
      this.#fail(`${moment}: the live key is retiring under another version`);
  }

  /** No mail, page or record calls a key dead that is alive, unless a person attested it. */
  #callsNoneDead(moment: string): void {
    const { received } = this.testKey.sandbox.aws.events;
    for (const { detailType, detail } of received.slice(this.#read)) {
      const details = (detail as { details?: Told }).details ?? {};
      if (detailType === 'Key Proven Dead') this.#endAge(details.retired!.fingerprint!);
      const called = calledDead(detailType, details);
      for (const key of this.#everHere) {
        const { fingerprint, hint } = new ApiKey(key);
        if ((called === fingerprint || called === hint) && this.#alive(key))
          this.#fail(`${moment}: "${detailType}" says that a key is dead, and it is alive`);
      }
    }
    this.#read = received.length;
  }

  #read: number;

  #alive(key: string): boolean {
    const { sandbox } = this.testKey;
    const isKey = this.testKey.isOurs(key) || parseApiKey(key).ok;
    return isKey && sandbox.anthropic.statusOf(key) === 'active';
  }

  #fail(what: string): never {
    const versions = this.testKey.secret.versions.map((version) => {
      const key = keyTextOf(version);
      return `${version.id.slice(0, 8)} ${key.slice(0, 17)} ${version.labels.join(' ')}`;
    });
    throw new Error(`${what}\n  ${versions.join('\n  ')}`);
  }
}

/** Details of an event, as far as they call a key dead. */
interface Told {
  readonly current?: { readonly fingerprint?: string };
  readonly retired?: { readonly fingerprint?: string };
  readonly proof?: { readonly by?: string };
  readonly reason?: string;
  readonly what?: string;
  readonly cause?: string;
  readonly removed?: string;
}

/** Fingerprint or hint of the key that an event calls dead. */
function calledDead(event: string, { current, retired, proof, reason, what, cause, removed }: Told) {
  if (event === 'Key Dead') return current?.fingerprint;
  if (event === 'Key Proven Dead') return proof?.by === 'attestation' ? undefined : retired?.fingerprint;
  if (event === 'Key Rejected') return reason === 'dead' ? what : undefined;
  return event === 'Key Rolled Back' && cause === 'dead' ? removed : undefined;
}
