import { type KeyRef, shortId } from '../../key';
import { rotate } from '../../wording/steps';
import { hintText, token } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** The live key belongs to a person. */
export interface DiesWithItsOwner {
  readonly current: KeyRef;
  readonly recordId: string;
}

export const diesWithItsOwner = defineKind({
  kind: 'dies-with-its-owner',
  severity: 'warning',
  event: 'Key Personal',
  need: { word: 'personal key', next: 'replace it with a service account key', verb: 'submit' },
  page: 'belongs to a person',
  detect: ({ ref: current, record }) =>
    current && record?.personal
      ? [{ details: { current, recordId: record.id }, about: shortId(current.fingerprint) }]
      : [],
  listed: ({ personal }) => personal === true,
  mail: ({ current, recordId }: DiesWithItsOwner, context: NoticeContext, repeats: string) => ({
    headline: 'Personal key: replace it with a service account key',
    facts: [
      `The API key ${hintText(current.hint)} belongs to a person. It stops working the day that person leaves the Anthropic organization.`,
    ],
    keys: [['Key', current]],
    steps: rotate(context),
    consequence: [
      `Nothing for now. When the person leaves, every call from the service fails. This mail is sent ${repeats}; the weekly report keeps listing the key.`,
    ],
    evidence: [
      `Record ${token(recordId) ?? '(id unknown)'} at Anthropic names a person as its owner (Admin API).`,
    ],
  }),
});
