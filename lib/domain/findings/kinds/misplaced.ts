import type { Home } from '../../probe/verdict';
import { runbook } from '../../wording/commands';
import { describeContent } from '../../wording/phrases';
import type { Write } from '../../wording/sheet';
import { makeCurrent, putInAnotherKey } from '../../wording/steps';
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

/** The text says so itself. */
const onPurpose = (reason: string) => describeContent(reason) === describeContent('stopped');

export const notAKey: Write<'not-a-key'> = ({ content, reason, accepted, version }, context) => {
  const stopped = content !== 'malformed';
  return {
    headline: stopped ? 'Stopped: the secret holds no key' : 'The secret holds no usable key',
    truth: [
      onPurpose(reason)
        ? 'The secret holds the word DISABLED or the like: somebody seems to have stopped this service on purpose.'
        : `The live version of the secret holds no usable API key. ${describeContent(reason)}`,
      stopped
        ? 'A deliberate stop is left alone, so nothing is undone by itself.'
        : 'It looks like a paste that went wrong.',
    ],
    keys: accepted ? [['Last key', accepted]] : [],
    steps: [
      ['Ask whoever changed the secret. If the service is stopped on purpose, there is nothing to do.'],
      ...(accepted && version
        ? [makeCurrent(context, 'If not, and the last key has not leaked, go back to it:', accepted, version)]
        : []),
      ...putInAnotherKey(context, accepted ? 'Otherwise create' : 'If not, create'),
    ],
    otherwise: ['Calls of the service fail as soon as it reads the secret anew.'],
    evidence: [
      'The live version was read and judged by its form. What it holds is shown nowhere.',
      runbook('edit'),
    ],
  };
};
