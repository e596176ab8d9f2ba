import { runbook } from '../../wording/commands';
import { describeContent } from '../../wording/phrases';
import type { Write } from '../../wording/sheet';
import { makeCurrent, putInAnotherKey } from '../../wording/steps';

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
