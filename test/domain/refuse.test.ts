import { refuse } from '../../lib/domain/rotation/refuse';
import { alive, anObservation, aVersion, NOW } from '../builders';

const live = aVersion('current', { current: true, accepted: true, verdict: alive(), whereabouts: 'home' });
const waiting = aVersion('waiting', { submitted: true });
const observation = anObservation({ versions: [live, waiting] });

test.each([
  [
    'a key that may still work is followed before it loses SUBMITTED',
    'permission',
    ['follow', 'clear-submitted'],
  ],
  ['so is one that is not proven dead', 'not-proven', ['follow', 'clear-submitted']],
  ['another team’s is not followed', 'elsewhere', ['clear-submitted']],
  ['nor is a leaked one, whose leak follows it', 'leaked', ['clear-submitted']],
] as const)('%s', (_, reason, expected) => {
  const moves = refuse(observation, { version: waiting.id, reason }, NOW);
  expect(moves.map((move) => move.do)).toEqual(expected);
});
