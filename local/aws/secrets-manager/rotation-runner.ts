import { uuidFrom } from '../../../lib/cli/submit/submission-token';
import { labelled } from './rotation-state';
import type { Vault } from './vault';

export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** What Secrets Manager sends to a rotation function. */
export interface RotationEvent {
  readonly Step: RotationStep;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** One rotation as it went, for tests and timelines. */
export interface RotationRun {
  readonly secretArn: string;
  readonly token: string;
  readonly purpose: 'rotation' | 'configuration-test';
  outcome: 'waiting' | 'running' | 'succeeded' | 'failed' | 'abandoned';
  attempts: number;
  /** Message of each failed attempt. */
  readonly errors: string[];
}

/** What Secrets Manager reports to CloudTrail of a rotation that it runs. */
export interface RotationNews {
  readonly name: 'RotationStarted' | 'RotationSucceeded' | 'RotationFailed' | 'RotationAbandoned';
  readonly secretArn: string;
}

export type ReportRotation = (news: RotationNews) => void;

export type InvokeRotation = (functionArn: string, event: RotationEvent) => Promise<void>;

const REPORTED: { readonly [outcome in RotationRun['outcome']]?: RotationNews['name'] } = {
  succeeded: 'RotationSucceeded',
  failed: 'RotationFailed',
  abandoned: 'RotationAbandoned',
};

const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/**
 * Runs rotations in the background. A failed attempt starts again from the first step; after the last one AWSPENDING stays where
 * it is, as AWS leaves it. A version that lost AWSPENDING meanwhile is abandoned.
 */
export class RotationRunner {
  readonly runs: RotationRun[] = [];
  readonly #running = new Set<Promise<void>>();
  #waiting: (() => Promise<void>)[] = [];

  constructor(
    private readonly vault: Vault,
    private readonly invoke: InvokeRotation,
    private readonly report: ReportRotation,
  ) {}

  rotate(secretArn: string, token: string): void {
    this.#start({ secretArn, token, purpose: 'rotation', outcome: 'waiting', attempts: 0, errors: [] });
  }

  /** What configuring without rotating does: testSecret alone, on a version that exists only for the test. */
  test(secretArn: string): void {
    const token = this.newToken(secretArn);
    this.#start({
      secretArn,
      token,
      purpose: 'configuration-test',
      outcome: 'waiting',
      attempts: 0,
      errors: [],
    });
  }

  /** A token for a rotation that Secrets Manager starts by itself. */
  newToken(secretArn: string): string {
    return uuidFrom(`${secretArn}/rotation/${this.runs.length + 1}`);
  }

  /** Resolves when nothing runs or waits any more. */
  async settle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#running.size > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const run of waiting) await run();
      await Promise.all(this.#running);
    }
  }

  /** Forgets rotations that have not begun: Secrets Manager never got round to them. */
  dropWaiting(): void {
    this.#waiting = [];
  }

  #start(run: RotationRun): void {
    this.runs.push(run);
    const go = () => (run.purpose === 'rotation' ? this.#rotation(run) : this.#configurationTest(run));
    if (this.vault.settings.rotationsStart === 'on-settle') {
      this.#waiting.push(go);
      return;
    }
    const running = new Promise<void>((resolve) => setImmediate(resolve)).then(go);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #rotation(run: RotationRun): Promise<void> {
    const { secretArn } = run;
    this.report({ name: 'RotationStarted', secretArn });
    await this.#tryOften(run);
    const name = REPORTED[run.outcome];
    if (name) this.report({ name, secretArn });
  }

  async #tryOften(run: RotationRun): Promise<void> {
    const { clock, settings } = this.vault;
    run.outcome = 'running';
    while (run.outcome === 'running') {
      run.attempts += 1;
      const failure = await this.#attempt(run);
      if (failure === undefined) return;
      run.errors.push(failure);
      if (run.attempts >= settings.rotationAttempts) run.outcome = 'failed';
      else await clock.sleep(settings.rotationRetryAfter);
    }
  }

  /** All four steps once. Returns why it failed; sets the outcome where there is nothing left to try. */
  async #attempt(run: RotationRun): Promise<string | undefined> {
    const state = labelled(this.vault, run);
    for (const step of STEPS) {
      await this.vault.clock.sleep(this.vault.settings.rotationStepTakes);
      const functionArn = state.functionArn();
      if (functionArn === undefined) {
        run.outcome = 'abandoned';
        return undefined;
      }
      const failure = await this.#step(functionArn, run, step);
      if (failure !== undefined) return failure;
    }
    if (!state.current()) return 'finishSecret succeeded without making the new version current.';
    state.complete();
    run.outcome = 'succeeded';
    return undefined;
  }

  async #configurationTest(run: RotationRun): Promise<void> {
    const state = labelled(this.vault, run);
    run.outcome = 'running';
    run.attempts = 1;
    state.addTemporary();
    const functionArn = state.functionArn();
    const failure = functionArn === undefined ? undefined : await this.#step(functionArn, run, 'testSecret');
    if (failure !== undefined) run.errors.push(failure);
    state.removeTemporary();
    run.outcome = failure === undefined ? 'succeeded' : 'failed';
  }

  async #step(functionArn: string, run: RotationRun, step: RotationStep): Promise<string | undefined> {
    try {
      await this.invoke(functionArn, { Step: step, SecretId: run.secretArn, ClientRequestToken: run.token });
      return undefined;
    } catch (error) {
      return `${step}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}
