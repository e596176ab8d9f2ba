import type { KeyRef } from '../../key';
import type { Home } from '../../probe/verdict';
import { nameHome } from '../../wording/phrases';
import { putInAnotherKey } from '../../wording/steps';
import { hintText } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { URGENT } from '../repeat';
import { UNUSABLE_ALARM } from './not-a-key';

/** The live key works, but belongs to another organization or workspace than its environment. */
export interface Foreign {
  readonly current: KeyRef;
  readonly seen: Home;
  readonly expected: Home;
}

const place = (home: Home) => nameHome(home) || 'an unknown workspace';

export const foreign = defineKind({
  kind: 'foreign',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Foreign',
  establishedBy: 'live-answer',
  alarms: [UNUSABLE_ALARM],
  ends: { says: 'the key is in the expected workspace', ofLiveKey: true },
  need: { word: 'wrong workspace', next: 'put in a key of the right workspace', verb: 'submit' },
  page: 'in the wrong workspace',
  listed: WHEN_REPORTED,
  mail: ({ current, seen, expected }: Foreign, context: NoticeContext) => ({
    headline: 'Live key belongs to another workspace: replace it',
    facts: [
      `The API key ${hintText(current.hint)} works, but it belongs to ${place(seen)}. This environment expects ${place(expected)}.`,
    ],
    keys: [['Key', current]],
    steps: [
      [
        'If that workspace is right, name it as workspaceId (and organizationId) of the environment in keys.yaml, and deploy. Then nothing else is needed.',
      ],
      ...putInAnotherKey(context, 'Otherwise create'),
    ],
    more: 'edit',
    consequence: [
      'The service keeps using a key that somebody else pays for, limits, and may switch off at any time.',
    ],
    evidence: [
      'Every answer from Anthropic names an organization and a workspace. They were compared with those of the environment.',
    ],
  }),
});
