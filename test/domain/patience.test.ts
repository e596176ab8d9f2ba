import { classify } from '../../lib/domain/probe/classify';
import { type Attempt, pauseAfter } from '../../lib/domain/probe/patience';

const asked = { at: new Date('2026-11-21T09:00:00Z'), probe: 'messages' } as const;
const answer = (status: number, type: string) =>
  classify({ status, type, bodyKind: 'envelope', headers: { 'request-id': 'req_01ABCDEFGHIJ' } }, asked);

const rateLimited: Attempt = {
  attempt: 1,
  verdict: answer(429, 'rate_limit_error'),
  left: 25_000,
  random: 0,
};

test.each<[string, Partial<Attempt>, number | undefined]>([
  ['the first pause is half a second at least', {}, 500],
  ['and a second at most', { random: 1 }, 1000],
  ['it doubles', { attempt: 2, random: 1 }, 2000],
  ['and doubles again', { attempt: 3, random: 1 }, 4000],
  ['the fourth attempt is the last one', { attempt: 4 }, undefined],
  ['the server may ask for a longer pause', { retryAfter: '3' }, 3000],
  ['but not for a shorter one', { attempt: 3, random: 1, retryAfter: '1' }, 4000],
  ['ten seconds are waited for', { retryAfter: '10' }, 10_000],
  ['more is left to the next check', { retryAfter: '11' }, undefined],
  ['a date instead of seconds counts as nothing', { retryAfter: 'Sat, 21 Nov 2026 09:00:09 GMT' }, 500],
  ['nobody waits beyond the end of the probe', { left: 500 }, undefined],
  ['nor when there is no time left', { left: 0 }, undefined],
  ['trouble at Anthropic passes', { verdict: answer(529, 'overloaded_error') }, 500],
  ['a refused key is not asked at once again', { verdict: answer(401, 'authentication_error') }, undefined],
  ['nor one without credit', { verdict: answer(402, 'billing_error') }, undefined],
])('%s', (_, change, pause) => {
  expect(pauseAfter({ ...rateLimited, ...change })).toBe(pause);
});
