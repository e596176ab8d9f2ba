import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LABEL } from '../../lib/contract/labels';
import { type ApiKey, parseApiKey } from '../../lib/domain/key';
import { KEY_FIELD } from '../../lib/domain/refusal';
import { DAY, plus, utcDay } from '../../lib/domain/time';
import type { AdminRequest } from '../../lib/workflows/ports';
import type { NewKey } from '../anthropic/keys';
import { clientConfig } from '../aws';
import type { VirtualClock } from '../clock';
import { asking, Person, SecretView } from '../person';
import { tokens } from '../tokens';
import type { Deployed } from '../world';

/** Which key a person looks after. */
export interface Charge {
  readonly environment: string;
  readonly service: string;
  readonly owner: string;
  readonly secretName: string;
}

/** What a person's hands can do with one key, through the same doors as in life: the Claude Console, the `aws` CLI, the AWS console. */
export class Hands {
  /** Set by whoever keeps an old key longer than they should: hours for which the application goes on with it. */
  clingsFor = 0;
  /** The key that this person made last. */
  lastMade = '';
  /** Set while nobody's schedule checks the key. */
  unscheduled = false;
  readonly #person: Person;
  readonly #secret: SecretView;

  constructor(
    readonly charge: Charge,
    readonly site: Deployed,
    readonly clock: VirtualClock,
    /** Has something happen in so many hours. */
    readonly later: (hours: number, what: () => void) => void,
  ) {
    this.#person = new Person({
      secretId: charge.secretName,
      ask: asking(new SecretsManagerClient(clientConfig(site.aws, charge.owner))),
      newToken: tokens(`hands/${charge.secretName}`),
      settle: () => site.aws.settle(),
    });
    this.#secret = new SecretView(site.aws, charge.secretName);
  }

  // In the Claude Console.

  makeKey(wanted: NewKey & { readonly expiresInDays?: number } = {}): string {
    const { expiresInDays, ...rest } = wanted;
    const today = utcDay(this.clock.now());
    const { value } = this.site.anthropic.createKey({
      name: `${this.charge.environment}-${this.charge.service}-${today}`,
      workspace: this.site.home.workspaceId,
      ...(expiresInDays ? { expiresAt: plus(this.clock.now(), expiresInDays * DAY) } : {}),
      ...rest,
    });
    this.lastMade = value;
    return value;
  }

  switchOff(value: string): string {
    this.site.anthropic.disable(value);
    return hintOf(value);
  }

  // With the `aws` CLI, by the two commands of the mails.

  async submit(value: string): Promise<string> {
    await this.#person.submit(value);
    return hintOf(value);
  }

  // In the AWS console.

  /** "Edit secret": what is typed is live at once, untested. */
  async edit(text: string): Promise<void> {
    await this.#person.edit(JSON.stringify({ [KEY_FIELD]: text }));
  }

  /** Moves AWSCURRENT back to the accepted version, by the command of the mail. */
  async restoreAccepted(): Promise<void> {
    await this.#person.moveCurrent(this.#secret.at(LABEL.current), this.#secret.at(LABEL.accepted));
  }

  // Through the project's own commands.

  /** Reports a leaked key by the command `leak`: it is switched off, and marked. */
  async contain(fingerprint: string, reason: string): Promise<void> {
    const { secretName: secretId, owner } = this.charge;
    const order = { kind: 'contain', reason, by: owner } as const;
    const request: AdminRequest = { verb: 'deactivate', secretId, fingerprint, order };
    await this.site.order(request, owner);
    const command = { verb: 'report-leak', fingerprint };
    await this.site.invoke('check', { secretId, command }, owner);
  }

  // What can be seen.

  /** The key that an application reads now; empty before the first one. */
  get live(): string {
    return this.#secret.key(LABEL.current);
  }

  get accepted(): string {
    return this.#secret.key(LABEL.accepted);
  }

  /** Superseded keys that wait for their end. */
  get retiring(): readonly string[] {
    return this.#secret.retiring.map(({ key }) => key);
  }
}

const judged = (value: string): ApiKey => {
  const judgement = parseApiKey(value);
  if (!judgement.ok) throw new Error(`This is no key: ${judgement.reason}.`);
  return judgement.key;
};

/** The only way in which a key is shown. */
export const hintOf = (value: string) => judged(value).hint;

export const fingerprintOf = (value: string) => judged(value).fingerprint;
