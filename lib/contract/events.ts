import { EVENT_SOURCE } from './names';

/**
 * Events after which the live key is another one: a promotion, an accepted edit by hand, and a way back. A bad edit that stands is none of them: whoever
 * reads the secret again then gets a key that does not work.
 */
export const KEY_CHANGED = ['Key Promoted', 'Key Rolled Back'] as const;

/** EventBridge pattern of the changes of one live key. */
export const keyChangedPattern = (environment: string, service: string) => ({
  source: [EVENT_SOURCE],
  detailType: [...KEY_CHANGED],
  detail: { environment: [environment], service: [service] },
});
