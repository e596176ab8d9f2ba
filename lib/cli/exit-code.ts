/** What the shell is told. A pipeline may rely on these. */
export const EXIT = { fine: 0, failed: 1, wrongUsage: 2, attention: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line makes no sense as it stands: an unknown key or option value. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Ctrl-C. Whoever throws it says in its message what state things are in. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(message = 'Interrupted. What a function has begun, it finishes; `show` tells how it ended.') {
    super(message);
  }
}
