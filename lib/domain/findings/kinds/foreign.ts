import type { Home } from '../../probe/verdict';
import { runbook } from '../../wording/commands';
import type { Write } from '../../wording/sheet';
import { putInAnotherKey } from '../../wording/steps';
import { hintText, token } from '../../wording/text';

const place = ({ organizationId, workspaceId }: Home) =>
  [
    token(workspaceId) && `workspace ${workspaceId}`,
    token(organizationId) && `organization ${organizationId}`,
  ]
    .filter(Boolean)
    .join(' of ') || 'an unknown place';

export const foreign: Write<'foreign'> = ({ current, seen, expected }, context) => ({
  headline: 'Live key is of another workspace: replace it',
  truth: [
    `The API key ${hintText(current.hint)} works, but it lives in ${place(seen)}. This environment expects ${place(expected)}.`,
  ],
  keys: [['Key', current]],
  steps: [
    [
      'If the new place is right, change the home of the environment in keys.yaml, and deploy. Nothing else is to be done then.',
      runbook('edit'),
    ],
    ...putInAnotherKey(context, 'Otherwise create'),
  ],
  otherwise: [
    'The service goes on with a key that somebody else pays for, limits, and may switch off at any time.',
  ],
  evidence: [
    'Anthropic names organization and workspace in each answer. They were compared with those of the environment.',
  ],
});
