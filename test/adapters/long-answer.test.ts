import { isDeepStrictEqual } from 'node:util';
import { packed, unpacked } from '../../lib/adapters/long-answer';
import { withDates } from '../../lib/contract/invocation';
import type { OrganizationListing } from '../../lib/domain/inventory/listing';
import { anOrganization, aRecord } from '../an-organization';
import { aKeyRef, daysAgo, daysAhead } from '../builders';

const LAMBDA = 6 * 1024 * 1024;

/** Keys, members and activities whose ids hardly compress, as real ones. */
function organizationOf(
  size: number,
  name = (n: number) => `service-${n}-${aKeyRef(`name/${n}`).fingerprint}`,
): OrganizationListing {
  const id = (kind: string, n: number) =>
    `${kind}_01${aKeyRef(`${kind}/${n}`).fingerprint}${aKeyRef(`${n}/${kind}`).fingerprint}`;
  const many = <T>(of: (n: number) => T, share = 1) => Array.from({ length: size * share }, (_, n) => of(n));
  const records = many((n) =>
    aRecord({
      id: id('apikey', n),
      name: name(n),
      hint: aKeyRef(`${n}`).hint,
      createdAt: daysAgo(n / 100),
      expiresAt: daysAhead(n / 100),
      workspaceId: id('wrkspc', n % 300),
      createdBy: { kind: 'user', id: id('user', n % 2000) },
      principal: { kind: 'service-account', id: id('svac', n) },
    }),
  );
  return anOrganization(records, {
    members: {
      kind: 'read',
      all: many((n) => ({ id: id('user', n), email: `person-${n}@example.com`, name: `Person ${n}` }), 0.2),
    },
    feed: {
      kind: 'read',
      since: daysAgo(8),
      activities: many(
        (n) => ({
          ...{
            id: id('activity', n),
            at: daysAgo(n / 1000),
            recordId: id('apikey', n),
            change: 'created' as const,
          },
          actor: {
            kind: 'person' as const,
            id: id('user', n % 2000),
            email: `person-${n}@example.com`,
            ip: '192.0.2.1',
          },
        }),
        0.2,
      ),
    },
  });
}

const travelled = (listing: OrganizationListing) =>
  JSON.stringify(packed({ outcome: 'organization', listing }));

it('carries an organization of 10,000 keys in a quarter of what Lambda allows, and arrives as it was', () => {
  const listing = organizationOf(10_000);
  const text = travelled(listing);
  expect(JSON.stringify(listing).length).toBeGreaterThan(0.8 * LAMBDA - 1_000_000);
  expect(text.length).toBeLessThan(LAMBDA / 2);
  expect(isDeepStrictEqual(withDates(unpacked(JSON.parse(text))), { outcome: 'organization', listing })).toBe(
    true,
  );
});

it('refuses in words what does not fit', () => {
  let seed = 1;
  const noise = () => {
    let text = '';
    while (text.length < 7_000) {
      seed = (seed * 48_271) % 2_147_483_647;
      text += seed.toString(36);
    }
    return text;
  };
  const answer = packed({ outcome: 'organization', listing: organizationOf(1_000, noise) });
  expect(answer).toMatchObject({ outcome: 'refused', guard: 'answer-too-long' });
  expect(answer).toMatchObject({
    why: expect.stringMatching(/1000 keys takes \d+ bytes, and an answer of AWS Lambda holds \d+/),
  });
});

it('leaves every other answer as it is', () => {
  const answer = { outcome: 'fleet', records: [aRecord()] } as const;
  expect(packed(answer)).toBe(answer);
  expect(unpacked({ outcome: 'fleet' })).toEqual({ outcome: 'fleet' });
});
