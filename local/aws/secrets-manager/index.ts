import type { Clock } from '../../../lib/workflows/ports';
import { type Operations, perform } from '../operation';
import { fleetOperations } from './fleet';
import { lifecycleOperations } from './lifecycle';
import { rotationOperations, startRotation } from './rotation';
import {
  type InvokeRotation,
  type ReportRotation,
  type RotationRun,
  RotationRunner,
} from './rotation-runner';
import { DEFAULT_SETTINGS, type SecretsManagerSettings } from './settings';
import { holderOf, type Secret } from './state';
import { tagOperations } from './tags';
import { Vault } from './vault';
import { versionOperations } from './versions';

export type { RotationEvent, RotationNews, RotationRun } from './rotation-runner';
export type { SecretsManagerSettings } from './settings';
export type { Secret, Version } from './state';

export interface SecretsManagerProps {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly invoke: InvokeRotation;
  readonly functionExists: (arn: string) => boolean;
  readonly report: ReportRotation;
}

/** The embedded Secrets Manager: its API, and the levers that only its world has. */
export class FakeSecretsManager {
  readonly settings: SecretsManagerSettings = { ...DEFAULT_SETTINGS };
  readonly operations: Operations;
  readonly #vault: Vault;
  readonly #runner: RotationRunner;

  constructor(props: SecretsManagerProps) {
    const prefix = `arn:aws:secretsmanager:${props.region}:${props.accountId}:secret:`;
    this.#vault = new Vault(props.clock, this.settings, prefix);
    this.#runner = new RotationRunner(this.#vault, props.invoke, props.report);
    this.operations = {
      ...lifecycleOperations(this.#vault),
      ...versionOperations(this.#vault),
      ...fleetOperations(this.#vault),
      ...tagOperations(this.#vault),
      ...rotationOperations(this.#vault, this.#runner, props.functionExists),
    };
  }

  /** Asks without HTTP, signature or recording, e.g. to set a stage. */
  perform(operation: string, params: object): Promise<object> {
    return perform(this.operations, operation, params, { accessKeyId: 'stage-hand' });
  }

  /** The true state of a secret, whatever readers see of it. */
  inspect(secretId: string): Secret | undefined {
    return this.#vault.find(secretId);
  }

  all(): readonly Secret[] {
    return this.#vault.all();
  }

  get rotations(): readonly RotationRun[] {
    return this.#runner.runs;
  }

  /** Resolves when no rotation runs or waits any more. */
  settle(): Promise<void> {
    return this.#runner.settle();
  }

  /** Forgets rotations that were asked for and have not begun: Secrets Manager never got round to them. */
  dropWaitingRotations(): void {
    this.#runner.dropWaiting();
  }

  /** Starts the rotation of every secret that is due for it, once a day for as long as it fails, and says which. */
  openRotationWindows(): readonly string[] {
    const now = this.#vault.clock.now();
    const due = this.#vault.all().filter((secret) => !secret.deleted && this.#isDue(secret, now));
    for (const secret of due) this.#openWindow(secret, now);
    return due.map((secret) => secret.name);
  }

  /** Remembers all secrets. Returns what puts them back, and drops rotations that have not begun. */
  snapshot(): () => void {
    const restore = this.#vault.snapshot();
    return () => {
      this.#runner.dropWaiting();
      restore();
    };
  }

  #isDue({ rotation }: Secret, now: Date): boolean {
    if (!rotation?.enabled || rotation.nextAt === undefined || rotation.nextAt > now) return false;
    const { windowOpenedAt: opened } = rotation;
    return opened === undefined || now.getTime() - opened.getTime() >= this.settings.windowsReopenAfter;
  }

  /** A rotation that was left unfinished is taken up again, under its own token. */
  #openWindow(secret: Secret, now: Date): void {
    const opened = { ...secret, rotation: { ...secret.rotation!, windowOpenedAt: now } };
    const pending = holderOf(secret, 'AWSPENDING');
    const unfinished = pending && !pending.labels.includes('AWSCURRENT') ? pending.id : undefined;
    this.#vault.write(opened);
    startRotation(this.#vault, this.#runner, opened, unfinished ?? this.#runner.newToken(secret.arn));
  }
}
