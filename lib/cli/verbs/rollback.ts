import { leakedOn } from '../../domain/memory';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { moment } from '../../domain/wording/text';
import { EXIT } from '../exit-code';
import { invokeCheck, keyVerb, rehearse } from '../key-verb';
import {
  keyOption,
  type ManagedKey,
  managedKey,
  oldKeyName,
  type RetiringKey,
  refuseWithoutOldKey,
  waysBack,
  whichOldKey,
} from '../managed-key';
import { KEY_OPTION, readFingerprint } from '../read-options';

/** Makes an old key the live one again. */
export const rollback = keyVerb({
  name: 'rollback',
  policy: 'operator',
  summary: 'make the previous key live again, after testing it',
  about:
    'Makes an old key that still works the live one again. It is tested first; if it does not work, nothing changes. The key it replaces is retired as in every rotation, and works until its grace ends.',
  options: [
    KEY_OPTION,
    ['--home-unknown', 'go back even if the answers do not say in which workspace the old key lives'],
  ],
  examples: ['rollback prod/api-gateway', 'rollback prod/api-gateway --key 4f2c91aa03d7'],
  seeAlso: ['show', 'submit', 'extend', 'reactivate'],
  document: 'rollback/1',
  read: (options) => ({
    fingerprint: readFingerprint(options),
    ...(options.homeUnknown === true && { homeUnknown: true }),
  }),
  plan(key, { fingerprint, homeUnknown }, context) {
    const { name, identity, policy, memory, acceptedVersion } = key;
    const isLive = fingerprint !== undefined && memory.verdict?.fingerprint.startsWith(fingerprint);
    // After a direct edit, the key to go back to is the accepted one.
    const wasEdited = acceptedVersion !== undefined && acceptedVersion !== key.currentVersion;
    if (!isLive && !wasEdited) refuseWithoutOldKey(key);
    const old = isLive || wasEdited ? undefined : wayBack(key, fingerprint);
    const which = `the old key ${old ? `${oldKeyName(old)} ` : ''}of ${name}`;
    const command = { verb: 'roll-back', fingerprint: old?.fingerprint ?? fingerprint, homeUnknown } as const;
    return {
      steps: [
        `Test ${which} with a message, as the service would send one.`,
        homeUnknown
          ? 'Make it the live key again, even if its answers do not say in which workspace it lives. Mails say so until that is known.'
          : 'Make it the live key again.',
        `Retire the key that is live now. If it works, it goes on working for ${policy.graceHours} hours.`,
      ],
      confirm: homeUnknown
        ? `Roll ${name} back to a key whose workspace may be unknown?`
        : `Roll ${name} back${old?.hint ? ` to ${old.hint}` : ''}?`,
      rehearse: () => rehearse(key, command, context),
      async execute() {
        const text = 'Testing the old key, then going back to it (a minute or two)';
        const { live, retired, withdrawn } = await invokeCheck(text, key, command, context);
        const after = managedKey(await context.store.describe(identity.secretArn));
        const until = after.retiring.find(({ versionId }) => versionId === retired?.versionId)?.until;
        return {
          exit: EXIT.fine,
          json: { key: name, live, retired, until, withdrawn },
          text: ({ good }) =>
            [
              good(`${live.hint} is the live key of ${name} again.`),
              retired && until
                ? `${retired.hint} is retired${until > context.clock.now() ? ` and works until ${moment(until, context.clock.now())}` : ', without grace'}.`
                : 'There is no other key to retire.',
              ...(withdrawn
                ? [
                    `The submission ${withdrawn.hint}, which waited, is withdrawn. Submit it again when it is wanted.`,
                  ]
                : []),
              'Services get the key when they next read the secret. Restart those that cache the other one.',
              ...(leakedOn(after, retired?.fingerprint)
                ? []
                : [`If that was wrong: ${CLI_COMMAND} rollback ${name}${retired ? keyOption(retired) : ''}`]),
            ].join('\n'),
        };
      },
    };
  },
});

/** Where nobody names a key, a leaked one is no candidate beside others. */
function wayBack(key: ManagedKey, wanted: string | undefined): RetiringKey | undefined {
  const sound = waysBack(key);
  return whichOldKey(wanted === undefined && sound.length > 0 ? { retiring: sound } : key, wanted);
}
