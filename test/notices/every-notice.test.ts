import { deployedNames } from '../../lib/contract/names';
import type { Finding } from '../../lib/domain/findings/catalogue';
import { renderNotice } from '../../lib/domain/notices/render';
import { type FormatRefusal, KEY_FIELD, REFUSALS, type Refusal } from '../../lib/domain/refusal';
import type { LiveState } from '../../lib/domain/secret';
import { HOUR, plus } from '../../lib/domain/time';
import { aFinding, aKey, aKeyRef, aNoticeContext, aPolicy, daysAgo, FINDING_KINDS, NOW } from '../builders';
import { CONSUMERS, MANY_CONSUMERS } from './consumers';
import { BLOCKS, EVERY_FINDING } from './every-kind';
import { offeredBy } from './play-commands';
import { firstCommandAt, stepsIn } from './read-mail';

const LINKS = {
  projectUrl: 'https://git.example.com/keys',
  runbookUrl: 'https://wiki.example.com/runbook',
};

const CONTEXTS = [
  ['with Admin access', aNoticeContext({ adminAccess: true, policy: aPolicy({ deactivate: 'automatic' }) })],
  ['without Admin access', aNoticeContext()],
  ['with nothing known of the home', aNoticeContext({ home: undefined })],
  ['with links', aNoticeContext({ deployed: deployedNames({ environment: 'prod', ...LINKS }) })],
  ['with consumers', aNoticeContext({ key: aKey({ consumers: CONSUMERS }) })],
  ['with many consumers', aNoticeContext({ key: aKey({ consumers: MANY_CONSUMERS }) })],
] as const;

const NOTICES = CONTEXTS.flatMap(([context, about]) =>
  EVERY_FINDING.map(([name, finding]) => [`${name}, ${context}`, renderNotice(about, finding)] as const),
);

const HOSTS = [
  'platform.claude.com',
  'console.aws.amazon.com',
  'eu-central-1.console.aws.amazon.com',
  'git.example.com',
  'wiki.example.com',
];

/** A mail without its line breaks. */
const spoken = (finding: Finding, context = aNoticeContext()) =>
  renderNotice(context, finding).text.replace(/\s+/g, ' ');

/** The parts of a mail, and whether every mail has it. */
const PARTS = [
  ['What is true', true],
  ['What to do', true],
  ['What happens if nothing is done', true],
  ['About the new key', false],
  ['Which key', true],
  ['How this was established', true],
  ['In the repository where the command line is installed', false],
  ['Is this mail real?', true],
] as const;

describe.each(NOTICES)('the notice %s', (_, notice) => {
  const lines = notice.text.split('\n');

  it('has its parts, in this order, each with something in it', () => {
    const headings = lines.filter((line) => /^\S/.test(line));
    expect(headings).toEqual(
      PARTS.flatMap(([part, always]) => (always || headings.includes(part) ? part : [])),
    );
    const parts = notice.text.split(/^\S.*$/m).slice(1);
    expect(parts.map((part) => part.trim().length > 0)).toEqual(headings.map(() => true));
  });

  it('shows what is true, what to do and its first command within 25 lines', () => {
    expect(lines.indexOf('What to do')).toBeLessThan(16);
    expect(firstCommandAt(notice.text) ?? 0).toBeLessThanOrEqual(25);
  });

  it('says nothing twice', () => {
    const paragraphs = notice.text
      .split(/\n\n|\n(?= {2}\d+\. )/)
      .map((text) => text.replace(/\s+/g, ' ').trim());
    const long = paragraphs.filter((text) => text.length > 60);
    expect(long.filter((text, index) => long.indexOf(text) !== index)).toEqual([]);
  });

  it('says where the first command is pasted and who may, and who may the others', () => {
    const commands = stepsIn(notice.text).filter(({ blocks }) => blocks.length > 0);
    for (const [index, { says, blocks, policy }] of commands.entries()) {
      // No policy of ours allows it: the step says what does.
      const foreign = /aws ecs|kubectl/.test(blocks.join());
      if (index === 0 && !foreign)
        expect(says).toMatch(
          /In bash or zsh, e\.g\. CloudShell, signed in to AWS account 1+2+3+ with the policy/,
        );
      if (foreign) {
        expect(says).toMatch(/signed in to AWS account 1+2+3+ with ecs:UpdateService|with kubectl for/);
        continue;
      }
      expect(policy).toMatch(
        /admin:orders/.test(blocks.join())
          ? /^anthropic-keys-prod-responder$/
          : /^anthropic-keys-prod-(operator|responder)$/,
      );
    }
  });

  it('fits 80 columns, but for commands and addresses', () => {
    const long = lines.filter((line) => line.length > 80);
    expect(
      long.filter((line) => !/^\s+(More: )?https:\/\//.test(line) && !/^ {4,}.*\baws\b/.test(line)),
    ).toEqual([]);
  });

  it('can be read without scrolling for long', () => {
    expect(lines.length).toBeLessThanOrEqual(105);
    expect(notice.text).not.toMatch(/\n{3}/);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it('links only to the consoles, and to what the deployment names', () => {
    const hosts = [...notice.text.matchAll(/https?:\/\/([^/\s]+)/g)].map((match) => match[1]!);
    expect(hosts.filter((host) => !HOSTS.includes(host))).toEqual([]);
    expect(notice.text).not.toContain('http://');
  });

  it('never asks anybody to fetch a package, and ends in two lines with its proof and where no key is entered', () => {
    expect(notice.text).not.toMatch(/\bnpx (?!--no -- anthropic-keys )/);
    const [heading, empty, proof, never, ...more] = lines.slice(lines.indexOf('Is this mail real?'));
    expect([heading, empty, more]).toEqual(['Is this mail real?', '', ['']]);
    expect(proof).toContain(`shows ${notice.id.slice(4)} among the secret's tags`);
    expect(notice.text).toContain('aws secretsmanager describe-secret');
    expect(never).toMatch(/^ {2}A key never goes into a form, a chat or a reply/);
  });

  it('names service, owner and place', () => {
    expect(notice.text).toContain('prod/api-gateway');
    expect(notice.text).toContain('platform@example.com');
    expect(notice.text).toContain('AWS account 111122223333, eu-central-1');
  });

  it('leaves no gap where a word should be', () => {
    expect(notice.text).not.toMatch(
      /undefined|null|NaN|\[object|Invalid Date|\(unnamed key\)|\(id unknown\)/,
    );
    expect(notice.brief.fact.length).toBeGreaterThan(20);
  });

  it('gives machines the details with dates as ISO 8601', () => {
    expect(notice.data).toMatchObject({
      schema: 'anthropic-key-rotation/notice/1',
      id: notice.id,
      kind: notice.kind,
    });
    expect(JSON.parse(JSON.stringify(notice.data))).toEqual(notice.data);
  });
});

test('the key a notice is about is named in its text', () => {
  for (const kind of ['due', 'overdue', 'dead', 'blocked', 'expires-soon', 'foreign'] as const)
    expect(renderNotice(aNoticeContext(), aFinding(kind)).text).toContain(aKeyRef().hint);
});

test('each way of being blocked reads differently and says whom to turn to', () => {
  const texts = BLOCKS.map(([, finding]) => renderNotice(aNoticeContext(), finding));
  expect(new Set(texts.map(({ subject }) => subject)).size).toBe(BLOCKS.length);
  expect(new Set(texts.map(({ brief }) => brief.fact)).size).toBe(BLOCKS.length);
  expect(texts.map(({ text }) => /is valid, but/.test(text))).toEqual(texts.map(() => true));
});

test('a new key is asked for only where it helps', () => {
  const asking = BLOCKS.filter(([, finding]) =>
    /anthropic-keys submit\b/.test(renderNotice(aNoticeContext(), finding).text),
  );
  expect(asking.map(([reason]) => reason)).toEqual(['owner', 'workspace-config', 'permission']);
});

test('a refused key that is in use elsewhere is not to be revoked', () => {
  const text = (reason: Refusal) => spoken(aFinding('rejected', { reason }));
  expect(text('duplicate-of-current')).toContain('Do not revoke it');
  expect(text('duplicate-of-current')).not.toContain('Revoke what was submitted');
  expect(text('elsewhere')).not.toContain('Revoke');
  expect(text('elsewhere')).toContain('its team replaces it first; then disable it');
  expect(text('admin-key')).toContain('Revoke what was submitted');
});

describe.each(Object.keys(REFUSALS) as Refusal[])(
  'the reason %s is a sentence wherever it is told',
  (reason) => {
    const { says } = REFUSALS[reason];
    const described = reason === 'stopped' ? 'somebody seems to have stopped this service' : says;
    const first = says.replace(/(?<=\.) .*$/, '');
    const content = (kind: 'malformed' | 'other') => ({ kind, reason: reason as FormatRefusal });

    it.each<[string, Finding, string]>([
      ['rejected', aFinding('rejected', { reason }), says],
      ['rejected without a key', aFinding('rejected', { reason, content: content('malformed') }), says],
      ['not-a-key', aFinding('not-a-key', { content: content('malformed'), accepted: undefined }), described],
      ['not-a-key, other text', aFinding('not-a-key', { content: content('other') }), described],
      [
        'direct-edit-refused',
        aFinding('direct-edit-refused', { cause: 'malformed', current: content('malformed') }),
        first,
      ],
      ['rolled-back', aFinding('rolled-back', { cause: 'malformed', removed: content('malformed') }), first],
      [
        'rolled-back by hand',
        aFinding('rolled-back', { cause: 'by-hand', removed: content('malformed') }),
        '',
      ],
    ])('in %s', (_, finding, sentence) => {
      expect(says).toMatch(/^[A-Z].*[.]$/);
      const text = spoken(finding);
      expect(text).toContain(sentence);
      // Words of plain English may stand in a mail for what they mean.
      const isCode = /-|^(json|jwt|arn|url)$/.test(reason);
      if (isCode) expect(text.replace(says, '')).not.toMatch(new RegExp(`(?<![\\w-])${reason}(?![\\w-])`));
    });
  },
);

describe('a key that stands elsewhere', () => {
  const stands = { at: 'field', name: 'api_key' } as const;
  const key = { kind: 'key', ...aKeyRef('new'), stands } as const;

  it('is named with its place, and may be submitted', () => {
    for (const text of [
      spoken(aFinding('rolled-back', { cause: 'malformed', removed: key })),
      spoken(aFinding('direct-edit-refused', { cause: 'malformed', current: key })),
    ]) {
      expect(text).toContain(`${key.hint} st`);
      expect(text).toContain(
        'in the field api_key, where services that read ANTHROPIC_API_KEY do not find it',
      );
      expect(text).toContain('is meant to be the new key, submit it');
      expect(text).not.toContain('revoke it at its source');
    }
    expect(spoken(aFinding('rejected', { reason: 'json', content: key }))).toContain(
      'It stands in the field api_key.',
    );
    expect(spoken(aFinding('rotated', { stands }))).toContain('It stands in the field api_key');
  });

  it('is said to work only where it does', () => {
    expect(spoken(aFinding('misplaced'))).toContain('works, but it stands in the field api_key');
    expect(spoken(aFinding('misplaced', { works: false }))).not.toContain('works, but');
  });

  it('has no name in a mail that is not plain', () => {
    const hostile = { at: 'line', line: 2, name: 'a b <https://evil.example>' } as const;
    expect(spoken(aFinding('misplaced', { stands: hostile }))).not.toContain('evil');
    expect(spoken(aFinding('misplaced', { stands: hostile }))).toContain('on line 2 of a text.');
  });
});

describe('a mail about something else', () => {
  const text = (kind: 'due' | 'overdue' | 'rejected' | 'submission-stuck', live: LiveState) =>
    spoken(aFinding(kind, { live }));
  const silent = { kind: 'ALIVE', unknownSince: daysAgo(2) } as const;

  it.each(['rejected', 'submission-stuck'] as const)(
    '%s speaks of no live key where there is none',
    (kind) => {
      for (const [state, said] of [
        ['NONE', 'There is no live key: the service still cannot call Anthropic.'],
        ['DEAD', 'The live key is dead, so the service keeps failing.'],
      ] as const) {
        expect(text(kind, { kind: state })).toContain(said);
        expect(text(kind, { kind: state })).not.toMatch(/left alone|keeps using|key's deadline|Two keys/);
      }
      expect(text(kind, { kind: 'ALIVE' })).toContain('The service keeps using its live key.');
    },
  );

  it.each(['due', 'overdue'] as const)('%s says "works" only of a key that does', (kind) => {
    const saysWorks = /Key \S+ works|keeps working/i;
    expect(text(kind, { kind: 'ALIVE' })).toMatch(saysWorks);
    expect(text(kind, { kind: 'BLOCKED', reason: 'billing' })).not.toMatch(saysWorks);
    expect(text(kind, { kind: 'BLOCKED', reason: 'billing' })).toContain('It is blocked now (billing)');
    expect(text(kind, silent)).not.toMatch(saysWorks);
    expect(text(kind, silent)).toContain('No check has had a clear answer since 2026-11-19 14:00 UTC');
  });
});

describe('a bad edit by hand', () => {
  const byHand = aNoticeContext({ policy: aPolicy({ autoRollback: false }) });
  const refused = (details: object, context = aNoticeContext()) =>
    spoken(aFinding('direct-edit-refused', details), context);

  it('with text that is no key says so, and what the text is', () => {
    expect(refused({ cause: 'malformed', current: { kind: 'malformed', reason: 'too-short' } })).toContain(
      'Somebody edited the secret by hand. What is live now is not a usable key. This starts like an Anthropic key but is too short to be one. It was not undone',
    );
  });

  it('that stands says why: because of the policy, or of the key before it', () => {
    const policy = refused({ acceptedIs: 'ALIVE' }, byHand);
    expect(policy).toContain('(autoRollback: false)');
    expect(policy).toContain('Go back to the last key now; it works:');
    const dead = refused({ acceptedIs: 'DEAD' });
    expect(dead).toContain('because the key before it is dead too.');
    expect(dead).not.toContain('AWSCURRENT');
    expect(refused({ acceptedIs: 'UNKNOWN' })).toContain('If the last key still works');
  });

  it('that a person undid is not claimed to be undone by us', () => {
    const undone = aFinding('rolled-back');
    expect(renderNotice(byHand, undone).subject).toContain('Bad edit undone by a person');
    expect(spoken(undone, byHand)).toContain('A person made the last good key');
    expect(spoken(undone)).not.toContain('A person made');
  });

  it('with another team’s key revokes nobody’s live key', () => {
    for (const kind of ['rolled-back', 'direct-edit-refused'] as const)
      expect(spoken(aFinding(kind, { cause: 'elsewhere' }))).not.toMatch(/revoke/i);
  });
});

describe('a submitted key that was taken back', () => {
  const taken = (cause: 'dead' | 'elsewhere' | 'leaked') =>
    spoken(aFinding('rolled-back', { cause, submitted: true }));

  it('is followed by the step that its cause asks for, and by the next submission', () => {
    expect(taken('dead')).toContain('Find out why the submitted key went bad');
    expect(taken('elsewhere')).toContain('Find out whose key it is');
    expect(taken('leaked')).toContain('revoke it at its source');
    for (const cause of ['dead', 'elsewhere', 'leaked'] as const) {
      expect(taken(cause)).toContain('Then create a new key');
      expect(taken(cause)).not.toMatch(/Somebody (wrote|edited)|From now on, use/);
    }
  });
});

test('a secret whose text says that it is stopped is reported as stopped', () => {
  expect(spoken(aFinding('not-a-key', { content: { kind: 'other', reason: 'stopped' } }))).toContain(
    'The secret holds the word DISABLED',
  );
  expect(spoken(aFinding('not-a-key', { content: { kind: 'other', reason: 'url' } }))).not.toContain(
    'DISABLED',
  );
});

test('a key in another workspace: whether that one is right comes before a new key', () => {
  const text = spoken(aFinding('foreign'));
  expect(text.indexOf('If that workspace is right')).toBeLessThan(text.indexOf('Otherwise create'));
});

test('a link of the deployment opens the section of the runbook, and the project', () => {
  const { text } = renderNotice(CONTEXTS[3][1], aFinding('dead'));
  expect(text).toContain('\n  More: https://wiki.example.com/runbook#dead-key\n');
  expect(text).toContain(
    'In the repository where the command line is installed\n\n  https://git.example.com/keys\n',
  );
  expect(spoken(aFinding('dead'))).toContain('More: docs/runbook.md in the project, section "Dead key".');
});

test('more time is offered to a moment, two days after the end that the key has', () => {
  const offer = (hours: number) =>
    /npx --no -- anthropic-keys extend prod\/api-gateway --key \w+ --until (\S+)/.exec(
      spoken(
        aFinding('rotated', {
          retiring: [{ key: aKeyRef('old'), until: plus(NOW, hours * HOUR), leaked: false }],
        }),
      ).replaceAll(' \\ ', ' '),
    )?.[1];
  expect(offer(48)).toBe('2026-11-25T14:00Z');
  expect(offer(14 * 24 - 48)).toBe('2026-12-05T14:00Z');
  expect(offer(14 * 24)).toBe('2026-12-07T14:00Z');
});

test.each(EVERY_FINDING)('%s: its commands are called as the deployment says', (_, finding) => {
  const write = (cliCommand?: string) =>
    renderNotice(
      aNoticeContext({ adminAccess: true, deployed: deployedNames({ environment: 'prod', cliCommand }) }),
      finding,
    ).text;
  const joined = (text: string) => text.replace(/ \\\n +/g, ' ');
  const expected = joined(write()).replaceAll('npx --no -- anthropic-keys', './keys.sh');
  expect(joined(write('./keys.sh'))).toBe(expected);
});

test('a leak can be stopped without a checkout', () => {
  const text = spoken(aFinding('usage-spike'));
  expect(text).toContain(`disable the row that shows ${aKeyRef().hint} in the Claude Console`);
});

test('the way back is named where there is one', () => {
  const offers = (kind: 'dead' | 'rotated' | 'deactivating' | 'rotation-complete', adminAccess = true) =>
    offeredBy(renderNotice(aNoticeContext({ adminAccess }), aFinding(kind)).text).map(({ verb, block }) => [
      verb,
      block.includes(aKeyRef('old').fingerprint),
    ]);
  expect(offers('dead').slice(0, 2)).toEqual([
    ['rollback', true],
    ['rollback', true],
  ]);
  expect(offers('rotated')).toContainEqual(['rollback', true]);
  for (const kind of ['deactivating', 'rotation-complete'] as const)
    expect(offers(kind)).toContainEqual(['reactivate', true]);
  expect(offers('rotation-complete', false).map(([verb]) => verb)).not.toContain('reactivate');
  expect(renderNotice(aNoticeContext(), aFinding('dead', { fallback: undefined })).text).not.toContain(
    'rollback',
  );
});

test('mails that ask for a key teach how to make a good one', () => {
  for (const kind of ['awaiting-first-key', 'due', 'overdue'] as const) {
    const { text } = renderNotice(aNoticeContext(), aFinding(kind));
    for (const part of [
      'for a service account, named prod-api-gateway-2026-11-21, with expiry 2027-02-28:',
      'Owner: a service account. A personal key stops working when its owner leaves.',
      'Expiry: 90 days of use, 2 of grace, 7 spare.',
      'alerts at 50, 75, 90 and 100%.',
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(part);
  }
});

test('the first mail names the field that services read', () => {
  expect(renderNotice(aNoticeContext(), aFinding('awaiting-first-key')).text).toContain(KEY_FIELD);
});

test('same secret, finding and reminder: same id; anything else: another', () => {
  const id = (reminder: string, context = aNoticeContext()) =>
    renderNotice(context, aFinding('due', {}, reminder)).id;
  const ids = [id('14'), id('7'), id('14', aNoticeContext({ key: aKey({ service: 'batch' }) }))];
  expect(id('14')).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toMatch(/^AKR-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
});

test('links lead to the console of the partition, where it has the page', () => {
  const secretArn =
    'arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:anthropic/prod/api-gateway-aB3dE6';
  const { text } = renderNotice(aNoticeContext({ key: aKey({ secretArn }) }), aFinding('due'));
  expect(text).toContain('https://console.amazonaws-us-gov.com/secretsmanager/secret?');
  expect(text).not.toContain('console.aws.amazon.com');
  expect(text).toContain('--region us-gov-west-1');
});

test('every kind is rendered here', () => {
  expect(new Set(EVERY_FINDING.map(([, { kind }]) => kind))).toEqual(new Set(FINDING_KINDS));
});
