import { KEY_FIELD } from '../../refusal';
import { utcDay } from '../../time';
import { putInFirstKey } from '../../wording/steps';
import { moment } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** Deployed, and still without its first key. */
export interface AwaitingFirstKey {
  readonly since: Date;
}

export const awaitingFirstKey = defineKind({
  kind: 'awaiting-first-key',
  severity: 'warning',
  repeat: { days: [0, 1, 3, 7], every: 7 },
  event: 'Key Awaited',
  digest: { waits: () => true, details: ({ createdAt: since }) => ({ since }) },
  need: { word: 'no key yet', next: 'create the first key', verb: 'submit' },
  listed: ({ phase }) => phase === 'awaiting-first-key',
  mail: ({ since }: AwaitingFirstKey, context: NoticeContext, repeats: string) => ({
    headline: `No key yet (deployed ${utcDay(since)}): create one`,
    facts: [
      `The secret of this service was deployed at ${moment(since, context.now)} and holds no key yet. Only a person can create an Anthropic API key, in the Claude Console.`,
    ],
    keys: [],
    steps: [
      ...putInFirstKey(context),
      [`Have the service read its key from the ${KEY_FIELD} field of the secret.`],
    ],
    consequence: [`The service has no key and cannot call Anthropic. This mail repeats ${repeats}.`],
    evidence: ['The secret still holds the empty value it was deployed with.'],
  }),
});
