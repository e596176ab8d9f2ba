import { z } from 'zod';
import { AwsError } from '../aws-error';
import { type Operations, operation } from '../operation';
import { liveSecret } from './guards';
import { secretId, tagList } from './shapes';
import type { Vault } from './vault';

const MOST_TAGS = 50;
const CHARSET = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

type Tag = { readonly Key: string; readonly Value: string };

/** Adds tags under the limits of the service. Source: "Tag restrictions" of the TagResource API reference. */
export function withTags(
  had: Readonly<Record<string, string>>,
  tags: readonly Tag[],
): Readonly<Record<string, string>> {
  for (const { Key, Value } of tags) {
    refuseIf(Key.length < 1 || Key.length > 128, `Tag key ${Key} must have between 1 and 128 characters.`);
    refuseIf(Value.length > 256, `The value of tag ${Key} must have at most 256 characters.`);
    refuseIf(
      !CHARSET.test(Key) || !CHARSET.test(Value),
      `Tag ${Key} contains characters that are not allowed.`,
    );
    const reserved = /^aws:/i.test(Key) || /^aws:/i.test(Value);
    refuseIf(reserved, `Tag ${Key} uses the reserved prefix aws:.`);
  }
  refuseIf(new Set(tags.map((tag) => tag.Key)).size < tags.length, 'A tag key appears twice in the request.');
  const all = { ...had, ...Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value])) };
  refuseIf(Object.keys(all).length > MOST_TAGS, `A secret can have at most ${MOST_TAGS} tags.`);
  return all;
}

export const asTagList = (tags: Readonly<Record<string, string>>): readonly Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** TagResource and UntagResource. Both change LastChangedDate, as every edit of metadata does. */
export function tagOperations(vault: Vault): Operations {
  return {
    TagResource: operation(z.strictObject({ SecretId: secretId, Tags: tagList }), (input) => {
      const secret = liveSecret(vault, input.SecretId);
      vault.write({ ...secret, tags: withTags(secret.tags, input.Tags), changedAt: vault.clock.now() });
      return {};
    }),
    UntagResource: operation(
      z.strictObject({ SecretId: secretId, TagKeys: z.array(z.string().min(1).max(128)) }),
      (input) => {
        const secret = liveSecret(vault, input.SecretId);
        const gone = new Set(input.TagKeys);
        const tags = Object.fromEntries(Object.entries(secret.tags).filter(([key]) => !gone.has(key)));
        vault.write({ ...secret, tags, changedAt: vault.clock.now() });
        return {};
      },
    ),
  };
}

function refuseIf(wrong: boolean, message: string): void {
  if (wrong) throw new AwsError('InvalidParameterException', message);
}
