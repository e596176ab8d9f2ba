import type { KeyRef, NoKey } from '../../key';
import { METRIC } from '../../metrics';
import { describeContent } from '../../wording/phrases';
import { makeCurrent, putInAnotherKey } from '../../wording/steps';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { URGENT } from '../repeat';

/** Whatever is wrong with the live value, its service fails or works as somebody else. A key that died while it was live has an alarm of its own. */
export const UNUSABLE_ALARM = {
  name: 'key-unusable',
  section: 'unusable-key',
  metric: METRIC.keyUnusable,
  says: 'A secret holds no usable key of this environment: it is empty or malformed, or holds other text, a dead key that was never accepted, or a key from elsewhere.',
} as const;

/** AWSCURRENT holds no usable key: a deliberate stop or a malformed paste. */
export interface NotAKey {
  readonly content: NoKey;
  readonly accepted?: KeyRef;
  /** The live version, so that the notice can name the way back. */
  readonly version?: string;
}

/** The text itself says so. */
const onPurpose = (content: NoKey) => content.kind !== 'placeholder' && content.reason === 'stopped';

export const notAKey = defineKind({
  kind: 'not-a-key',
  about: 'version',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Missing',
  alarms: [UNUSABLE_ALARM],
  need: { word: 'no key', next: 'ask why, or put in a key', verb: 'submit' },
  page: 'holds no key',
  listed: WHEN_REPORTED,
  published: ({ content, accepted, version }) => ({
    content: content.kind,
    reason: content.kind === 'placeholder' ? describeContent(content) : content.reason,
    version,
    accepted,
  }),
  mail: ({ content, accepted, version }: NotAKey, context: NoticeContext) => {
    const stopped = content.kind !== 'malformed';
    return {
      headline: stopped ? 'Stopped: the secret holds no key' : 'The secret holds no usable key',
      facts: [
        onPurpose(content)
          ? 'The secret holds the word DISABLED or similar: somebody seems to have stopped this service on purpose.'
          : `The live version of the secret holds no usable API key. ${describeContent(content)}`,
        stopped
          ? 'A deliberate stop is respected, so nothing is undone automatically.'
          : 'It looks like a failed paste.',
      ],
      keys: accepted ? [['Last key', accepted]] : [],
      steps: [
        ['Ask whoever changed the secret. If the service was stopped on purpose, there is nothing to do.'],
        ...(accepted && version
          ? [
              makeCurrent(
                context,
                'If not, and the last key has not leaked, go back to it:',
                accepted,
                version,
              ),
            ]
          : []),
        ...putInAnotherKey(context, accepted ? 'Otherwise create' : 'If not, create'),
      ],
      more: 'edit',
      consequence: ['Calls from the service fail as soon as it reads the secret again.'],
      evidence: ['The live version was read and judged by its form. Its content is shown nowhere.'],
    };
  },
});
