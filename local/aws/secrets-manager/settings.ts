/** What a real account decides and AWS does not document, or what a test wants to be harsh. Change it at any time. */
export interface SecretsManagerSettings {
  /** Reads after a write go on seeing the state before it, for so many reads or milliseconds, whichever ends first. */
  lag: { readonly reads: number; readonly milliseconds?: number } | undefined;
  /** Milliseconds for which a version without labels is kept. AWS keeps versions younger than 24 hours; later is its choice. */
  keepsDeprecatedFor: number;
  /** How often a failed rotation is tried in all, from its first step. AWS says "multiple times". */
  rotationAttempts: number;
  /** Milliseconds between two tries. */
  rotationRetryAfter: number;
  /** `at-once` runs the steps in the background, `on-settle` leaves them to the next `settle()`. */
  rotationsStart: 'at-once' | 'on-settle';
  /** Whether the refused caller of "That rotation will be reattempted" sets off a new try of the earlier token. */
  reattemptsPrevious: boolean;
  /** What the temporary version holds that is made to test a rotation function when rotation is configured. */
  testVersionHolds: 'current' | 'nothing';
}

export const DEFAULT_SETTINGS: Readonly<SecretsManagerSettings> = {
  lag: undefined,
  keepsDeprecatedFor: 24 * 3_600_000,
  rotationAttempts: 5,
  rotationRetryAfter: 60_000,
  rotationsStart: 'at-once',
  reattemptsPrevious: false,
  testVersionHolds: 'current',
};
