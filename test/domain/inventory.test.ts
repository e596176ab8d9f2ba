import fc from 'fast-check';
import type { LastUses } from '../../lib/domain/console/last-use';
import type { ConsoleRecord } from '../../lib/domain/console/record';
import { fleetRowOf } from '../../lib/domain/fleet/row';
import { differencesFrom } from '../../lib/domain/inventory/comparison';
import { INVENTORY_FLAGS, type InventoryFlag } from '../../lib/domain/inventory/flags';
import { inventoryOf, inWorkspace, type ListedSecrets } from '../../lib/domain/inventory/inventory';
import type { OrganizationListing } from '../../lib/domain/inventory/listing';
import { changeInWords, differenceInWords, lastUseInWords } from '../../lib/domain/inventory/words';
import { anOrganization, aRecord } from '../an-organization';
import { aKeyRef, daysAgo, daysAhead, HOME, NOW } from '../builders';
import { countReads } from '../counted-reads';
import { aListedKey, aMemory } from '../fleet-listing';

const { hint } = aKeyRef();
const held = fleetRowOf(aListedKey(), NOW);
const NOTHING: ListedSecrets = { rows: [], claimed: [], unreadable: [] };
const secrets: ListedSecrets = { ...NOTHING, rows: [held] };
const unread = { kind: 'unread', why: 'not-permitted', words: 'Not permitted.' } as const;

const usedAt = (
  ...used: readonly (readonly [from: number, to: number])[]
): Extract<LastUses, { kind: 'read' }> => ({
  kind: 'read',
  from: daysAgo(90),
  until: NOW,
  stretches: used.map(([from, to]) => ({ from: daysAgo(from), to: daysAgo(to), used: ['apikey_1'] })),
});

describe('what is said of a key', () => {
  const gone = { kind: 'user', id: 'user_gone' } as const;
  const archived = {
    kind: 'read',
    all: [{ id: HOME.workspaceId, name: 'old', archivedAt: daysAgo(1) }],
  } as const;

  it.each<
    readonly [
      what: string,
      record: Partial<ConsoleRecord>,
      organization: Partial<OrganizationListing>,
      flags: readonly InventoryFlag[],
    ]
  >([
    ['live in a secret', { hint }, {}, ['managed']],
    ['in no secret', {}, {}, ['unmanaged']],
    ['off, in no secret', { status: 'inactive', expiresAt: daysAhead(1) }, {}, []],
    ['off, in a secret', { status: 'inactive', hint }, {}, ['managed']],
    ['made by somebody who left', { createdBy: gone }, {}, ['creator-gone', 'unmanaged']],
    ['of somebody who left', { principal: gone }, {}, ['creator-gone', 'unmanaged']],
    [
      'made and owned by somebody who left',
      { createdBy: gone, principal: gone },
      {},
      ['creator-gone', 'no-owner', 'unmanaged'],
    ],
    ['managed, and made by somebody who left', { createdBy: gone, hint }, {}, ['creator-gone', 'managed']],
    [
      'made by somebody, while members are not known',
      { createdBy: gone },
      { members: unread },
      ['unmanaged'],
    ],
    [
      'made by nobody who is recorded',
      { createdBy: undefined, principal: undefined },
      {},
      ['no-owner', 'unmanaged', 'legacy'],
    ],
    [
      'the same, while members are not known',
      { createdBy: undefined, principal: undefined },
      { members: unread },
      ['no-owner', 'unmanaged', 'legacy'],
    ],
    [
      'made by a service account',
      { createdBy: { kind: 'service-account', id: 'svac_2' } },
      {},
      ['unmanaged'],
    ],
    ['bound to nobody', { principal: undefined }, {}, ['unmanaged', 'legacy']],
    [
      'bound to nobody, and of the whole organization',
      { principal: undefined, workspaceId: undefined },
      {},
      ['unmanaged'],
    ],
    ['about to expire', { expiresAt: daysAhead(29) }, {}, ['expiring', 'unmanaged']],
    ['expiring later', { expiresAt: daysAhead(30) }, {}, ['unmanaged']],
    ['in an archived workspace', {}, { workspaces: archived }, ['archived-workspace', 'unmanaged']],
    ['in a workspace that is not known', {}, { workspaces: unread }, ['unmanaged']],
    [
      'used 30 days ago or earlier',
      { createdAt: daysAgo(400) },
      { uses: usedAt([60, 30]) },
      ['idle', 'unmanaged'],
    ],
    ['used perhaps within 30 days', { createdAt: daysAgo(400) }, { uses: usedAt([60, 29]) }, ['unmanaged']],
    [
      'without use in 90 days, and older',
      { createdAt: daysAgo(400) },
      { uses: usedAt() },
      ['idle', 'unmanaged'],
    ],
    [
      'without use since it was made',
      { createdAt: daysAgo(40) },
      { uses: usedAt() },
      ['never-used', 'unmanaged'],
    ],
    ['new, and not used yet', { createdAt: daysAgo(6) }, { uses: usedAt() }, ['unmanaged']],
    ['of unknown use', { createdAt: daysAgo(40) }, { uses: unread }, ['unmanaged']],
  ])('%s', (_, record, organization, flags) => {
    const { rows, counts } = inventoryOf([anOrganization([aRecord(record)], organization)], secrets, NOW);
    expect(rows.map((row) => row.flags)).toEqual([flags]);
    expect(INVENTORY_FLAGS.flatMap(({ flag }) => (counts[flag] === 1 ? [flag] : []))).toEqual(flags);
  });

  it('follows the days that were asked for', () => {
    const listing = anOrganization([aRecord({ createdAt: daysAgo(400) })], { uses: usedAt([60, 30]) });
    expect(inventoryOf([listing], NOTHING, NOW, { idleDays: 31 }).rows[0]!.flags).toEqual(['unmanaged']);
    expect(inventoryOf([listing], NOTHING, NOW, { idleDays: 7 }).rows[0]!.flags).toEqual([
      'idle',
      'unmanaged',
    ]);
  });

  it('offers to adopt a secret that remembers it and that no deployment manages', () => {
    const { owner: _, ...key } = held.key;
    const claimed = [{ ...key, secretName: 'legacy/claude', remembers: { hints: [hint] } }];
    const { rows } = inventoryOf([anOrganization([aRecord({ hint })])], { ...NOTHING, claimed }, NOW);
    expect(rows[0]).toMatchObject({
      flags: ['adoptable', 'unmanaged'],
      held: [{ secretName: 'legacy/claude', as: 'claimed' }],
    });
    // A managed secret that remembers it, too, counts more.
    expect(
      inventoryOf([anOrganization([aRecord({ hint })])], { ...secrets, claimed }, NOW).rows[0]!.flags,
    ).toEqual(['managed']);
  });

  it('is retiring where only the memory of a superseded key fits', () => {
    const old = aKeyRef('old').hint;
    const rows = [fleetRowOf(aListedKey({ memory: aMemory({ retiringHints: [old] }) }), NOW)];
    expect(
      inventoryOf([anOrganization([aRecord({ hint: old })])], { ...NOTHING, rows }, NOW).rows[0]!.flags,
    ).toEqual(['retiring']);
  });

  it('leaves room for secrets that cannot be read', () => {
    expect(inventoryOf([anOrganization([aRecord()])], { ...NOTHING, unreadable: [{}] }, NOW).unseen).toBe(1);
  });

  it('is perhaps unmanaged, and of nobody that is known, while secrets elsewhere could not be read', () => {
    const orphan = aRecord({ createdBy: undefined, principal: undefined });
    const records = [aRecord({ id: 'apikey_held', hint }), { ...orphan, id: 'apikey_lost' }];
    const flags = (notRead: readonly string[]) =>
      inventoryOf([anOrganization(records)], { ...secrets, notRead }, NOW).rows.map((row) => [
        row.id,
        row.flags,
      ]);
    expect(flags(['prod'])).toEqual([
      ['apikey_lost', ['perhaps-unmanaged', 'legacy']],
      ['apikey_held', ['managed']],
    ]);
    expect(flags([])).toEqual([
      ['apikey_lost', ['no-owner', 'unmanaged', 'legacy']],
      ['apikey_held', ['managed']],
    ]);
  });
});

describe('whatever the organization and the secrets are', () => {
  const party = fc.option(
    fc.record({
      kind: fc.constantFrom('user' as const, 'service-account' as const),
      id: fc.constantFrom('user_kim', 'user_gone'),
    }),
    { nil: undefined },
  );
  const records = fc
    .array(
      fc.record({
        status: fc.constantFrom(
          'active' as const,
          'inactive' as const,
          'archived' as const,
          'expired' as const,
        ),
        createdAt: fc.integer({ min: 0, max: 400 }).map((age) => daysAgo(age)),
        expiresAt: fc.option(
          fc.integer({ min: -40, max: 60 }).map((days) => daysAhead(days)),
          { nil: undefined },
        ),
        workspaceId: fc.constantFrom(HOME.workspaceId, 'wrkspc_other', undefined),
        hint: fc.constantFrom(hint, 'sk-ant-api03-abc...xyAA', undefined),
        createdBy: party,
        principal: party,
      }),
      { maxLength: 12 },
    )
    .map((all) => all.map((each, n) => aRecord({ ...each, id: `apikey_${n}` })));
  const listing = fc
    .record({
      records,
      membersRead: fc.boolean(),
      workspacesRead: fc.boolean(),
      usesRead: fc.boolean(),
      used: fc.array(fc.integer({ min: 0, max: 11 })),
    })
    .map(({ records, membersRead, workspacesRead, usesRead, used }) =>
      anOrganization(records, {
        ...(!membersRead && { members: unread }),
        ...(!workspacesRead && { workspaces: unread }),
        uses: usesRead
          ? {
              ...usedAt(),
              stretches: [{ from: daysAgo(60), to: daysAgo(30), used: used.map((n) => `apikey_${n}`) }],
            }
          : unread,
      }),
    );

  it('every key appears once, and nothing that is not known becomes a claim', () => {
    fc.assert(
      fc.property(listing, fc.boolean(), fc.boolean(), (organization, managed, allRead) => {
        const notRead = allRead ? [] : ['staging'];
        const listed = { ...(managed ? secrets : NOTHING), notRead };
        const { rows, counts } = inventoryOf([organization], listed, NOW);
        expect(rows.map(({ id }) => id).sort()).toEqual(organization.records.map(({ id }) => id).sort());
        for (const { flag } of INVENTORY_FLAGS)
          expect(counts[flag]).toBe(rows.filter(({ flags }) => flags.includes(flag)).length);
        for (const { flags, status, lastUse, held } of rows) {
          const has = (flag: InventoryFlag) => flags.includes(flag);
          if (organization.members.kind === 'unread') expect(has('creator-gone')).toBe(false);
          if (organization.workspaces.kind === 'unread') expect(has('archived-workspace')).toBe(false);
          if (organization.uses.kind === 'unread') expect(has('idle') || has('never-used')).toBe(false);
          if (has('never-used')) expect(lastUse).toMatchObject({ kind: 'none', everSince: true });
          const unmanaged = has('unmanaged') || has('perhaps-unmanaged');
          expect(has(allRead ? 'perhaps-unmanaged' : 'unmanaged')).toBe(false);
          expect([has('managed'), has('retiring'), unmanaged].filter(Boolean)).toHaveLength(
            status === 'active' || held.length > 0 ? 1 : 0,
          );
          if (has('no-owner')) expect(has('unmanaged')).toBe(true);
          if (status !== 'active')
            expect(flags.filter((flag) => flag !== 'managed' && flag !== 'retiring')).toEqual([]);
        }
      }),
    );
  });

  /** Reads of a field, counted: what takes a product of both numbers reads them so often. */
  it.each([1_000, 2_000])('its work grows with %i keys and a tenth as many secrets', (size) => {
    const { counted, reads } = countReads();
    const keys = Array.from({ length: size }, (_, n) =>
      counted(aRecord({ id: `apikey_${n}`, hint: aKeyRef(`${n}`).hint })),
    );
    const rows = Array.from({ length: size / 10 }, (_, n) =>
      counted({ ...fleetRowOf(aListedKey(), NOW), hint: aKeyRef(`${n}`).hint }),
    );
    const { counts } = inventoryOf([anOrganization(keys)], { ...NOTHING, rows }, NOW);
    expect(counts).toMatchObject({ managed: size / 10, unmanaged: size - size / 10 });
    expect(reads() / size).toBeLessThan(25);
  });

  it('an inventory does not differ from itself', () => {
    fc.assert(
      fc.property(listing, (organization) => {
        const inventory = inventoryOf([organization], secrets, NOW);
        const former = inventory.rows.map(({ id, name, status, flags, held }) => ({
          ...{ id, name, status, flags },
          heldBy: held.map(({ key }) => key),
        }));
        expect(differencesFrom({ at: NOW, rows: former }, inventory)).toEqual([]);
      }),
    );
  });
});

it('says the worst first, and of those alike the older', () => {
  const { rows } = inventoryOf(
    [
      anOrganization([
        aRecord({ id: 'apikey_managed', hint }),
        aRecord({ id: 'apikey_young', createdAt: daysAgo(5) }),
        aRecord({ id: 'apikey_old', createdAt: daysAgo(50) }),
        aRecord({ id: 'apikey_off', status: 'inactive' }),
        aRecord({ id: 'apikey_orphan', createdBy: undefined, principal: undefined }),
      ]),
    ],
    secrets,
    NOW,
  );
  expect(rows.map(({ id }) => id)).toEqual([
    'apikey_orphan',
    'apikey_old',
    'apikey_young',
    'apikey_managed',
    'apikey_off',
  ]);
});

it('keeps to a workspace, and counts the active keys elsewhere', () => {
  const all = inventoryOf(
    [
      anOrganization([
        aRecord({ createdAt: daysAgo(2) }),
        aRecord({ id: 'apikey_2', workspaceId: 'wrkspc_other', createdAt: daysAgo(2) }),
        aRecord({ id: 'apikey_3', workspaceId: undefined }),
        aRecord({ id: 'apikey_4', workspaceId: 'wrkspc_other', status: 'archived' }),
      ]),
    ],
    NOTHING,
    NOW,
  );
  const here = inWorkspace(all, HOME.workspaceId);
  expect(here.rows.map(({ id }) => id)).toEqual(['apikey_1']);
  expect(here.changes.all.map(({ id }) => id)).toEqual(['apikey_1']);
  expect(here.elsewhere).toBe(2);
});

describe('what changed in the last week', () => {
  const records = [
    aRecord({ createdAt: daysAgo(6) }),
    aRecord({ id: 'apikey_2', createdAt: daysAgo(8) }),
    aRecord({ id: 'apikey_3', status: 'expired', expiresAt: daysAgo(2) }),
    aRecord({ id: 'apikey_4', status: 'archived', expiresAt: daysAgo(2) }),
  ];
  const words = (overrides: Partial<OrganizationListing> = {}) => {
    const { changes } = inventoryOf([anOrganization(records, overrides)], NOTHING, NOW);
    return [...changes.all.map((each) => `${each.id} ${changeInWords(each)}`), changes.notKnown];
  };

  it('follows from the records, and from the Activity Feed with who did it', () => {
    const activity = (
      id: string,
      recordId: string,
      age: number,
      change: 'created' | 'disabled' | 'other',
    ) => ({
      ...{ id, recordId, change, at: daysAgo(age) },
      actor: { kind: 'person', email: 'max@example.com' } as const,
    });
    expect(words()).toEqual([
      'apikey_3 expired on 2026-11-19',
      'apikey_1 created on 2026-11-15 by kim@example.com',
      undefined,
    ]);
    const activities = [
      activity('1', 'apikey_2', 1, 'disabled'),
      activity('2', 'apikey_2', 2, 'other'),
      activity('3', 'apikey_1', 6, 'created'),
      activity('4', 'apikey_2', 7.5, 'disabled'),
      activity('5', 'apikey_elsewhere', 1, 'disabled'),
    ];
    expect(words({ feed: { kind: 'read', since: daysAgo(8), activities } })).toEqual([
      'apikey_2 disabled on 2026-11-20 by max@example.com',
      'apikey_3 expired on 2026-11-19',
      'apikey_1 created on 2026-11-15 by max@example.com',
      undefined,
    ]);
  });

  it('says that changes of status are not known where the feed was not read, or not far enough', () => {
    expect(words({ feed: unread }).at(-1)).toBe('Not permitted.');
    expect(words({ feed: { kind: 'read', since: daysAgo(3), activities: [] } }).at(-1)).toContain(
      'before 2026-11-18',
    );
  });
});

it('tells each difference from an earlier inventory', () => {
  const now = inventoryOf(
    [
      anOrganization([
        aRecord({ name: 'new' }),
        aRecord({ id: 'apikey_2', name: 'found', hint }),
        aRecord({ id: 'apikey_3', name: 'off', status: 'inactive' }),
        aRecord({ id: 'apikey_4', name: 'same' }),
      ]),
    ],
    secrets,
    NOW,
  );
  const row = (id: string, name: string) => ({
    id,
    name,
    status: 'active' as const,
    flags: ['unmanaged'],
    heldBy: [],
  });
  const before = [
    row('apikey_2', 'found'),
    row('apikey_3', 'off'),
    row('apikey_4', 'same'),
    row('apikey_5', 'lost'),
  ];
  expect(
    differencesFrom({ at: daysAgo(7), rows: before }, now).map(
      (each) => `${each.name}: ${differenceInWords(each)}`,
    ),
  ).toEqual([
    'new: new: unmanaged',
    'found: was in no secret, is in prod/api-gateway; now managed; no longer unmanaged',
    'off: was active, is inactive; no longer unmanaged',
    'lost: not listed any more',
  ]);
});

it.each([
  [
    { kind: 'used', from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') },
    '2026-11-20',
  ],
  [
    { kind: 'used', from: new Date('2026-11-14T00:00:00Z'), to: new Date('2026-11-20T00:00:00Z') },
    '2026-11-14 to 11-19',
  ],
  [
    { kind: 'used', from: new Date('2026-12-20T00:00:00Z'), to: new Date('2027-01-03T00:00:00Z') },
    '2026-12-20 to 2027-01-02',
  ],
  [{ kind: 'none', since: daysAgo(40), everSince: true }, 'never'],
  [{ kind: 'none', since: daysAgo(90), everSince: false }, 'none since 2026-08-23'],
  [{ kind: 'unknown', why: '' }, 'not known'],
] as const)('says when a key was used last: %j', (use, words) => {
  expect(lastUseInWords(use)).toBe(words);
});
