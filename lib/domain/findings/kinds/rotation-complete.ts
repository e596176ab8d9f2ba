import { isAnthropics, saysWhy, type WhoSwitched } from '../../console/who';
import type { KeyRef } from '../../key';
import type { Timeline } from '../../memory';
import type { Evidence } from '../../probe/verdict';
import { MINUTE, plus } from '../../time';
import { probed } from '../../wording/phrases';
import { findTheLeak, switchOn } from '../../wording/steps';
import { absolute, freeText, hintText, moment, token } from '../../wording/text';
import { whoInWords } from '../../wording/who';
import { defineKind, type NoticeContext } from '../finding';

/** How a superseded key was found to be dead. Source: "The flows" in docs/architecture.md. */
export type ProofOfDeath =
  | { readonly by: 'probe'; readonly evidence: Evidence; readonly recordStatus?: string }
  | { readonly by: 'record'; readonly recordId: string; readonly recordStatus: string }
  | { readonly by: 'attestation'; readonly statement: string };

/** A superseded key is dead, with the proof. Without a `current` one, the secret needs no key any more. */
export interface RotationComplete {
  readonly retired: KeyRef;
  readonly proof: ProofOfDeath;
  readonly current?: KeyRef;
  readonly timeline: Timeline;
  readonly leaked: boolean;
  /** Who switched it off, by Anthropic's Activity Feed. Absent without Admin access. An actor of the kind `anthropic` means a leak. */
  readonly who?: WhoSwitched;
}

const LAST_KEY =
  'If it was the last one, take the key out of keys.yaml and deploy. Its secret stays until you delete it.';

export const rotationComplete = defineKind({
  kind: 'rotation-complete',
  severity: 'info',
  snooze: false,
  event: 'Key Proven Dead',
  establishedBy: 'old-answer',
  history: ({ retired, proof }) => ({
    step: 'proven-dead',
    fingerprint: retired.fingerprint,
    requestId: proof.by === 'probe' ? proof.evidence.requestId : undefined,
  }),
  mail: (details: RotationComplete, context: NoticeContext) => {
    const { retired, proof, current, timeline, leaked, who } = details;
    const hasLeaked = leaked || isAnthropics(who);
    return {
      headline: isNewLeak(details)
        ? 'LEAK: Anthropic disabled the old key; rotation complete'
        : `Rotation complete: the old key is ${OFF[proof.by]}`,
      facts: [
        `The old key ${hintText(retired.hint)} ${NO_MORE[proof.by]}. ${saysWhy(who) ? `${whoInWords(who)} ` : ''}${current ? `The new key ${hintText(current.hint)} works.` : 'The secret needs no key any more.'} Keep this mail as evidence of this rotation.`,
        ...course(timeline),
      ],
      keys: [...(current ? [['New key', current] as const] : []), ['Old key', retired]],
      steps: [
        isNewLeak(details) ? findTheLeak : [current ? 'Nothing. This rotation is done.' : LAST_KEY],
        hasLeaked
          ? [`Never switch the old key on again: it ${leaked ? 'was reported as leaked' : 'leaked'}.`]
          : switchOn(context, retired),
      ],
      ...(hasLeaked && { more: 'leak' as const }),
      consequence: [
        'Nothing happens. The old key is no longer checked: if somebody switches it on again, you get no mail.',
      ],
      evidence: proven(proof, current !== undefined, context.now),
    };
  },
});

/** No mail has told of the leak yet: Anthropic disabled the key when it was live no more, and nobody has reported it. */
const isNewLeak = ({ who, leaked, timeline: { promotedAt } }: RotationComplete): boolean =>
  who?.kind === 'known' &&
  isAnthropics(who) &&
  !leaked &&
  !(promotedAt && who.at < plus(promotedAt, -MINUTE));

const OFF = {
  probe: 'proven dead',
  record: "off, by Anthropic's record",
  attestation: 'off, as attested',
} as const;

const NO_MORE = {
  probe: 'no longer works',
  record: "is off according to Anthropic's record; no probe could prove it",
  attestation: 'is off according to a person; no probe could prove it',
} as const;

function course(timeline: Timeline): readonly string[] {
  const events: readonly (readonly [string, Date | undefined])[] = [
    ['submitted', timeline.submittedAt],
    [timeline.how === 'keyless' ? 'keyless' : 'live', timeline.promotedAt],
    ['grace period over', timeline.graceEndsAt],
    ['old key switched off', timeline.deactivatedAt],
    ['old key out of use', timeline.provenAt],
  ];
  const known = events.flatMap(([what, at]) => (at ? [`${what} ${absolute(at)}`] : []));
  return known.length > 0 ? [`Timeline: ${known.join(', ')}.`] : [];
}

function proven(proof: ProofOfDeath, replaced: boolean, now: Date): readonly string[] {
  switch (proof.by) {
    case 'probe':
      return [
        `Anthropic refused the old key twice, at least 60 seconds apart, and each time accepted another key through the same client.${replaced ? ' The new key was accepted in the same run.' : ''}`,
        probed(proof.evidence, now),
        ...(token(proof.recordStatus) ? [`Its record at Anthropic says: ${proof.recordStatus}.`] : []),
      ];
    case 'record':
      return [
        `Proven by record, not by probe: record ${token(proof.recordId) ?? '(id unknown)'} at Anthropic said ${token(proof.recordStatus) ?? 'off'} in two runs, and the key showed no sign of life.`,
      ];
    case 'attestation':
      return [
        `Attested by a person, not proven by a probe: "${freeText(proof.statement)}". Recorded at ${moment(now, now)}.`,
      ];
  }
}
