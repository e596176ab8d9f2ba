import type { KeyRef } from '../../key';
import { switchOn } from '../../wording/steps';
import { freeText, hintText, token } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** A superseded key is about to be switched off at Anthropic. */
export interface Deactivating {
  readonly retiring: KeyRef;
  readonly recordId: string;
  readonly why: string;
}

export const deactivating = defineKind({
  kind: 'deactivating',
  severity: 'warning',
  event: 'Key Deactivating',
  establishedBy: 'deadline',
  again: (o, about) => {
    const retiring = o.retiring.find(({ ref }) => ref.fingerprint.startsWith(about))?.ref;
    const record = o.inspections.find(({ fingerprint }) => fingerprint === retiring?.fingerprint)?.record;
    // An active one was not switched off: whoever does it announces it.
    if (!retiring || !record || record.status === 'active') return undefined;
    return { retiring, recordId: record.id, why: 'The mail of this id says why.' };
  },
  history: ({ retiring, why }) => ({ step: 'deactivated', fingerprint: retiring.fingerprint, note: why }),
  mail: ({ retiring, recordId, why }: Deactivating, context: NoticeContext) => ({
    headline: 'Old key is being switched off now (can be undone)',
    facts: [
      `Right after this mail, the old key ${hintText(retiring.hint)} is set to inactive at Anthropic. ${freeText(why, 400)}`,
    ],
    keys: [['Old key', retiring]],
    steps: [['Nothing, if all services use the new key.'], switchOn(context, retiring)],
    consequence: [
      'The old key stays off. A later check proves it dead and sends "Rotation complete". The key is never deleted, so it can be switched on again.',
    ],
    evidence: [
      `Record ${token(recordId) ?? '(id unknown)'} at Anthropic is the only one that matches the old key, and it is not the live key's record. The live key worked in the same run.`,
    ],
  }),
});
