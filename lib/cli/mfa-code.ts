import type { Terminal } from './terminal';

/** Asks for the code of an MFA device, for a profile that takes one. It works once, within half a minute. */
export async function askMfaCode(device: string, terminal: Terminal): Promise<string> {
  if (!terminal.interactive)
    throw new Error(`The profile asks for an MFA code of ${device}, and this is not a terminal.`);
  return (await terminal.hidden(`MFA code of ${device}:`)).trim();
}
