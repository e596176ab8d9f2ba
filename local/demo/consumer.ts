import { elapsed, HOUR } from '../../lib/domain/time';
import type { Hands } from './hands';

/** The application behind a key: it works every hour, and takes up a new key when it reads the secret again. */
export class Consumer {
  #held = '';
  #noticedAt: Date | undefined;
  #workedUntil: Date;

  constructor(
    private readonly hands: Hands,
    start: Date,
  ) {
    this.#workedUntil = start;
  }

  /** Works through the hours until now. Only an environment with Admin access ever asks what was used. */
  workUntil(now: Date): void {
    const from = this.#workedUntil;
    this.#workedUntil = now;
    this.#readSecret(now);
    if (this.#held === '' || !this.hands.site.adminAccess) return;
    for (let at = from.getTime(); at < now.getTime(); at += HOUR) {
      const hour = new Date(at).getUTCHours();
      const requests = hour >= 8 && hour < 18 ? 90 : 25;
      this.hands.site.anthropic.recordUsage(this.#held, { at: new Date(at), requests });
    }
  }

  #readSecret(now: Date): void {
    const { live, clingsFor } = this.hands;
    if (live === this.#held || !live.startsWith('sk-ant-')) return;
    this.#noticedAt ??= now;
    if (this.#held !== '' && elapsed(this.#noticedAt, now) < clingsFor * HOUR) return;
    this.#held = live;
    this.#noticedAt = undefined;
  }
}
