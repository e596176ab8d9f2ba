import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { renderHtml, toJson } from '../../../lib/cli/html/page';
import { inventoryOf } from '../../../lib/domain/inventory/inventory';
import { evidenceLeftOut } from '../../../lib/workflows/read-evidence';
import { anOrganization, aRecord } from '../../an-organization';
import { aKey, aKeyRef, aRememberedVerdict, daysAgo, daysAhead, NOW } from '../../builders';
import { aMemory } from '../../fleet-listing';
import { keyText } from '../../keys';
import { ROOT } from '../../root';
import { anAudit, anAuditOf, anAuditOfSize } from './a-fleet';

const page = renderHtml(anAudit());
const textOf = (markup: string) =>
  markup
    .replace(/<(style|script)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the audit page', () => {
  const text = textOf(page);

  it('says in one sentence how the fleet is', () => {
    expect(text).toContain('5 of 13 keys need someone now.');
    const fine = textOf(renderHtml(anAuditOf({})));
    expect(fine).toContain('The key is fine.');
    expect(textOf(renderHtml(anAuditOf()))).toContain('There is no managed key here.');
  });

  it('names keys by short form and fingerprint', () => {
    const { hint, fingerprint } = aKeyRef('prod/api-gateway');
    expect(text).toContain(hint);
    expect(text).toContain(fingerprint);
  });

  it('names who reads a key beside its owner', () => {
    const key = aKey({ consumers: [{ kind: 'ecs', name: 'prod/<b>', refresh: 'restart' }] });
    expect(textOf(renderHtml(anAuditOf({ key })))).toContain(
      'platform@example.com ECS service prod/&lt;b&gt; (reads it at its start)',
    );
  });

  it('shows a dead key as dead, however young it is', () => {
    const dead = { memory: aMemory({ verdict: aRememberedVerdict({ kind: 'DEAD' }) }) };
    expect(renderHtml(anAuditOf(dead))).toContain(
      '<span class="badge bad"><span aria-hidden="true">✕</span> live key is dead</span>',
    );
  });

  it('says why an old key past its grace is not switched off', () => {
    const doubted = { fingerprint: 'f'.repeat(12), doubt: { reason: 'no-record' } } as const;
    const told = (until: Date) =>
      textOf(renderHtml(anAuditOf({ memory: aMemory({ doubted }), retiring: [{ versionId: 'v1', until }] })));
    expect(told(daysAgo(1))).toContain(
      'old key not switched off, because its use is not known: not exactly one record at Anthropic fits the key',
    );
    expect(told(daysAhead(1))).not.toContain('its use is not known');
  });

  it('shows an exempt overdue key neither as fine nor as somebody’s task', () => {
    const exempt = {
      memory: aMemory({
        verdict: aRememberedVerdict({ keyCreatedAt: daysAgo(99) }),
        snooze: { until: daysAhead(3), reason: 'vendor' },
      }),
    };
    const shown = renderHtml(anAuditOf(exempt));
    expect(shown).toContain('<span class="badge calm"><span aria-hidden="true">–</span> overdue</span>');
    expect(textOf(shown)).toContain('exempt until 2026-11-24');
  });

  it('joins what the secret remembers with what CloudTrail and the evidence log say', () => {
    expect(text).toMatch(/2026-10-18 13:56 Submitted .*kim@example.com tags of the secret, AWS CloudTrail/);
    expect(text).toMatch(/Proven dead refused twice, .* req_011CVB2YmExampleDead/);
    expect(text).not.toContain('CloudTrail was not read');
    expect(textOf(renderHtml(anAudit({ evidence: undefined })))).toContain('CloudTrail was not read');
  });

  it('says for each environment whether Anthropic’s Activity Feed was read, or why not', () => {
    const log = { readable: true, since: daysAgo(200) } as const;
    const told = textOf(
      renderHtml(
        anAudit({
          logs: [
            { environment: 'prod', ...log, feed: { at: daysAgo(3) } },
            { environment: 'staging', ...log, feed: { at: daysAgo(3), why: 'not-permitted' } },
            { environment: 'dev', ...log },
          ],
        }),
      ),
    );
    const [restsOn, unknown] = told.split('Not known').filter((part) => part.includes('Activity Feed'));
    expect(restsOn).toContain('Anthropic&#39;s Activity Feed was last read for prod on 2026-11-18.');
    expect(restsOn).not.toMatch(/staging at Anthropic|dev at Anthropic/);
    expect(unknown).toContain(
      'Who changed keys of staging at Anthropic: on 2026-11-18 the credential of the Admin access may not read Anthropic&#39;s Activity Feed.',
    );
    expect(unknown).toContain(
      'Who changed keys of dev at Anthropic: no report tells of Anthropic&#39;s Activity Feed.',
    );
  });

  it('says how far each evidence log was read, and what a report is worth', () => {
    const logs = [
      { environment: 'prod', readable: true, since: daysAgo(200) },
      { environment: 'staging', readable: true, since: daysAgo(400), until: daysAgo(10) },
      { environment: 'dev', readable: false, why: 'there is none yet; the next deployment creates it' },
    ] as const;
    const told = textOf(renderHtml(anAudit({ logs })));
    expect(told).toContain('is reported by this project’s functions');
    expect(told).toContain('The evidence log of prod was read back to 2026-05-05.');
    expect(told).toContain(
      'staging was read back to 2025-10-17, and only up to 2026-11-11, because it is very long',
    );
    expect(told).toContain('The evidence log of dev was not read for this page: there is none yet');
    expect(text).not.toContain('evidence log of');
  });

  it('does not take a history that was left out for none', () => {
    const audit = anAuditOf({});
    expect(textOf(renderHtml(audit))).toContain('No rotation is on record yet.');
    const told = textOf(renderHtml({ ...audit, ...evidenceLeftOut(audit).sources, trailRead: false }));
    expect(told).not.toContain('No rotation is on record');
    expect(told).toContain(
      'the rest of the history was left out on request. No secret remembers a rotation.',
    );
  });

  it('shows the day of a leak alone where only that is known, and a report that CloudTrail does not bear out', () => {
    const leaks = [{ beginning: 'ffffffff', on: new Date('2026-11-03T00:00:00Z') }];
    expect(textOf(renderHtml(anAuditOf({ leaks })))).toContain('2026-11-03 Reported as leaked');
    const [key] = anAudit().rows;
    const forged = { at: daysAgo(3), step: 'promoted', sources: ['event'] } as const;
    const doubtful = anAudit({
      evidence: new Map([[key!.key.secretArn, [forged]]]),
      trail: { readable: true, since: daysAgo(90) },
    });
    expect(textOf(renderHtml(doubtful))).toContain(
      'reported: evidence log AWS CloudTrail shows no change of the live key in the two days before',
    );
  });

  it('names the command that prints it for machines', () => {
    expect(text).toContain('npx --no -- anthropic-keys report --audit (schema');
  });

  it('tells a bar in words for those who do not see it', () => {
    expect(page).toMatch(
      /aria-label="prod\/billing-assistant: key since 2026-08-16, overdue since 2026-11-14"/,
    );
  });

  it('says when it shows a part of the fleet only', () => {
    expect(text).not.toContain('does not cover the whole fleet');
    const part = renderHtml(anAudit({ scope: { needsAttention: true } }));
    expect(textOf(part)).toContain('It does not cover the whole fleet.');
  });

  it('loads nothing: no script, no link to elsewhere, and a policy against both', () => {
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="audit-data">']);
    expect(page.replace(/^\{.*\}$/m, '')).not.toMatch(/<link|<img|@import|https?:|src=/);
    expect([...page.matchAll(/url\((.*?)\)/g)].map(([, target]) => target)).toEqual(['#hatch-bad', '#hatch']);
  });

  it('says who made it, from which account and with which release', () => {
    expect(text).toContain(
      'Made by arn:aws:sts::111122223333:assumed-role/ auditor/ kim@example.com Maker’s account 111122223333 Made with anthropic-key-rotation 0.1.0',
    );
    expect(textOf(renderHtml(anAudit({ maker: undefined })))).toContain('Made by not recorded');
  });

  it('counts all keys of a large organization, shows the worst, and says how many it does not', () => {
    const records = Array.from({ length: 10_000 }, (_, n) =>
      aRecord({ id: `apikey_${n}`, name: `key-${n}`, createdAt: daysAgo(n % 7) }),
    );
    const nothing = { rows: [], claimed: [], unreadable: [] };
    const inventory = inventoryOf(
      [anOrganization([aRecord({ id: 'apikey_x', createdBy: undefined, principal: undefined }), ...records])],
      nothing,
      NOW,
    );
    const page = renderHtml(anAudit({ inventory }));
    const [, shown = ''] = /<section id="inventory"([\s\S]*?)<\/section>/.exec(page)!;
    expect(shown).toMatch(/unmanaged<\/th><td[^>]*>10001</);
    expect(shown).toContain('<code>apikey_x</code>');
    expect(shown).toContain('9801 more keys are not on this page');
    expect(page.length).toBeLessThan(1_000_000);
  });

  it('says why there is no inventory', () => {
    const page = renderHtml(
      anAudit({ inventory: undefined, inventoryNotRead: ['prod could not: it is off.'] }),
    );
    expect(page).toContain('The organization was not asked for its keys.');
    expect(page).toContain('prod could not: it is off.');
  });

  it('says in each section what it rests on and what is not known', () => {
    const sections = page.match(/<section[\s\S]*?<\/section>/g)!;
    expect(sections).toHaveLength(7);
    for (const each of sections) expect(textOf(each)).toMatch(/Rests on \S.* Not known \S/);
  });

  it('names each cell of a card by its column', () => {
    const heads = [...page.matchAll(/<th scope="col" role="columnheader">(.*?)<\/th>/g)].map(
      ([, name]) => name!,
    );
    const labels = new Set([...page.matchAll(/<td data-label="(.*?)"/g)].map(([, name]) => name!));
    expect([...labels].filter((label) => !heads.includes(label))).toEqual([]);
    expect([...labels]).toEqual(expect.arrayContaining(['State', 'When', 'Look-up id', 'Reason', 'Policy']));
  });

  it('has no id twice, and every link leads somewhere', () => {
    const ids = [...page.matchAll(/ id="(.*?)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#(.*?)"/g)) expect(ids).toContain(target);
  });

  it('writes a thousand keys into a page of a few megabytes', () => {
    const large = renderHtml(anAuditOfSize(1000));
    expect(large.match(/<svg class="bar"/g)).toHaveLength(1000);
    expect(large.length).toBeLessThan(5_000_000);
  });
});

describe('the data in the page', () => {
  const PRINTED = /<pre tabindex="0">(.*?)<\/pre>/;
  const unescaped = (markup: string) =>
    markup.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');

  /** Runs the command that the page shows, on the page. */
  function check(made: string) {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    writeFileSync(join(folder, 'keys.html'), made);
    const command = unescaped(PRINTED.exec(made)![1]!);
    const run = (line: string) => execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    const digest = run(command).split(' ')[0]!;
    const data = run(command.replace(/ \| .*/, ''));
    rmSync(folder, { recursive: true });
    return { digest, data };
  }

  /** The digest that the page prints, without the gaps between its groups. */
  const shown = (made: string) => /<code class="digest">(.*?)<\/code>/.exec(made)![1]!.replace(/<.*?>/g, '');

  it('has the SHA-256 that the page says, by the command that the page says', () => {
    const { digest, data } = check(page);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(shown(page)).toBe(digest);
    expect(page).toContain(`SHA-256 of its data ${digest.slice(0, 16)}…`);
    expect(JSON.parse(data)).toEqual(JSON.parse(toJson(anAudit())));
  });

  it('is checked by the command that the documents say', () => {
    const documented = /^sed .*$/m.exec(readFileSync(join(ROOT, 'docs/audit-page.md'), 'utf8'))![0];
    expect(unescaped(PRINTED.exec(page)![1]!)).toBe(documented);
  });

  it('has another one where a single character of it was changed', () => {
    const forged = page.replace('"ageDays":34', '"ageDays":35');
    expect(forged).not.toBe(page);
    expect(check(forged).digest).not.toBe(shown(forged));
  });

  it('is whole whatever a name holds', () => {
    const reason = '</script><!-- \u2028 “ü” & "';
    const made = renderHtml(anAuditOf({ memory: aMemory({ snooze: { until: daysAhead(3), reason } }) }));
    const { digest, data } = check(made);
    expect(shown(made)).toBe(digest);
    expect(JSON.parse(data).exemptions[0].reason).toBe(reason);
  });
});

describe('hostile text', () => {
  const fleetNamed = (text: string) =>
    anAuditOf({
      key: aKey({ service: text, owner: text, secretName: text }),
      memory: aMemory({
        verdict: aRememberedVerdict({ hint: text, fingerprint: text }),
        snooze: { until: daysAhead(3), reason: text },
        notices: { [text]: '0' },
        checkedOn: text,
      }),
    });
  const elements = (markup: string) => markup.match(/<\/?[a-z!][^\s>]*/gi);
  const expected = elements(renderHtml(fleetNamed('plain')));

  it('creates no element, whatever a tag of a secret holds', () => {
    const piece = fc.constantFrom(
      '<script>',
      '</table>',
      '"',
      "'",
      '>',
      '<!--',
      '<svg onload=x>',
      '&lt;',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        expect(elements(renderHtml(fleetNamed(pieces.join(''))))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('prints no key that somebody wrote into a reason', () => {
    const report = fleetNamed(keyText('pasted into a reason'));
    for (const made of [renderHtml(report), toJson(report)]) {
      expect(made).not.toContain(keyText('pasted into a reason').slice(20));
      expect(made).toContain('sk-ant-[redacted]');
    }
  });
});

describe('the audit as JSON', () => {
  it('has the same content under a versioned schema', () => {
    const json = JSON.parse(toJson(anAudit()));
    expect(json).toMatchObject({
      schema: 'anthropic-key-rotation/audit/1',
      generatedAt: NOW.toISOString(),
      scope: { account: '111122223333', region: 'eu-central-1' },
    });
    expect(json.rows).toHaveLength(12);
    expect(json.controls.map(({ id }: { id: string }) => id)).toContain('SecretsManager.4');
  });
});
