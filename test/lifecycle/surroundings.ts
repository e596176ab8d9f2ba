import fc from 'fast-check';
import { memoryFromTags } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import { ApiKey } from '../../lib/domain/key';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { MINUTE } from '../../lib/domain/time';
import type { TestKey } from './test-key';

/** What may stand between the functions and Anthropic for a while. */
export type Between =
  | 'a proxy that strips headers'
  | 'a gateway that refuses everybody'
  | 'answers that come late';

/** What a stranger of the account does with tags and secrets. */
const STRANGE = ['claims a key', 'takes the name', 'poisons a tag', 'puts many labels'] as const;
export type Strange = (typeof STRANGE)[number];

/** What an operator does with labels by hand. */
/** Keeps a rotation from accepting the key that it made live, as a throttled AWS does. Returns what ends it. */
export const keepFromAccepting = (testKey: TestKey) =>
  testKey.sandbox.aws.faults.on(
    {
      service: 'secretsmanager',
      operation: 'ListSecretVersionIds',
      caller: 'anthropic-keys-prod-rotate',
      from: 4,
      times: 100,
    },
    { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
  );

const BY_HAND = ['takes off the deadline', 'takes off ACCEPTED', 'withdraws', 'moves the leak'] as const;
export type ByHand = (typeof BY_HAND)[number];

export const strange = fc.constantFrom<Strange>(...STRANGE);
export const byHand = fc.constantFrom<ByHand>(...BY_HAND);

/** Puts it between until the returned function takes it away. */
export function put(what: Between, { sandbox }: TestKey): () => void {
  const { anthropic } = sandbox;
  switch (what) {
    case 'a proxy that strips headers':
      anthropic.setManner({ stripsHeaders: true });
      return () => anthropic.setManner({});
    case 'a gateway that refuses everybody':
      return anthropic.script('invalid-key');
    case 'answers that come late':
      anthropic.setPropagation({ arrival: 3 * MINUTE, change: 4 * MINUTE });
      anthropic.setManner({ delay: 4_000 });
      return () => {
        anthropic.setPropagation({ arrival: 0, change: 0 });
        anthropic.setManner({});
      };
  }
}

let strangers = 0;

/** Secrets and tags that say what is not true of the key. */
export async function actStrangely(what: Strange, testKey: TestKey): Promise<void> {
  const { aws } = testKey.sandbox;
  const old = testKey.retiring[0]?.key ?? testKey.live;
  const claim =
    old.startsWith('sk-ant-api03-') && !old.includes('.') ? new ApiKey(old).fingerprint : 'f'.repeat(12);
  const verdict = `${claim}/ALIVE/-/2026-11-20T09:00:00Z/-/2026-11-20T09:00:00Z/sk-ant-api03-abc...defg`;
  const create = (tags: Readonly<Record<string, string>>, SecretString?: string) =>
    aws.secretsManager.perform('CreateSecret', {
      Name: `mallory/notes-${++strangers}`,
      ClientRequestToken: `${'m'.repeat(32)}-${strangers}`,
      ...(SecretString && { SecretString }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
  const key = {
    environment: 'prod',
    service: testKey.secretName.split('/').at(-1)!,
    owner: 'mallory@example.com',
  };
  switch (what) {
    case 'claims a key':
      return void (await create({ 'anthropic-key-state:verdict': verdict }, 'x'));
    case 'takes the name':
      return void (await create({
        ...policyToTags(key, DEFAULT_POLICY),
        'anthropic-key-state:verdict': verdict,
      }));
    case 'poisons a tag':
      return void (await create({
        ...policyToTags({ ...key, service: `evil-${strangers}` }, DEFAULT_POLICY),
        'anthropic-key-state:verdict': verdict.replace(
          '2026-11-20T09:00:00Z/sk',
          '+275760-09-13T00:00:00Z/sk',
        ),
        'anthropic-key-state:rotation': `old=${claim} deactivated=+275760-09-13T00:00:00Z`,
      }));
    case 'puts many labels': {
      const id = testKey.at('AWSCURRENT');
      const free = 20 - testKey.secret.versions.flatMap(({ labels }) => labels).length;
      for (let n = 0; n < Math.min(free - 5, 3); n++)
        await aws.secretsManager.perform('UpdateSecretVersionStage', {
          SecretId: testKey.secretName,
          VersionStage: `theirs-${n}`,
          MoveToVersionId: id,
          ...removeFrom(testKey, `theirs-${n}`, id),
        });
    }
  }
}

/** AWS wants to know from where a label is moved. */
function removeFrom(testKey: TestKey, label: string, to: string | undefined) {
  const from = testKey.secret.versions.find(({ labels }) => labels.includes(label))?.id;
  return from && from !== to ? { RemoveFromVersionId: from } : {};
}

/** Labels that a person moves. What memory does not know of is not lost: the last deadline, and the label of a leak. */
export async function moveByHand(what: ByHand, testKey: TestKey): Promise<void> {
  const { aws } = testKey.sandbox;
  const move = (VersionStage: string, from: string | undefined, MoveToVersionId?: string) =>
    from === undefined
      ? undefined
      : aws.secretsManager.perform('UpdateSecretVersionStage', {
          SecretId: testKey.secretName,
          VersionStage,
          RemoveFromVersionId: from,
          ...(MoveToVersionId && { MoveToVersionId }),
        });
  const labelled = (prefix: string) =>
    testKey.secret.versions.flatMap(({ id, labels }) =>
      labels.filter((label) => label.startsWith(prefix)).map((label) => ({ id, label })),
    );
  switch (what) {
    case 'takes off the deadline': {
      const { timeline, retiringHints } = memoryFromTags(testKey.secret.tags);
      for (const { id, label } of labelled('RETIRE_AFTER')) {
        const { fingerprint, hint } = new ApiKey(testKey.keyOf(id));
        if (timeline.fingerprint === fingerprint || retiringHints.includes(hint)) await move(label, id);
      }
      return;
    }
    case 'takes off ACCEPTED':
      return void (testKey.accepted === testKey.live && (await move('ACCEPTED', testKey.at('ACCEPTED'))));
    case 'withdraws':
      return void (await move('SUBMITTED', testKey.at('SUBMITTED')));
    case 'moves the leak': {
      const [leak] = labelled('LEAKED');
      const other = testKey.at('AWSCURRENT');
      return void (leak && other && other !== leak.id && (await move(leak.label, leak.id, other)));
    }
  }
}
