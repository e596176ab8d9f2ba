import type { KeyRef } from '../../key';
import type { Memory } from '../../memory';
import { utcDay } from '../../time';
import { rollBack } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';
import { defineKind, type NoticeContext, readFindingId, WHEN_REPORTED } from '../finding';

/** The word KEYLESS is live: nobody needs a key of this secret any more, and the old ones are followed until they are dead. */
export interface Keyless {
  readonly version: string;
  readonly retiring: readonly { readonly key: KeyRef; readonly until: Date }[];
}

export const keyless = defineKind({
  kind: 'keyless',
  about: 'version',
  severity: 'warning',
  snooze: false,
  event: 'Key Not Needed',
  listed: WHEN_REPORTED,
  history: () => ({ step: 'direct-edit', note: 'KEYLESS: the secret needs no key any more' }),
  mail: ({ retiring }: Keyless, context: NoticeContext) => {
    const { now } = context;
    const last = retiring.filter(({ until }) => until > now).at(-1);
    return {
      headline: last
        ? `Keyless: the last key is kept until ${utcDay(last.until)}`
        : 'Keyless: no key is needed any more',
      facts: [
        'Somebody wrote the word KEYLESS into the secret: its services need no key any more. A service that still reads its key there fails.',
        ...retiring.map(({ key, until }) =>
          until > now
            ? `The key ${hintText(key.hint)} is an old key now. Its grace period ends ${moment(until, now)}.`
            : `The old key ${hintText(key.hint)} gets no more time: its grace period is over.`,
        ),
      ],
      keys: retiring.map(({ key }) => ['Old key', key] as const),
      steps: [
        ['Nothing, if all services of this key work without it.'],
        ...(last ? [rollBack(context, 'If not, go back to the key while it works:', last.key)] : []),
      ],
      consequence: [
        retiring.length > 0
          ? 'When the grace period is over, you are asked to switch off the old key, even if the policy lets a function do that for others. It is followed until it is proven dead. Then take the key out of keys.yaml and deploy.'
          : 'No key is left to be followed. Take the key out of keys.yaml and deploy.',
      ],
      evidence: ['The live version holds the word KEYLESS, alone or in the field of the key.'],
    };
  },
});

/** As a listing knows it, which reads no value: no key is live, and the mail that none is needed was the last about that. */
export const isKeyless = ({ verdict, notices }: Pick<Memory, 'verdict' | 'notices'>) =>
  verdict === undefined && Object.keys(notices).some((id) => readFindingId(id).kind === keyless.kind);
