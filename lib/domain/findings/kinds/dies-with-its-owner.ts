import type { Write } from '../../wording/sheet';
import { rotate } from '../../wording/steps';
import { hintText, token } from '../../wording/text';

export const diesWithItsOwner: Write<'dies-with-its-owner'> = ({ current, recordId }, context) => ({
  headline: 'Personal key: replace it by a service account key',
  truth: [
    `The API key ${hintText(current.hint)} belongs to a person. It stops working the day that person leaves the Anthropic organization.`,
  ],
  keys: [['Key', current]],
  steps: rotate(context),
  otherwise: [
    'Nothing for now. When the person leaves, every call of the service fails. This is said once; the weekly report keeps the key listed.',
  ],
  evidence: [
    `Record ${token(recordId) ?? '(id unknown)'} at Anthropic names a person as its owner (Admin API).`,
  ],
});
