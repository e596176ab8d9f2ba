/** Statements by which AWS acts in the name of a role: no call of ours shows them. */
const BY_AWS: Readonly<Record<string, string>> = {
  Log: '(Lambda writes the log of a function with its role)',
  NetworkInterfaces: '(Lambda puts a function into a VPC with its role)',
  Failures: '(Lambda keeps what failed to the end, with the role)',
  FailuresEncryption: '(the same, into an encrypted queue)',
  Undelivered: '(Scheduler keeps what a function refused, with the role)',
  UndeliveredEncryption: '(the same, into an encrypted queue)',
};

/** Statements about what the embedded world does not have. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  Schedules: '(doctor looks whether a key still has its schedule)',
};

/** Why something is allowed that no flow does; undefined where only a flow can be the reason. */
export const reasonFor = (statement: string): string | undefined =>
  BY_AWS[statement] ?? NOT_PLAYED[statement];
