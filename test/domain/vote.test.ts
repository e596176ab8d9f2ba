import type { Verdict } from '../../lib/domain/probe/verdict';
import { concludeFrom } from '../../lib/domain/probe/vote';
import { dead, unknown } from '../builders';

const vote = (verdict: Verdict, controlled = true) => ({ verdict, controlled });
const first = dead({ requestId: 'req_011CVExample1' });
const second = dead({ requestId: 'req_011CVExample2' });

test('two refusals with different ids, each beside a control, prove a death', () => {
  expect(concludeFrom(vote(first), vote(second))).toEqual(second);
});

test.each([
  [false, true],
  [true, false],
  [false, false],
])('a vote without a control proves nothing: %s, %s', (before, after) => {
  expect(concludeFrom(vote(first, before), vote(second, after))).toMatchObject({
    kind: 'UNKNOWN',
    reason: 'uncontrolled-401',
    evidence: { requestId: 'req_011CVExample2' },
  });
});

test('an answer that is repeated is one vote, and names the header that shows it', () => {
  expect(concludeFrom(vote(first), vote(first))).toMatchObject({
    kind: 'UNKNOWN',
    reason: 'vetoed-401',
    evidence: { veto: 'request-id' },
  });
});

test('a veto in either refusal stands, and keeps its header', () => {
  const vetoed = unknown('vetoed-401', { veto: 'anthropic-ratelimit-requests-limit' });
  expect(concludeFrom(vote(vetoed), vote(second))).toBe(vetoed);
  expect(concludeFrom(vote(first), vote(vetoed))).toBe(vetoed);
});

test('so does a refusal that nothing shows to be Anthropic’s', () => {
  const unsigned = unknown('unsigned-401');
  expect(concludeFrom(vote(unsigned), vote(second))).toBe(unsigned);
});
