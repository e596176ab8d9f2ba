/** Prefix of what is remembered on a secret at run time, apart from the policy that CDK writes. */
export const MEMORY_PREFIX = 'anthropic-key-state:';

/** The only tag keys that a function may write: its role names them one by one. */
export const MEMORY_TAG_KEYS = [
  'checked',
  'verdict',
  'notices',
  'notices-more',
  'record',
  'snooze',
  'rotation',
  'submission',
].map((key) => MEMORY_PREFIX + key);
