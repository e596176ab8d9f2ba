import type { Content } from '../../key';
import { REFUSALS, type Refusal } from '../../refusal';
import type { LiveState } from '../../secret';
import { CONSOLE } from '../../wording/commands';
import { hasNoUsableKey, placeOfKey, serviceUntilThen } from '../../wording/phrases';
import { findItsTeam, putInAnotherKey, READABLE } from '../../wording/steps';
import { hintText, token } from '../../wording/text';
import { defineKind, type NoticeContext, type Step, WHEN_REPORTED } from '../finding';

/** A submission was refused. Its version stays readable in the secret's history: the notice says what to do about that. */
export interface Rejected {
  readonly version: string;
  readonly reason: Refusal;
  readonly content: Content;
  readonly live: LiveState;
}

/** What to do with the refused text, by the row of its refusal. */
const DISPOSAL: Readonly<Record<(typeof REFUSALS)[Refusal]['disposal'], Step>> = {
  nothing: ['There is nothing to revoke: nobody can use what was submitted.'],
  keep: ['Do not revoke it: it is in use.'],
  settle: [
    'Fix that and submit the same key again, or disable it in the Claude Console and continue:',
    { link: CONSOLE.keys },
  ],
  watch: [
    'Look for it in the Claude Console. If it is active there, submit it again or disable it: it is checked for seven days, and you get a mail if it works. If it is not there, there is nothing to revoke.',
    { link: CONSOLE.keys },
  ],
  'ask-its-team': findItsTeam,
  revoke: [
    `Revoke what was submitted at its source: it ${READABLE}. For an Anthropic key, that is here:`,
    { link: CONSOLE.keys },
  ],
};

export const rejected = defineKind({
  kind: 'rejected',
  about: 'version',
  severity: 'warning',
  snooze: false,
  event: 'Key Rejected',
  page: 'submission refused',
  listed: WHEN_REPORTED,
  published: ({ version, reason, content, live }) => ({
    version,
    reason,
    what: content.kind === 'key' ? content.hint : 'no usable key',
    live,
  }),
  mail: ({ version, reason, content, live }: Rejected, context: NoticeContext) => ({
    headline: 'Submitted key was refused: nothing changed',
    facts: [
      `${content.kind === 'key' ? `The submitted key ${hintText(content.hint)}` : 'What was submitted'} was refused${hasNoUsableKey(live) ? '' : ', and the live key was left alone'}. ${REFUSALS[reason].says}`,
      ...(content.kind === 'key' && content.stands && content.stands.at !== 'blanks'
        ? [`It stands ${placeOfKey(content.stands)}.`]
        : []),
    ],
    keys: [],
    steps: [DISPOSAL[REFUSALS[reason].disposal], ...putInAnotherKey(context)],
    consequence: [
      `${serviceUntilThen(context, live)}${hasNoUsableKey(live) ? '' : " That key's deadline has not changed."}`,
    ],
    evidence: [
      `Version ${token(version) ?? '(id unknown)'} of the secret was judged. A key becomes live only after it has passed its own test.`,
    ],
  }),
});
