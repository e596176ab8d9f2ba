import { unacceptedFaultOf } from '../../fault';
import type { KeyRef } from '../../key';
import type { Stands } from '../../misplaced-key';
import { KEY_FIELD } from '../../refusal';
import { placeOfKey } from '../../wording/phrases';
import { hintText } from '../../wording/text';
import { defineKind, type NoticeContext, type Step, WHEN_REPORTED } from '../finding';

/** The live key stands where services that read the field, or the whole value, do not find it as it is. */
export interface Misplaced {
  readonly current: KeyRef;
  readonly stands: Stands;
  /** Anthropic accepted it in this run. */
  readonly works: boolean;
}

const UNUSABLE = `Services that read the field ${KEY_FIELD}, or the whole value, get no usable key.`;

const MEANS: Readonly<Record<Stands['at'], string>> = {
  blanks:
    'A service that does not trim it sends a broken header, or cannot send it at all: the Python client refuses to.',
  field: UNUSABLE,
  line: UNUSABLE,
  binary: 'Services that read SecretString get nothing, and no rotation can put another key in its place.',
};

const WRITE_AGAIN = 'The same key may be written again: nothing is rotated.';

/** What a rotation does with the place of the key, and how to mend it. */
const steps = ({ at }: Stands): readonly Step[] =>
  at === 'binary'
    ? [
        [
          `Store the key as text (SecretString), alone or in a field named ${KEY_FIELD}. Until then, submitted keys are refused. ${WRITE_AGAIN}`,
        ],
      ]
    : [
        [
          'If your services can use it as it is, there is nothing to do: a rotation exchanges the key in place and keeps everything else.',
        ],
        [
          at === 'blanks'
            ? `Otherwise edit the secret by hand and remove what is around the key. ${WRITE_AGAIN}`
            : `Otherwise edit the secret by hand so that the key stands in a text field named ${KEY_FIELD}. ${WRITE_AGAIN}`,
        ],
      ];

export const misplaced = defineKind({
  kind: 'misplaced',
  severity: 'warning',
  event: 'Key Misplaced',
  need: { word: 'misplaced', next: 'put it where services look', verb: 'show' },
  page: 'stands where services may not look',
  detect: ({ o, live, ref: current }) => {
    if (!current || live.content.kind !== 'key' || !live.content.stands || unacceptedFaultOf(o, live))
      return [];
    return [{ details: { current, stands: live.content.stands, works: live.verdict?.kind === 'ALIVE' } }];
  },
  listed: WHEN_REPORTED,
  mail: ({ current, stands, works }: Misplaced, _context: NoticeContext, repeats: string) => ({
    headline:
      stands.at === 'blanks'
        ? 'Key has blanks around it: some services cannot use it'
        : 'Key stands where services may not look',
    facts: [
      `The live API key ${hintText(current.hint)} ${works ? 'works, but it stands' : 'stands'} ${placeOfKey(stands)}. ${MEANS[stands.at]}`,
    ],
    keys: [['Key', current]],
    steps: steps(stands),
    more: 'edit',
    consequence: [
      `${stands.at === 'blanks' ? 'Services that do not trim the key' : 'Services that look elsewhere get no key and'} fail. The key is checked, reminded of and retired like any other. This mail is sent ${repeats}; the weekly report keeps listing the key.`,
    ],
    evidence: ['The live version was read and judged by its form. Only the place of the key is shown.'],
  }),
});
