import { utcDay } from '../../time';
import type { NoticeContext } from '../../wording/sheet';
import { putInFirstKey } from '../../wording/steps';
import { moment } from '../../wording/text';
import { defineKind } from '../finding';

/** Deployed, and no key was ever put in. */
export interface AwaitingFirstKey {
  readonly since: Date;
}

export const awaitingFirstKey = defineKind({
  kind: 'awaiting-first-key',
  severity: 'warning',
  repeat: { days: [0, 1, 3, 7], every: 7 },
  event: 'Key Awaited',
  need: { word: 'no key yet', next: 'create the first key', verb: 'submit' },
  listed: ({ phase }) => phase === 'awaiting-first-key',
  mail: ({ since }: AwaitingFirstKey, context: NoticeContext) => ({
    headline: `First key is missing since ${utcDay(since)}: create one`,
    facts: [
      `The secret of this service was deployed at ${moment(since, context.now)} and holds no key yet. Anthropic lets only a person create an API key, in the Claude Console.`,
    ],
    keys: [],
    steps: [
      ...putInFirstKey(context),
      ['Let the service read the key from the field ANTHROPIC_API_KEY of the secret.'],
    ],
    consequence: [
      'The service has no key and cannot call Anthropic. This is said again after 1, 3 and 7 days, then every week.',
    ],
    evidence: ['The secret still holds the empty value it was deployed with.'],
  }),
});
