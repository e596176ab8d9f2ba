/** What the shell gets. Pipelines may rely on it. `incomplete`: of several places one could not be read, whatever the others say. */
export const EXIT = { fine: 0, failed: 1, wrongUsage: 2, attention: 3, incomplete: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line is wrong as it stands, such as an unknown key or option value. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** `more`: further lines. */
  constructor(
    message: string,
    readonly more: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Ctrl-C. The message says what state things are in. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(message = 'Interrupted. A function that was started will finish; `show` says how it ended.') {
    super(message);
  }
}
