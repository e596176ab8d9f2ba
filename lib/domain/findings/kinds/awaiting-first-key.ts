import { utcDay } from '../../time';
import type { Write } from '../../wording/sheet';
import { putInFirstKey } from '../../wording/steps';
import { moment } from '../../wording/text';

export const awaitingFirstKey: Write<'awaiting-first-key'> = ({ since }, context) => ({
  headline: `First key is missing since ${utcDay(since)}: create one`,
  truth: [
    `The secret of this service was deployed at ${moment(since, context.now)} and holds no key yet. Anthropic lets only a person create an API key, in the Claude Console.`,
  ],
  keys: [],
  steps: [
    ...putInFirstKey(context),
    ['Let the service read the key from the field ANTHROPIC_API_KEY of the secret.'],
  ],
  otherwise: [
    'The service has no key and cannot call Anthropic. This is said again after 1, 3 and 7 days, then every week.',
  ],
  evidence: ['The secret still holds the empty value it was deployed with.'],
});
