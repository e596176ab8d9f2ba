import { isAnthropics, saysWhy, type WhoSwitched } from '../../console/who';
import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { Evidence } from '../../probe/verdict';
import type { RefusedReason } from '../../probe/vote';
import type { Observation } from '../../secret';
import { elapsed, HOUR } from '../../time';
import * as actions from '../../wording/actions';
import { CONSOLE } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import { afterALeak, putInAnotherKey, rollBack } from '../../wording/steps';
import { absolute, hintText, moment, token } from '../../wording/text';
import { whoInWords } from '../../wording/who';
import { defineKind, type NoticeContext, type Step } from '../finding';
import { DAILY, FIRST } from '../repeat';
import { wasAnnounced } from './leaked';

/** From this many refused keys of an environment on, one alarm tells of all of them at first. */
const MANY_REFUSED = 3;

/** How long a key must be refused to get a mail of its own then. */
const REFUSED_QUIETLY = 6 * HOUR;

/** Several keys of the environment are refused, and it began not long ago: the alarm tells of it. */
export const alarmTells = ({ refusedKeys = 0 }: Pick<Observation, 'refusedKeys'>, since: Date, now: Date) =>
  refusedKeys >= MANY_REFUSED && elapsed(since, now) < REFUSED_QUIETLY;

/** Anthropic, or something on the way, refuses the live key again and again, and nothing proves it dead. */
export interface Refused {
  readonly current: KeyRef;
  readonly since: Date;
  readonly evidence: Evidence;
  readonly because: RefusedReason;
  /** It was reported as leaked, or switched off through this system. */
  readonly onPurpose: boolean;
  /** Who switched it off, by Anthropic's Activity Feed. Absent without Admin access. An actor of the kind `anthropic` means a leak. */
  readonly who?: WhoSwitched;
  /** Several keys of the environment are refused, and it began not long ago: the alarm tells of it. */
  readonly alarmTells: boolean;
  /** An earlier key that still works. */
  readonly fallback?: KeyRef;
}

export const refused = defineKind({
  kind: 'refused',
  severity: 'critical',
  repeat: DAILY,
  snooze: false,
  event: 'Key Refused',
  establishedBy: 'live-answer',
  ends: { says: 'the live key is accepted again', ofLiveKey: true, onceItAnswers: true },
  reportedOtherwise: ({ details: { alarmTells, onPurpose, current }, reminder }, { notices }) =>
    alarmTells || (onPurpose && reminder === FIRST && wasAnnounced(notices, current.fingerprint)),
  alarms: [
    {
      name: 'keys-refused',
      section: 'refused-keys',
      metric: METRIC.keysRefused,
      says: 'A key in use is refused again and again, and nothing proves that it is dead: it is, or a gateway on the way refuses every key.',
      counts: ({ onPurpose }) => !onPurpose,
      atOnce: true,
    },
  ],
  need: { word: 'REFUSED', next: 'look at the key in the Console, and at the network path', verb: 'show' },
  page: 'live key is refused, not proven dead',
  listed: ({ verdict }) => verdict?.refusedSince !== undefined,
  published: ({ alarmTells: _, ...details }) => details,
  mail: (
    { current, since, evidence, because, onPurpose, who, fallback }: Refused,
    context: NoticeContext,
    repeats: string,
  ) => {
    const leaked = isAnthropics(who);
    return {
      headline: leaked
        ? `LEAK: disabled by Anthropic; refused since ${absolute(since)}`
        : onPurpose
          ? `No key since ${absolute(since)}: off on purpose, not proven dead`
          : `KEY IS REFUSED since ${absolute(since)}: the service may be failing`,
      facts: [
        `The live API key ${hintText(current.hint)} has been refused since ${moment(since, context.now)}. ${whyRefused(onPurpose, who)}`,
        ...(leaked ? [] : [WHY_NOT[because](token(evidence.veto))]),
        ...(fallback
          ? [`The old key ${hintText(fallback.hint)} still works: going back to it is the fastest fix.`]
          : []),
      ],
      keys: [['Refused key', current], ...(fallback ? [['Old key', fallback] as const] : [])],
      steps: [
        ...(leaked ? [] : [onPurpose ? LOOK_THAT_IT_IS_OFF : LOOK]),
        ...(fallback
          ? [
              rollBack(
                context,
                leaked
                  ? 'Go back to the old key now:'
                  : 'If it is off there, or the service fails, go back to the old key:',
                fallback,
              ),
            ]
          : []),
        ...putInAnotherKey(context, leaked || onPurpose ? 'Create' : 'If it is off there, create'),
        ...lastSteps(context, { current, onPurpose, who }),
      ],
      more: leaked ? 'leak' : 'refused',
      consequence: [
        `If the key is dead, every call from the service fails until another key is live. Nothing is moved or switched off while that is not proven. This mail repeats ${repeats}.`,
      ],
      evidence: [
        'Two probes at least 60 seconds apart were refused with "authentication_error".',
        probed(evidence, context.now),
      ],
    };
  },
});

/** What may be behind the refusals, and is still to do. Nobody looks for a gateway where the feed says who switched the key off. */
function lastSteps(
  context: NoticeContext,
  { current, onPurpose, who }: Pick<Refused, 'current' | 'onPurpose' | 'who'>,
): readonly Step[] {
  if (isAnthropics(who)) return afterALeak(context, current, onPurpose);
  if (onPurpose) return [['Once the new key is live, it shows whether the refusals are about this one.']];
  if (saysWhy(who)) return [];
  return [
    [
      'If it is active there, look for a gateway or proxy between the functions and Anthropic. Then check again:',
      actions.check(context),
    ],
  ];
}

/** Why the key is refused, as far as it is known. That nothing is known of who switched it off says nothing: perhaps nobody did. */
function whyRefused(onPurpose: boolean, who: WhoSwitched | undefined): string {
  if (saysWhy(who)) return `${whoInWords(who)} It is not proven dead.`;
  if (onPurpose)
    return 'It was reported as leaked or switched off through this system, and may be dead; that is not proven.';
  const doubt = 'It may be dead, or something between here and Anthropic refuses it; that is not proven.';
  return who?.kind === 'known' ? `${doubt} ${whoInWords(who)}` : doubt;
}

const WHY_NOT: Readonly<Record<RefusedReason, (header: string | undefined) => string>> = {
  'uncontrolled-401': () =>
    'No other key was accepted through the same client at the same time. That would have shown that the refusals are about this key.',
  'vetoed-401': (header) =>
    `The answer carries a header that speaks against a dead key${header ? ` (${header})` : ''}.`,
  'unsigned-401': () =>
    "The answer carries no request id of Anthropic's: nothing shows that Anthropic gave it.",
};

const LOOK: Step = [
  'Check whether the service gets answers from Anthropic, and whether the key is active in the Claude Console:',
  { link: CONSOLE.keys },
];

const LOOK_THAT_IT_IS_OFF: Step = [
  'Check in the Claude Console that the key is off, and disable it if it is not:',
  { link: CONSOLE.keys },
];
