import { DAY, MINUTE } from '../../../lib/domain/time';

/** What a real account decides and AWS does not document, or what a test wants to be harsh. Change it at any time. */
export interface SecretsManagerSettings {
  /** Reads after a write go on seeing the state before it, for so many reads or milliseconds, whichever ends first. */
  lag: { readonly reads: number; readonly milliseconds?: number } | undefined;
  /**
   * Milliseconds for which a version without labels is kept. AWS promises to keep versions younger than 24 hours and the 100 most
   * recent ones; this world collects earlier, so that nothing comes to rely on the second promise.
   */
  keepsDeprecatedFor: number;
  /** Milliseconds before each step of a rotation: AWS takes some seconds for all four. */
  rotationStepTakes: number;
  /** How often a failed rotation is tried in all, from its first step. AWS says "multiple times". */
  rotationAttempts: number;
  /** Milliseconds between two tries. */
  rotationRetryAfter: number;
  /** `at-once` runs the steps in the background, `on-settle` leaves them to the next `settle()`. */
  rotationsStart: 'at-once' | 'on-settle';
  /** Whether the refused caller of "That rotation will be reattempted" sets off a new try of the earlier token. */
  reattemptsPrevious: boolean;
  /** Which puts abandon a running rotation: those that make a version current, or, read literally, any "new version" made by hand. */
  rotationAbandonedBy: 'current' | 'any-put';
  /** Where AWSPENDING is after success: AWS says that it "might be attached to the same version as AWSCURRENT", or to none. */
  pendingAfterSuccess: 'removed' | 'kept';
  /** Milliseconds after which the window of a secret that is overdue for rotation opens again. */
  windowsReopenAfter: number;
  /** What the temporary version holds that is made to test a rotation function when rotation is configured. */
  testVersionHolds: 'current' | 'nothing';
}

export const DEFAULT_SETTINGS: Readonly<SecretsManagerSettings> = {
  lag: undefined,
  keepsDeprecatedFor: DAY,
  rotationStepTakes: 350,
  rotationAttempts: 5,
  rotationRetryAfter: MINUTE,
  rotationsStart: 'at-once',
  reattemptsPrevious: false,
  rotationAbandonedBy: 'current',
  pendingAfterSuccess: 'removed',
  windowsReopenAfter: DAY,
  testVersionHolds: 'current',
};
