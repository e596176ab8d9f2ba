import fc from 'fast-check';
import type { ActivityFeed, Actor, KeyActivity } from '../../lib/domain/console/activity';
import {
  type AttributedChange,
  askedSince,
  isAnthropics,
  type WhoSwitched,
  whoCreated,
  whoSwitched,
} from '../../lib/domain/console/who';
import { actorInWords, whoInWords } from '../../lib/domain/wording/who';
import { daysAgo, NOW } from '../builders';

const kim: Actor = { kind: 'person', id: 'user_01Kim', email: 'kim@example.com', ip: '192.0.2.34' };
const anthropic: Actor = { kind: 'anthropic' };
const machine: Actor = { kind: 'service-account', id: 'svac_01Keys' };

let count = 0;
const activity = (
  days: number,
  change: KeyActivity['change'],
  actor: Actor = kim,
  recordId = 'apikey_1',
) => ({
  id: `activity_${++count}`,
  at: daysAgo(days),
  recordId,
  change,
  actor,
});
const read = (...activities: readonly KeyActivity[]): ActivityFeed => ({
  kind: 'read',
  since: daysAgo(30),
  activities,
});
const record = { id: 'apikey_1', status: 'inactive' } as const;
const NOBODY = { kind: 'not-recorded', since: daysAgo(30) };
const who = (feed: ActivityFeed, of: Parameters<typeof whoSwitched>[1] = record) => whoSwitched(feed, of);

describe('who switched a key off or on', () => {
  it.each<[string, ActivityFeed, object]>([
    ['the last who did', read(activity(2, 'enabled'), activity(3, 'disabled', machine)), { actor: kim }],
    [
      'the last, in whatever order the feed came',
      read(activity(3, 'disabled', machine), activity(2, 'disabled')),
      { actor: kim },
    ],
    ['nobody who only renamed or created it', read(activity(1, 'other'), activity(2, 'created')), NOBODY],
    ['nobody who switched another key off', read(activity(1, 'disabled', kim, 'apikey_2')), NOBODY],
    [
      'Anthropic, if it ever disabled the key',
      read(activity(1, 'enabled'), activity(2, 'disabled', anthropic)),
      { actor: anthropic, change: 'disabled' },
    ],
    [
      'Anthropic, if it archived the key after that',
      read(activity(1, 'archived', anthropic), activity(2, 'disabled', anthropic)),
      { actor: anthropic, change: 'disabled' },
    ],
    [
      'not known, if an entry could not be read',
      { ...read(), skipped: 1 } as ActivityFeed,
      { kind: 'unread', why: 'unavailable' },
    ],
    [
      'the last, if Anthropic enabled it again itself',
      read(activity(1, 'disabled'), activity(2, 'enabled', anthropic), activity(3, 'disabled', anthropic)),
      { actor: kim },
    ],
  ])('is %s', (_, feed, expected) => {
    expect(who(feed)).toMatchObject(expected);
  });

  it('is nobody if the key expired, unless Anthropic had disabled it', () => {
    const expired = { id: 'apikey_1', status: 'expired', expiresAt: daysAgo(1) } as const;
    const unread = { kind: 'unread', why: 'not-offered', words: '' } as const;
    for (const feed of [read(), unread, read(activity(5, 'disabled'))])
      expect(who(feed, expired)).toEqual({ kind: 'expired', at: daysAgo(1) });
    expect(isAnthropics(who(read(activity(5, 'disabled', anthropic)), expired))).toBe(true);
  });

  it.each(['not-offered', 'not-permitted', 'unavailable'] as const)(
    'is not known if the feed is %s',
    (why) => {
      expect(who({ kind: 'unread', why, words: '' })).toEqual({ kind: 'unread', why });
    },
  );

  it('is a leak only where Anthropic disabled it', () => {
    const leaks = (change: KeyActivity['change'], actor: Actor) =>
      isAnthropics(who(read(activity(1, change, actor))));
    expect(leaks('disabled', anthropic)).toBe(true);
    for (const change of ['enabled', 'archived', 'created', 'other'] as const)
      expect(leaks(change, anthropic)).toBe(false);
    expect(leaks('disabled', kim)).toBe(false);
    expect(isAnthropics(undefined)).toBe(false);
  });
});

test('the feed is asked from the creation of a key on, and no further back than 30 days before it was refused', () => {
  const feed = read(activity(1, 'disabled', anthropic), activity(5, 'created'));
  expect(whoCreated(feed, record.id)).toMatchObject({ actor: kim, change: 'created', at: daysAgo(5) });
  expect(whoCreated({ kind: 'unread', why: 'unavailable', words: '' }, record.id)).toBeUndefined();
  const asked = askedSince(daysAgo(5), NOW);
  expect(asked < daysAgo(5) && asked > daysAgo(6)).toBe(true);
  expect(askedSince(daysAgo(90), NOW)).toEqual(daysAgo(30));
});

const known = (actor: Actor, more: Partial<AttributedChange> = {}): WhoSwitched => ({
  kind: 'known',
  activity: 'activity_1',
  change: 'disabled',
  at: new Date('2026-11-20T14:03:27Z'),
  actor,
  ...more,
});

test.each<[WhoSwitched | undefined, string]>([
  [
    known(kim),
    "It was disabled at Anthropic by kim@example.com on 2026-11-20 14:03 UTC, from 192.0.2.34 (Anthropic's Activity Feed).",
  ],
  [
    known({ kind: 'person', id: 'user_01Kim' }),
    "It was disabled at Anthropic by the user user_01Kim on 2026-11-20 14:03 UTC (Anthropic's Activity Feed).",
  ],
  [
    known({ kind: 'person' }, { change: 'archived' }),
    "It was archived at Anthropic by a user whom the feed does not name on 2026-11-20 14:03 UTC (Anthropic's Activity Feed).",
  ],
  [
    known(kim, { change: 'enabled' }),
    "It was enabled at Anthropic by kim@example.com on 2026-11-20 14:03 UTC, from 192.0.2.34 (Anthropic's Activity Feed). Such a change takes some minutes to take effect everywhere.",
  ],
  [
    known(anthropic),
    "Anthropic itself disabled it on 2026-11-20 14:03 UTC (Anthropic's Activity Feed), as it does with keys found in public, such as on GitHub. Treat it as leaked: whoever has seen it has its value.",
  ],
  [
    { kind: 'expired', at: daysAgo(1) },
    'It expired on 2026-11-20 14:00 UTC, as its record at Anthropic says.',
  ],
  [
    { kind: 'not-recorded', since: daysAgo(30) },
    "Who did it is not known: Anthropic's Activity Feed has no entry about it since 2026-10-22.",
  ],
  [
    { kind: 'unread', why: 'not-offered' },
    "Who did it is not known: Anthropic's Activity Feed is not offered to this organization.",
  ],
  [
    { kind: 'unread', why: 'not-permitted' },
    "Who did it is not known: the credential of the Admin access may not read Anthropic's Activity Feed.",
  ],
  [
    { kind: 'unread', why: 'unavailable' },
    "Who did it is not known: Anthropic's Activity Feed gave no readable answer.",
  ],
  [undefined, ''],
])('%j is told as %s', (said, words) => {
  expect(whoInWords(said)).toBe(words);
});

test.each<[Actor, string]>([
  [{ kind: 'admin-key', id: 'apikey_01Admin' }, 'the Admin API key apikey_01Admin'],
  [{ kind: 'admin-key' }, 'an Admin API key'],
  [{ kind: 'api-key', id: 'apikey_01Other' }, 'the API key apikey_01Other'],
  [{ kind: 'service-account', id: 'svac_02Other' }, 'the service account svac_02Other'],
  [{ kind: 'other', type: 'scim_directory_sync_actor' }, 'an actor of the type scim_directory_sync_actor'],
  [{ kind: 'other', type: 'Log in at https://evil.example' }, 'an actor of an unknown type'],
  [{ kind: 'person', email: 'https://evil.example/login', id: 'x y' }, 'a user whom the feed does not name'],
])('%j is called %s', (actor, words) => {
  expect(actorInWords(actor)).toBe(words);
});

test('nothing that the feed says brings a link, a line break or a strange character into a mail', () => {
  const kinds = fc.constantFrom('person', 'admin-key', 'api-key', 'service-account', 'other');
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.ipV6(), fc.emailAddress());
  fc.assert(
    fc.property(kinds, text, text, text, (kind, id, email, ip) => {
      const said = whoInWords(known({ kind, id, email, ip, type: id } as Actor));
      expect(said).toMatch(/^[ -~]*$/);
      expect(said).not.toContain('://');
    }),
  );
});
