import type { KeyRef } from '../../key';
import { hintText } from '../../wording/text';
import { defineKind } from '../finding';

/** Something that was reported is over. */
export interface Resolved {
  /** The kind that is over. */
  readonly was: string;
  /** What is true now, as the row of that kind says it. */
  readonly says: string;
  readonly current?: KeyRef;
}

export const resolved = defineKind({
  kind: 'resolved',
  severity: 'info',
  snooze: false,
  event: 'Key Resolved',
  published: ({ was, current }) => ({ was, current }),
  mail: ({ says: now, current }: Resolved) => {
    return {
      headline: `Resolved: ${now}`,
      facts: [`${now[0]!.toUpperCase()}${now.slice(1)}. The problem that an earlier mail reported is over.`],
      keys: current ? [['Key', current]] : [],
      steps: [['Nothing.']],
      consequence: [
        `Nothing happens${current ? `: the key ${hintText(current.hint)} is checked as before` : ''}.`,
      ],
      evidence: ['The latest check no longer found the reported problem.'],
    };
  },
});
