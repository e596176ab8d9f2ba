import { describeKey, noticesSent } from '../describe-key';
import { EXIT } from '../exit-code';
import { keyVerb } from '../key-verb';

/** Everything known about one key. */
export const show = keyVerb({
  name: 'show',
  summary: 'show one key: versions, deadlines, last rotation, notices',
  about:
    'Shows everything known about one key, except its value. It lists the ids of the notices sent about it: a mail that names one of them is genuine.',
  examples: ['show prod/api-gateway', 'show prod/api-gateway --json'],
  seeAlso: ['status', 'check', 'submit'],
  document: 'show/1',
  claimed: true,
  plan: (key, _, { store, clock }) => ({
    async execute() {
      const versions = await store.listVersions(key.secret.arn);
      const { name, identity, policy, memory, dueAt, retiring, submittedVersion, pendingVersion } = key;
      const known = { policy, memory, dueAt, retiring, submittedVersion, pendingVersion, versions };
      return {
        exit: EXIT.fine,
        json: { key: name, ...identity, ...known, notices: noticesSent(key) },
        text: (style) => describeKey(key, versions, clock.now(), style),
      };
    },
  }),
});
