import { createHash } from 'node:crypto';

/** A judged key. Nothing prints it: `reveal` is the only way to the value. */
export class ApiKey {
  readonly #value: string;
  readonly hint: string;
  readonly fingerprint: string;

  constructor(value: string) {
    this.#value = value;
    this.hint = `${value.slice(0, 16)}…${value.slice(-4)}`;
    this.fingerprint = createHash('sha256').update(value).digest('hex').slice(0, 12);
  }

  reveal(): string {
    return this.#value;
  }
}
