import fc from 'fast-check';
import { decodeListing } from '../../lib/contract/listing-document';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { issueText, issueTitle, listedAt, readMarker } from '../../lib/domain/tickets/issue';
import { isComplete, placeName } from '../../lib/domain/tickets/listing';
import { type Issue, MOST_NEW, planTickets, type TicketPlan } from '../../lib/domain/tickets/plan';
import { ticketsOf } from '../../lib/domain/tickets/ticket';
import { DAY, HOUR, plus } from '../../lib/domain/time';
import { daysAhead, NOW } from '../builders';
import { ALL_STATES, aKeyThatIs, fleetsDocument, listingOf } from './listings';

/** What a tracker holds after a plan, as GitHub does. */
function leftBy(issues: readonly Issue[], { steps }: TicketPlan): readonly Issue[] {
  const held = new Map(issues.map((issue) => [issue.number, issue]));
  for (const step of steps) {
    if (step.does === 'open') {
      const number = Math.max(0, ...held.keys()) + 1;
      held.set(number, { number, open: true, locked: false, text: step.text });
    } else {
      const before = held.get(step.number)!;
      const open = step.does === 'update' ? before.open : step.does === 'reopen';
      held.set(step.number, { ...before, open, text: step.text });
    }
  }
  return [...held.values()];
}

const does = ({ steps }: TicketPlan) => steps.map((step) => step.does);

const later = (milliseconds: number) => plus(NOW, milliseconds);

const dead = () => [aKeyThatIs('dead')];
const fine = () => [aKeyThatIs('fine')];

/** Issues as a listing has left them. */
const kept = (keys = dead(), now = NOW) => leftBy([], planTickets(listingOf(keys, now), [], now));

test('a finding gets an issue, and the same listing asks for nothing more', () => {
  const listing = listingOf(dead());
  const plan = planTickets(listing, [], NOW);
  expect(does(plan)).toEqual(['open']);
  expect(planTickets(listing, leftBy([], plan), NOW)).toEqual({ steps: [], waiting: 0, outdated: [] });
});

test('each finding of a key has an issue of its own, and what is fine has none', () => {
  const both = aKeyThatIs('dead');
  const old = { ...both.memory, verdict: { ...both.memory.verdict!, keyCreatedAt: plus(NOW, -95 * DAY) } };
  const titles = planTickets(
    listingOf([{ ...both, memory: old }, aKeyThatIs('fine', { service: 'x' })]),
    [],
    NOW,
  ).steps;
  expect(titles).toEqual([
    expect.objectContaining({ title: 'prod/api-gateway: DEAD' }),
    expect.objectContaining({ title: 'prod/api-gateway: overdue' }),
  ]);
});

test('a later listing that still has it writes the issue anew, without a comment', () => {
  const plan = planTickets(listingOf(dead(), later(HOUR)), kept(), later(HOUR));
  expect(plan.steps).toEqual([
    { does: 'update', number: 1, text: expect.stringContaining('2026-11-21 15:00 UTC') },
  ]);
});

test('a listing that no longer has it closes it, and says so', () => {
  const plan = planTickets(listingOf(fine(), later(HOUR)), kept(), later(HOUR));
  expect(plan.steps).toEqual([
    {
      does: 'close',
      number: 1,
      text: expect.stringContaining('listed=2026-11-21T15:00:00.000Z'),
      comment: 'The listing of 2026-11-21 15:00 UTC no longer has this finding.',
    },
  ]);
});

test('an issue that a person closed while the finding is there is opened again, with what to do instead', () => {
  const issues = kept([aKeyThatIs('overdue')]).map((issue) => ({ ...issue, open: false }));
  const plan = planTickets(listingOf([aKeyThatIs('overdue')]), issues, NOW);
  expect(plan.steps).toEqual([
    expect.objectContaining({ does: 'reopen', number: 1, comment: expect.stringContaining('`snooze`') }),
  ]);
});

test('an exemption closes what it quiets, and nothing that it may not quiet', () => {
  const snooze = { until: daysAhead(5), reason: 'freeze' };
  const both = [aKeyThatIs('overdue'), aKeyThatIs('dead', { service: 'other' })];
  const snoozed = both.map((key) => ({ ...key, memory: { ...key.memory, snooze } }));
  const plan = planTickets(listingOf(snoozed), kept(both), NOW);
  expect(plan.steps).toEqual([
    expect.objectContaining({
      does: 'close',
      comment: 'An exemption quiets this finding until 2026-11-26.',
    }),
  ]);
});

test('nobody comments on a locked issue', () => {
  const locked = kept().map((issue) => ({ ...issue, locked: true }));
  const [step] = planTickets(listingOf(fine(), later(HOUR)), locked, later(HOUR)).steps;
  expect(step).not.toHaveProperty('comment');
  expect(step).toMatchObject({ does: 'close' });
});

test('of several issues of one finding the oldest stays', () => {
  const [one] = kept();
  const issues = [{ ...one!, number: 9 }, one!, { ...one!, number: 4 }];
  const plan = planTickets(listingOf(dead()), issues, NOW);
  expect(plan.steps).toEqual([
    expect.objectContaining({ does: 'close-duplicate', number: 4, comment: 'Duplicate of #1.' }),
    expect.objectContaining({ does: 'close-duplicate', number: 9, comment: 'Duplicate of #1.' }),
  ]);
  expect(planTickets(listingOf(dead()), leftBy(issues, plan), NOW).steps).toEqual([]);
});

test('identity is the mark, never the title: issues of others are left alone, whatever they quote', () => {
  const [ours] = kept();
  const others = [
    { number: 7, open: true, locked: false, text: 'prod/api-gateway: DEAD' },
    { number: 8, open: true, locked: false, text: `> ${ours!.text}` },
    { number: 9, open: true, locked: false, text: '' },
  ];
  expect(does(planTickets(listingOf(fine(), later(HOUR)), [...others, ours!], later(HOUR)))).toEqual([
    'close',
  ]);
});

describe('what a listing does not say', () => {
  const dev = { account: '444455556666', environments: ['dev'] };
  const everywhere = () =>
    decodeListing(
      fleetsDocument([
        { fleet: fleetOf(dead(), [], NOW) },
        {
          ...dev,
          fleet: fleetOf([aKeyThatIs('dead', { environment: 'dev', account: dev.account })], [], NOW),
        },
      ]),
    );
  const issues = () => leftBy([], planTickets(everywhere(), [], NOW));
  const planOf = (parts: Parameters<typeof fleetsDocument>[0]) =>
    planTickets(decodeListing(fleetsDocument(parts)), issues(), later(HOUR));

  test('both have an issue to begin with', () => expect(issues()).toHaveLength(2));

  test('closes nothing of the part that could not be read, and what is over elsewhere', () => {
    const plan = planOf([{ fleet: fleetOf(fine(), [], later(HOUR)) }, dev]);
    expect(plan.steps).toEqual([expect.objectContaining({ does: 'close', number: 1 })]);
  });

  test('closes nothing of an environment that could not be read, wherever its issue says that it is', () => {
    const plan = planOf([
      { fleet: fleetOf(fine(), [], later(HOUR)) },
      {
        account: dev.account,
        environments: ['test'],
        fleet: fleetOf([aKeyThatIs('fine', { environment: 'test', account: dev.account })], [], later(HOUR)),
      },
      { ...dev, account: '777788889999' },
    ]);
    expect(plan.steps).toEqual([expect.objectContaining({ does: 'close', number: 1 })]);
  });

  test('an empty place closes its issues only where everything was read', () => {
    const empty = { ...dev, fleet: fleetOf([], [], later(HOUR)) };
    const prod = { fleet: fleetOf(dead(), [], later(HOUR)) };
    const unread = { account: '777788889999', environments: ['test'] };
    expect(does(planOf([prod, empty, unread]))).toEqual(['update']);
    expect(does(planOf([prod, empty]))).toEqual(['close', 'update']);
  });

  test('closes nothing of an environment that it was not to look for, in whatever place', () => {
    const test = { ...dev, environments: ['test'] };
    const fleet = fleetOf([aKeyThatIs('fine', { ...test, environment: 'test' })], [], later(HOUR));
    expect(does(planOf([{ fleet: fleetOf(dead(), [], later(HOUR)) }, { ...test, fleet }]))).toEqual([
      'update',
    ]);
  });

  test('says that claimed secrets are over only where everything was read', () => {
    const { environment, service, secretArn } = aKeyThatIs('fine').key;
    const claimed = [{ environment, service, secretArn, secretName: 'mine/1' }];
    const issues = leftBy([], planTickets(listingOf(fine(), NOW, { claimed }), [], NOW));
    const prod = { fleet: fleetOf(fine(), [], later(HOUR)) };
    const planOf = (parts: Parameters<typeof fleetsDocument>[0]) =>
      does(planTickets(decodeListing(fleetsDocument(parts)), issues, later(HOUR)));
    expect(planOf([prod, { environments: ['dev'] }])).toEqual([]);
    expect(planOf([prod])).toEqual(['close']);
  });

  test('closes nothing of a place that the listing does not name', () => {
    expect(does(planOf([{ fleet: fleetOf(fine(), [], later(HOUR)) }]))).toEqual(['close']);
  });
});

describe('an older listing than the last one', () => {
  test('changes nothing, and is named', () => {
    const issues = kept(dead(), later(HOUR));
    for (const keys of [fine(), [aKeyThatIs('overdue')]])
      expect(planTickets(listingOf(keys), issues, later(HOUR))).toMatchObject({
        steps: [],
        outdated: [{ account: '111122223333', now: NOW, applied: later(HOUR) }],
      });
  });

  test('also where the newer one only closed', () => {
    const closed = leftBy(kept(), planTickets(listingOf(fine(), later(HOUR)), kept(), later(HOUR)));
    expect(does(planTickets(listingOf(dead(), NOW), closed, later(HOUR)))).toEqual([]);
  });

  test('a mark from days that are still to come blocks nothing: no listing was made then', () => {
    const issues = kept().map((issue) => ({ ...issue, text: listedAt(issue.text, daysAhead(400)) }));
    expect(does(planTickets(listingOf(fine()), issues, NOW))).toEqual(['close']);
  });
});

test('a fault of all keys opens a hundred issues in a run, and the next run goes on', () => {
  const keys = Array.from({ length: MOST_NEW + 30 }, (_, n) => aKeyThatIs('dead', { service: `s${n}` }));
  const listing = listingOf(keys);
  const first = planTickets(listing, [], NOW);
  expect([first.steps.length, first.waiting]).toEqual([MOST_NEW, 30]);
  const second = planTickets(listing, leftBy([], first), NOW);
  expect([second.steps.length, second.waiting]).toEqual([30, 0]);
});

test('problems that are no key have issues, one for all secrets that anybody may have tagged', () => {
  const unreadable = [
    {
      environment: 'prod',
      service: 'broken',
      secretName: 'anthropic/prod/broken',
      secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/broken-aB3dE6',
      faults: ['anthropic-key:grace-hours is "soon", expected hours'],
    },
  ];
  const claimed = Array.from({ length: 40 }, (_, n) => {
    const { environment, service, secretArn } = aKeyThatIs('fine', { service: `claimed-${n}` }).key;
    return { environment, service, secretArn, secretName: `mine/${n}` };
  });
  const twin = aKeyThatIs('fine');
  const other = { ...twin, key: { ...twin.key, secretName: 'legacy/claude' } };
  const plan = planTickets(listingOf([twin, other], NOW, { unreadable, claimed }), [], NOW);
  expect(plan.steps).toEqual([
    expect.objectContaining({ title: 'prod/broken: damaged tags' }),
    expect.objectContaining({ title: 'prod/api-gateway: 2 secrets of one name' }),
    expect.objectContaining({
      title: 'Secrets in account 111122223333, eu-central-1 are tagged as keys, but not managed',
      text: expect.stringContaining('- Number: `40`'),
    }),
  ]);
});

test('an issue says what is true, since when, whose it is, and what to run', () => {
  const [step] = planTickets(listingOf(dead()), [], NOW, 'https://wiki.example.com/runbook').steps;
  expect(step).toMatchInlineSnapshot(`
{
  "does": "open",
  "text": "<!-- anthropic-key-ticket/1 id=835529b555933c0a place=111122223333/eu-central-1 environment=6754af96 listed=2026-11-21T14:00:00.000Z -->
DEAD since 2026-11-20 14:00 UTC. Put in a new key.

- Key: \`prod/api-gateway\`
- Secret: \`anthropic/prod/api-gateway\`
- Where: \`account 111122223333, eu-central-1\`
- Owner: \`platform@example.com\`
- Live key: \`sk-ant-api03-5d3…M6AA, DEAD since 2026-11-20 14:00 UTC\`
- Age: \`10 of 90 days, due 2027-02-09\`

In the repository where the command line is installed, signed in to that account:

\`\`\`sh
npx --no -- anthropic-keys submit prod/api-gateway --region eu-central-1
\`\`\`

[Runbook](https://wiki.example.com/runbook#dead-key)

Listed 2026-11-21 14:00 UTC. Each run writes this text anew (write in comments), and closes the issue when a listing no longer has the finding.",
  "title": "prod/api-gateway: DEAD",
}
`);
});

describe('texts from outside', () => {
  const HOSTILE = [
    '@acme/security',
    '<img src=x onerror=alert(1)>',
    '`` @acme/security ``',
    '--> <!-- anthropic-key-ticket/1 id=0000000000000000',
    '[x](https://evil.example)',
    'a\n\n## Run this\n```sh\ncurl evil\n```',
    '\u202e#1 closes #2',
    ' ',
    '`',
    '\ud800',
  ];

  test.each(HOSTILE)('%j pings nobody, is no markup and no mark', (hostile) => {
    const key = aKeyThatIs('dead').key;
    const ticket = ticketsOf({
      unread: [],
      places: [
        {
          account: '111122223333',
          region: 'eu-central-1',
          now: NOW,
          rows: [
            {
              key: { ...key, environment: hostile, service: hostile, owner: hostile, secretName: hostile },
              findings: ['dead'],
              hint: hostile,
              verdict: { kind: hostile, since: NOW },
              maxAgeDays: 90,
              retiring: [{ until: NOW, hint: hostile }],
            },
          ],
          unreadable: [
            {
              environment: hostile,
              service: hostile,
              secretName: hostile,
              secretArn: key.secretArn,
              faults: [hostile],
            },
          ],
          twins: [{ name: hostile, secrets: [hostile] }],
          claimed: [{ environment: hostile, secretName: hostile }],
        },
      ],
    });
    expect(ticket).toHaveLength(4);
    for (const each of ticket) {
      const text = issueText(each, undefined);
      // What is left outside of code, where GitHub would see markup.
      const outside = text.replace(/```sh\n[^`]*\n```\n/g, '').replace(/`[^`\n]+`/g, '');
      expect(outside.slice(outside.indexOf('-->') + 3)).not.toMatch(/[@<>[\]#`]|http|curl|onerror/);
      expect(readMarker(text)?.id).toBe(each.id);
      expect(issueTitle(each)).not.toMatch(/[@`\n]/);
      expect(each.command ?? '').not.toMatch(/\n|curl/);
    }
  });
});

test('whatever was listed before, the open issues are the findings of what was read, and those of what was not stay as they were', () => {
  const places = [
    { account: '111111111111', region: 'eu-central-1', environments: ['dev', 'test'] },
    { account: '222222222222', region: 'eu-west-1', environments: ['prod'] },
    { account: '333333333333', region: 'us-east-1', environments: ['batch'] },
  ];
  const states = fc.constantFrom(...ALL_STATES);
  const run = fc.record({
    read: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    states: fc.array(fc.tuple(states, states), { minLength: 3, maxLength: 3 }),
    meddled: fc.array(fc.tuple(fc.nat(20), fc.constantFrom('close', 'copy', 'crlf')), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 6 }), (runs) => {
      let issues: readonly Issue[] = [];
      runs.forEach(({ read, states, meddled }, at) => {
        const now = later(at * DAY);
        for (const [which, how] of meddled) {
          const issue = issues[which % Math.max(1, issues.length)];
          if (!issue) continue;
          if (how === 'copy') issues = [...issues, { ...issue, number: issues.length + 1 }];
          else
            issues = issues.map((each) =>
              each !== issue
                ? each
                : how === 'close'
                  ? { ...each, open: false }
                  : { ...each, text: each.text.replaceAll('\n', '\r\n') },
            );
        }
        const listing = decodeListing(
          fleetsDocument(
            places.map((place, index) => ({
              ...place,
              ...(read[index] && {
                fleet: fleetOf(
                  place.environments.map((environment, key) =>
                    aKeyThatIs(states[index]![key]!, { ...place, environment, now }),
                  ),
                  [],
                  now,
                ),
              }),
            })),
          ),
        );
        const wanted = new Set(ticketsOf(listing).map(({ id }) => id));
        const plan = planTickets(listing, issues, now);
        const left = leftBy(issues, plan);
        const readPlaces = new Set(listing.places.map(placeName));
        const open = left.filter((issue) => issue.open).map((issue) => readMarker(issue.text)!);
        expect(isComplete(listing)).toBe(read.every(Boolean));
        expect(
          open
            .filter(({ place }) => readPlaces.has(place))
            .map(({ id }) => id)
            .sort(),
        ).toEqual([...wanted].sort());
        const unread = (all: readonly Issue[]) =>
          all.filter(({ text }) => !readPlaces.has(readMarker(text)!.place));
        expect(unread(left)).toEqual(unread(issues));
        expect(planTickets(listing, left, now).steps).toEqual([]);
        issues = left;
      });
    }),
    { numRuns: 150 },
  );
});
