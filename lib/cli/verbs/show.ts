import { describeKey, noticesSent } from '../describe-key';
import { EXIT } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { managedKey } from '../managed-key';
import type { Verb } from '../verb';

interface Intent {
  readonly key: string;
}

/** Everything that is known of one key. */
export const show: Verb<Intent> = {
  name: 'show',
  summary: 'show one key: versions, deadlines, last rotation, notices',
  about:
    'Shows everything that is known of one key, never its value. It lists the ids of the notices that were sent about it: a mail that names one of them is real.',
  argument: ['<key>', 'such as prod/api-gateway'],
  examples: ['show prod/api-gateway', 'show prod/api-gateway --json'],
  seeAlso: ['status', 'check', 'submit'],
  read: (key) => ({ key: readKeyName(key) }),
  async prepare({ key: wanted }, { store, clock }) {
    return {
      async execute() {
        const key = managedKey(await findKey(wanted, store));
        const versions = await store.listVersions(key.secret.arn);
        const { name, identity, policy, memory, dueAt, retiring, submittedVersion, pendingVersion } = key;
        return {
          exit: EXIT.fine,
          json: {
            key: name,
            ...identity,
            policy,
            memory,
            dueAt,
            retiring,
            submittedVersion,
            pendingVersion,
            versions,
            notices: noticesSent(key),
          },
          text: (style) => describeKey(key, versions, clock.now(), style),
        };
      },
    };
  },
};
