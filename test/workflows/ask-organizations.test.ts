import { type AskedEnvironment, askOrganizations } from '../../lib/workflows/ask-organizations';
import { FunctionError } from '../../lib/workflows/operator-ports';
import type { AdminAnswer, AdminRequest } from '../../lib/workflows/ports';
import { anOrganization, aRecord } from '../an-organization';

const listing = anOrganization([aRecord()]);
const answer: AdminAnswer = { outcome: 'organization', listing };

/** Asks environments of which each answers, or throws. */
async function asked(
  environments: readonly AskedEnvironment[],
  answers: Readonly<Record<string, AdminAnswer | Error>>,
) {
  const calls: string[] = [];
  const requests: AdminRequest[] = [];
  const { listings, notAsked } = await askOrganizations(
    environments,
    {
      async admin(environment, request) {
        calls.push(environment);
        requests.push(request);
        const given = answers[environment]!;
        if (given instanceof Error) throw given;
        return given;
      },
    },
    30,
  );
  return { calls, requests, listings, notAsked };
}

const org = (name: string, organizationId?: string) => ({ name, organizationId });

test('environments of one organization are asked until one of them answers', async () => {
  const missing = new FunctionError('missing', 'there is none');
  const told = await asked([org('a', 'o'), org('b', 'o'), org('c', 'o')], {
    a: missing,
    b: answer,
    c: answer,
  });
  expect(told).toMatchObject({ calls: ['a', 'b'], listings: [listing], notAsked: [] });
});

test('an organization that turns out to be the same is there once, and its listings are not read again', async () => {
  const told = await asked([org('new'), org('a', listing.organization.id), org('newer')], {
    a: answer,
    new: { outcome: 'listed-already', organizationId: listing.organization.id },
    newer: answer,
  });
  expect(told).toMatchObject({ calls: ['a', 'new', 'newer'], listings: [listing], notAsked: [] });
  expect(told.requests.map((request) => 'listed' in request && request.listed)).toEqual([
    false,
    [listing.organization.id],
    [listing.organization.id],
  ]);
});

test.each<readonly [given: AdminAnswer | Error, why: string, words: RegExp]>([
  [new FunctionError('missing', 'none'), 'no-admin-access', /^It is deployed without Admin access/],
  [new FunctionError('denied', 'AccessDenied'), 'denied', /^AccessDenied$/],
  [new FunctionError('unavailable', 'no network'), 'failed', /^no network$/],
  [
    new FunctionError('failed', 'x failed: TypeError: no id'),
    'failed',
    /TypeError: no id If it was deployed with an earlier release/,
  ],
  [
    new FunctionError('failed', 'x failed: AdminError: not permitted'),
    'failed',
    /AdminError: not permitted$/,
  ],
  [{ outcome: 'refused', guard: 'answer-too-long', why: 'too long' }, 'failed', /^too long\.$/],
  [{ outcome: 'fleet', records: [] }, 'failed', /^It answered fleet\.$/],
])('what gives no listing is told and hides no other: %j', async (given, why, words) => {
  const told = await asked([org('bad', 'other'), org('good', 'o')], { bad: given, good: answer });
  expect(told.listings).toEqual([listing]);
  expect(told.notAsked).toEqual([{ environment: 'bad', why, words: expect.stringMatching(words) }]);
});
