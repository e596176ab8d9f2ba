import type { KeyIdentity } from '../policy';
import { describeWithAws, keys } from './commands';
import { paragraph, section, whole } from './layout';

/** What every mail ends with, so that no mail of ours makes a forged one look normal: how to find the same without trusting it. */
export const isThisReal = (proof: string, commands: string) =>
  section('Is this mail real?', [
    paragraph(proof),
    whole(commands, '    '),
    paragraph(
      'Keys are never entered on a web page, in a form, in a chat or in a reply. Only into the hidden prompt of a command that you started yourself.',
    ),
  ]);

/** What a mail about one key ends with. */
export const ending = (key: KeyIdentity, id: string) =>
  isThisReal(
    `Your own checkout lists notice ${id} under this key; a plain AWS command shows the owner and the deadlines of the secret:`,
    `${keys('show', key)}\n${describeWithAws(key)}`,
  );
