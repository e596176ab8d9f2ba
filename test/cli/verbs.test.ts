import { CREATED_AT_TAG, policyFromTags } from '../../lib/contract/policy-tags';
import { type Files, operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { keyOf } from '../keys';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let key: string;
let files: Files;
let run: (line: string, script?: Script) => ReturnType<ReturnType<typeof operatorOn>['run']>;

async function build(options: Parameters<typeof TestKey.build>[0] = {}) {
  testKey = await TestKey.build(options);
  key = testKey.secretName.replace('anthropic/', '');
  const operator = operatorOn(testKey.sandbox);
  files = operator.files;
  run = (line, script) =>
    operator.run(
      line
        .replace('KEY', key)
        .match(/"[^"]*"|\S+/g)!
        .map((word) => word.replaceAll('"', '')),
      script,
    );
}

afterEach(() => testKey.sandbox.close());

const flat = (text: string) => text.replace(/\s+/g, ' ');
const hintOf = (value: string) => keyOf(value).hint;

/** Two keys: one live, the older one in its grace. */
async function rotated() {
  const old = await testKey.promoteFirstKey();
  const live = testKey.newKey();
  await testKey.submit(live);
  return { old, live };
}

describe('without Admin access', () => {
  beforeEach(() => build());

  test('rollback makes the old key live again and says how long the other one works', async () => {
    const { old, live } = await rotated();
    const ran = await run('rollback KEY');
    expect(ran.exit).toBe(0);
    expect(testKey.live).toBe(old);
    expect(flat(ran.shown)).toContain(`${hintOf(live)} is retired and works until`);
  });

  test('rollback is refused in words while nothing is retiring', async () => {
    await testKey.promoteFirstKey();
    for (const command of ['rollback KEY', 'retire KEY']) {
      const ran = await run(command);
      expect(ran.exit).toBe(1);
      expect(flat(ran.shown)).toContain('has no old key that still waits for its end');
      // Nobody is asked to agree to what cannot be done.
      expect(ran.shown).not.toContain('[y/N]');
    }
  });

  test('status refuses an environment or owner that no key has, so that a slip is no all clear', async () => {
    const [environment] = key.split('/');
    for (const line of [
      '--environment nope',
      `--environment ${environment}d`,
      '--owner nobody@example.com',
    ]) {
      const ran = await run(`status --needs-attention ${line}`);
      expect(ran.exit).toBe(2);
      expect(flat(ran.shown)).toContain('No managed key of this account and region has the');
    }
    const slip = await run(`status --environment ${environment}d`);
    expect(flat(slip.shown)).toContain(`Did you mean ${environment}?`);
    expect((await run(`report ${environment}d --audit`)).exit).toBe(2);
  });

  test('show names the old key by the fingerprint that --key wants, and one end of its grace', async () => {
    const { old } = await rotated();
    await run('extend KEY --hours 100');
    const { shown } = await run('show KEY');
    expect(shown).toContain(`fingerprint ${keyOf(old).fingerprint}, version`);
    const ends = [...flat(shown).matchAll(/[Gg]race ends (\S+ \S+)/g)].map(([, at]) => at);
    expect(ends).toHaveLength(2);
    expect(new Set(ends).size).toBe(1);
  });

  test('who says no changes nothing', async () => {
    const { live } = await rotated();
    const ran = await run('rollback KEY', { agrees: false });
    expect(ran.exit).toBe(1);
    expect(ran.shown).toContain('Nothing was changed.');
    expect(testKey.live).toBe(live);
  });

  test('in a pipeline, what would be asked needs --yes', async () => {
    const { live } = await rotated();
    const ran = await run('rollback KEY', { piped: '' });
    expect(ran.exit).toBe(2);
    expect(ran.shown).toContain('--yes');
    expect(testKey.live).toBe(live);
  });

  test('retire ends the grace, names the row of the Console, and asks for attention', async () => {
    const { old } = await rotated();
    const ran = await run('retire KEY');
    expect(ran.exit).toBe(3);
    expect(flat(ran.shown)).toContain(`the row that shows ${hintOf(old)}`);
  });

  test('retire --deactivate fails if the key cannot be switched off from here', async () => {
    await rotated();
    expect((await run('retire KEY --deactivate')).exit).toBe(1);
  });

  test('retire says that a key which was disabled in the Console is proven dead', async () => {
    const { old } = await rotated();
    testKey.sandbox.anthropic.disable(old);
    const ran = await run('retire KEY');
    expect(ran.exit).toBe(0);
    expect(ran.shown).toContain('It is proven dead. The rotation is complete.');
  });

  test('retire --attest is refused while the key answers, and kept as evidence when it does not', async () => {
    const { old } = await rotated();
    const refused = await run('retire KEY --attest "Ada saw it deleted"');
    expect(refused.exit).toBe(1);
    expect(flat(refused.shown)).toContain('still answers');
    testKey.sandbox.anthropic.disable(old);
    testKey.sandbox.anthropic.script('captive page', { key: old });
    const ran = await run('retire KEY --attest "Ada saw it deleted"');
    expect(ran.exit).toBe(0);
    expect(testKey.told).toContain('rotation-complete');
    expect(testKey.mails.at(-1)!.body).toContain('Ada saw it deleted');
  });

  test('reactivate points to the Console', async () => {
    await rotated();
    const ran = await run('reactivate KEY');
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain('Enable the key in the Claude Console');
  });

  test('snooze notes an exemption, and ends it', async () => {
    await testKey.promoteFirstKey();
    expect((await run('snooze KEY --until 2026-12-01 --reason freeze')).exit).toBe(0);
    expect((await run('show KEY')).shown).toContain('until 2026-12-01 00:00 UTC: freeze');
    await run('snooze KEY --end');
    expect((await run('show KEY')).shown).not.toContain('Snoozed');
  });

  test('a snooze keeps its reason in any script, and is refused if nothing would be left of it', async () => {
    await testKey.promoteFirstKey();
    await run('snooze KEY --until 2026-12-01 --reason 年末凍結!');
    expect((await run('show KEY')).shown).toContain('until 2026-12-01 00:00 UTC: 年末凍結');
    const ran = await run('snooze KEY --until 2026-12-01 --reason !!!');
    expect([ran.exit, flat(ran.shown)]).toEqual([1, expect.stringContaining('expected letters, digits')]);
  });

  test.each([
    [
      'a reason of which nothing is left',
      { until: '2026-12-10T00:00:00Z', reason: '' },
      'no usable characters',
    ],
    ['no reason', { until: '2026-12-10T00:00:00Z' }, 'no usable characters'],
    ['no end', { reason: 'freeze' }, 'has an end'],
    ['an end that is none', { until: 'soon', reason: 'freeze' }, 'not a date'],
    ['null for an end', { until: null, reason: 'freeze' }, 'has an end'],
  ])('a payload with %s does not end the snooze that there is', async (_, wanted, why) => {
    await testKey.promoteFirstKey();
    await run('snooze KEY --until 2026-12-01 --reason freeze');
    await expect(testKey.command({ verb: 'snooze', ...wanted } as never)).rejects.toThrow(why);
    expect((await run('show KEY')).shown).toContain('until 2026-12-01 00:00 UTC: freeze');
  });

  test('snooze for longer than 90 days is refused', async () => {
    await testKey.promoteFirstKey();
    const ran = await run('snooze KEY --until 2027-06-01 --reason forever');
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain('A snooze lasts 90 days at most');
  });

  test('snooze until a day that was is wrong usage', async () => {
    const ran = await run('snooze KEY --until 2020-01-01 --reason late');
    expect(ran.exit).toBe(2);
    expect(flat(ran.shown)).toContain('--until takes a day in the future; 2020-01-01 is not.');
  });

  test('check says what it found, and asks for attention if there is something', async () => {
    const value = await testKey.promoteFirstKey();
    expect(await run('check KEY')).toMatchObject({ exit: 0 });
    testKey.sandbox.anthropic.disable(value);
    const refused = await run('check KEY');
    expect(refused.exit).toBe(3);
    expect(flat(refused.shown)).toMatch(/is REFUSED, not proven dead\. Anthropic answered 401/);
    await (await testKey.neighbour()).promoteFirstKey();
    const ran = await run('check KEY');
    expect(ran.exit).toBe(3);
    expect(flat(ran.shown)).toMatch(/is DEAD\. Anthropic answered 401, request req_\w+\. Put in a new key/);
  });

  test('check names no verdict that it did not get, however good the last one was', async () => {
    await testKey.promoteFirstKey();
    testKey.sandbox.anthropic.script('overloaded', { times: Number.POSITIVE_INFINITY });
    const ran = await run('check KEY');
    expect(ran.exit).toBe(3);
    expect(flat(ran.shown)).toMatch(
      /No conclusive answer \(overloaded\) about sk-ant-\S+ since 2026-11-21 \d\d:\d\d UTC\. Last conclusive answer: ALIVE\..* Wait for the next check: Anthropic is overloaded\./,
    );
    expect(ran.shown).not.toContain('is ALIVE');
    expect((await run('check KEY --json')).json()).toMatchObject({
      verdict: { kind: 'UNKNOWN', reason: 'overloaded', status: 529 },
      remembered: { kind: 'ALIVE' },
    });
  });

  test('check names the key that is live when it ends, even if it undid an edit', async () => {
    const value = await testKey.promoteFirstKey();
    const bad = testKey.newKey();
    testKey.sandbox.anthropic.disable(bad);
    await testKey.edit(bad);
    const ran = await run('check KEY');
    expect(testKey.live).toBe(value);
    expect(flat(ran.shown)).toContain(`${hintOf(value)} is ALIVE.`);
  });

  test('show lists the ids of the mails, so that a reader can check one', async () => {
    await rotated();
    const { shown } = await run('show KEY');
    const mail = testKey.mails.at(-1)!;
    const id = /AKR-\w{4}-\w{4}/.exec(mail.body)![0];
    expect(shown).toContain(id);
  });

  test('leak calls a key dead only where another key shows that the refusals are about this one', async () => {
    const value = await testKey.promoteFirstKey();
    const ran = await run('leak KEY --reason "ticket 4711" --record incident.json', {
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(value);
      },
    });
    expect(ran.exit).toBe(3);
    expect(ran.shown).toContain('is refused, but NOT proven dead yet: the leak is open.');
    expect(ran.shown).not.toMatch(/is dead|is stopped/);
    const record = JSON.parse(files.get('incident.json')!);
    expect(record).toMatchObject({ stoppedBy: 'nobody-yet', refused: true });
    expect(record.provenDeadAt).toBeUndefined();
    await run('submit KEY', { pastes: [testKey.newKey()] });
    await testKey.after(1);
    expect(testKey.told.at(-1)).toBe('rotation-complete');
  });

  test('leak waits until a person has disabled the key, proves it dead, and writes the record', async () => {
    const value = await testKey.promoteFirstKey();
    await (await testKey.neighbour()).promoteFirstKey();
    const ran = await run('leak KEY --reason "ticket 4711" --record incident.json', {
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(value);
      },
    });
    expect(ran.exit).toBe(3); // The service has no key now.
    expect(flat(ran.shown)).toContain(`STOPS WORKING until a new key is in`);
    expect(flat(ran.shown)).toContain(`the row that shows ${hintOf(value)}`);
    expect(ran.shown).toContain('The leak is stopped.');
    expect(ran.shown).toContain('The next five minutes');
    const back = `reactivate ${key} --key ${keyOf(value).fingerprint}`;
    expect(flat(ran.shown)).toMatch(
      `If it was no leak: npx --no -- anthropic-keys ${back}, then enable it again in the`,
    );
    const record = files.get('incident.json')!;
    expect(JSON.parse(record)).toMatchObject({
      stoppedBy: 'console',
      reason: 'ticket 4711',
      leaked: { live: true },
    });
    expect(JSON.parse(record).provenDeadAt).toBeDefined();
    expect(record).not.toContain(value.slice(20));
    const withdrawn = await run(back);
    expect(flat(withdrawn.shown)).toContain(
      'The key no longer counts as leaked. Enable the key in the Claude',
    );
    testKey.sandbox.anthropic.enable(value);
    const before = testKey.mails.length;
    await testKey.days(2);
    expect(testKey.told.slice(before)).toEqual(['resolved']);
  });

  test('leak of the live key offers the old key that is still kept, and rollback never offers the leaked one', async () => {
    const { old, live } = await rotated();
    const ran = await run('leak KEY --reason "ticket 4711"', {
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(live);
      },
    });
    expect(flat(ran.shown)).toContain(
      `Go back to the old key ${hintOf(old)} (${keyOf(old).fingerprint}), if it still works; it is tested first: npx --no -- anthropic-keys rollback ${key} --key ${keyOf(old).fingerprint}`,
    );
    const back = await run('rollback KEY');
    expect(testKey.live).toBe(old);
    expect(back.shown).not.toContain(keyOf(live).fingerprint);
    expect((await run('show KEY')).shown).not.toContain('To go back to the old key');
  });

  test('leak of the only key offers no way back', async () => {
    const value = await testKey.promoteFirstKey();
    const ran = await run('leak KEY --reason "ticket 4711"', {
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(value);
      },
    });
    expect(ran.shown).not.toContain('rollback');
  });

  test('leak names an old key by the hint that the Console shows, too', async () => {
    const { old } = await rotated();
    const ran = await run(`leak KEY --key ${keyOf(old).fingerprint} --reason "ticket 4711"`, {
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(old);
      },
    });
    expect(ran.exit).toBe(0);
    expect(flat(ran.shown)).toContain(`the row that shows ${hintOf(old)}`);
  });

  test('a leaked old key that works needs a person now, and no snooze hides it', async () => {
    const { old } = await rotated();
    await testKey.command({ verb: 'report-leak', fingerprint: keyOf(old).fingerprint });
    await testKey.days(2);
    await run('snooze KEY --until 2026-12-20 --reason freeze');
    const ran = await run('status --needs-attention');
    expect([ran.exit, ran.shown]).toEqual([3, expect.stringContaining(' leaked ')]);
    testKey.sandbox.anthropic.disable(old);
    await testKey.after(1);
    expect((await run('status --needs-attention')).exit).toBe(0);
  });

  test('leak does not stop the key that took the leaked one’s place, for want of a name', async () => {
    const { old, live } = await rotated();
    await testKey.command({ verb: 'report-leak', fingerprint: keyOf(old).fingerprint });
    for (const mode of ['', ' --replace-first']) {
      const ran = await run(`leak KEY --reason "perhaps in a log"${mode}`);
      expect(ran.exit).toBe(1);
      expect(flat(ran.shown)).toContain(`--key ${keyOf(old).fingerprint} is the old one`);
    }
    expect(testKey.sandbox.anthropic.statusOf(live)).toBe('active');
    expect(testKey.isLeaked(live)).toBe(false);
    const mark = keyOf(old).fingerprint.slice(0, 8);
    expect(flat((await run('show KEY')).shown)).toContain(
      `LEAKED the key whose fingerprint starts with ${mark}`,
    );
  });

  test('leak --replace-first puts the new key in, then retires the leaked one', async () => {
    const value = await testKey.promoteFirstKey();
    const next = testKey.newKey();
    const ran = await run('leak KEY --reason "perhaps in a log" --replace-first', {
      pastes: [next],
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(value);
      },
    });
    expect(ran.exit).toBe(0);
    expect(testKey.live).toBe(next);
    expect(ran.shown).toContain('The leak is stopped.');
    expect(flat(ran.shown)).toContain('the grace of the old one ends at once');
    expect(ran.shown).not.toContain('48 hours');
  });

  test('leak --replace-first says last that the leaked key still works if the new one is refused', async () => {
    const value = await testKey.promoteFirstKey();
    const ran = await run('leak KEY --reason "perhaps in a log" --replace-first --record incident.json', {
      pastes: [testKey.newKey(testKey.otherWorkspace)],
    });
    expect(ran.exit).toBe(1);
    expect(testKey.live).toBe(value);
    expect(ran.shown).toMatch(
      new RegExp(
        `The LEAKED key ${hintOf(value)} still works. Stop it now:\\n  npx --no -- anthropic-keys leak ${key} --key ${keyOf(value).fingerprint} --reason 'perhaps in a log'\\n\\nIncident record: incident.json$`,
      ),
    );
    expect(JSON.parse(files.get('incident.json')!)).toMatchObject({
      stoppedBy: 'nobody-yet',
      leaked: { live: true },
    });
  });

  test('leak --replace-first says the same if the new key is stored and not judged yet', async () => {
    await testKey.promoteFirstKey();
    const next = testKey.newKey();
    const ran = await run('leak KEY --reason "perhaps in a log" --replace-first', {
      pastes: [next],
      watch: (text) => {
        if (text.includes('Stored, not live'))
          testKey.sandbox.anthropic.script('overloaded', { key: next, times: 1000 });
      },
    });
    expect(ran.exit).toBe(3);
    expect(ran.shown).toMatch(/is stored but not live yet[\s\S]*still works\. Stop it now/);
    expect(ran.shown).toContain('"stoppedBy": "nobody-yet"');
  });

  test.each(['a--b', 'a-', 'Search', 'x'.repeat(41)])(
    'adopt refuses the name %s, as keys.yaml would',
    async (name) => {
      const ran = await run(`adopt legacy/claude --environment prod --service ${name} --owner a@example.com`);
      expect([ran.exit, ran.shown]).toEqual([2, expect.stringContaining('single dashes, at most 40')]);
    },
  );

  test.each([
    ['adopt team/prod--x --environment prod', 'does not say which key this is'],
    [
      'adopt legacy/claude --environment prod --service search --max-age-days 10',
      'a reminder 14 days before',
    ],
  ])('%s is refused, as keys.yaml would', async (line, why) => {
    for (const Name of ['legacy/claude', 'team/prod--x'])
      await testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
        Name,
        SecretString: testKey.newKey(),
        ClientRequestToken: 'a'.repeat(32),
      });
    const ran = await run(`${line} --owner search@example.com`);
    expect([ran.exit, flat(ran.shown)]).toEqual([2, expect.stringContaining(why)]);
  });

  test('adopt tags a secret, prints the lines for keys.yaml, and reads no value', async () => {
    await testKey.promoteFirstKey();
    await testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
      Name: 'legacy/claude',
      SecretString: testKey.newKey(),
      ClientRequestToken: 'a'.repeat(32),
    });
    const value = testKey.newKey();
    const ran = await run(
      'adopt legacy/claude --environment prod --service search --owner search@example.com --created-at 2026-09-01',
      { pastes: [value] },
    );
    expect(ran.exit).toBe(0);
    expect(ran.shown).toContain('existing: arn:aws:secretsmanager:');
    const { tags } = testKey.sandbox.aws.secretsManager.inspect('legacy/claude')!;
    expect(policyFromTags(tags).key.service).toBe('search');
    expect(tags[CREATED_AT_TAG]).toBe(`${keyOf(value).fingerprint}/2026-09-01`);
    for (const name of ['prod/search', 'legacy/claude']) {
      const { shown } = await run(`show ${name}`);
      expect(shown).toContain('not checked yet');
      expect(shown).not.toContain('first key');
    }
    const { exit, shown } = await run('status');
    expect(exit).toBe(3);
    expect(flat(shown)).toContain('legacy/claude is tagged as prod/search, but no deployment manages it');
  });

  describe('adopt goes by keys.yaml', () => {
    const FLEET = `
defaults: { checkEvery: rate(1 day), graceHours: 24 }
environments:
  prod:
    alerts: [a@example.com, b@example.com]
    policy: { workingHours: { days: Mon-Fri, hours: 9-17, timeZone: Europe/Berlin } }
    keys:
      search: { owner: search@example.com, existing: ARN, policy: { autoRollback: false, warnDays: [5] } }
`;
    const secret = () => testKey.sandbox.aws.secretsManager.inspect('legacy/claude')!;
    const search = 'adopt legacy/claude --environment prod --service search';

    beforeEach(async () => {
      await testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
        Name: 'legacy/claude',
        SecretString: 'none',
        ClientRequestToken: 'a'.repeat(32),
      });
    });

    test('with the whole policy of a key that stands there, merged from all levels', async () => {
      files.set('keys.yaml', FLEET.replace('ARN', secret().arn));
      const ran = await run(search);
      expect(ran.exit).toBe(0);
      expect(policyFromTags(secret().tags)).toMatchObject({
        key: { owner: 'search@example.com' },
        policy: {
          checkEvery: 'rate(1 day)',
          graceHours: 24,
          warnDays: [5],
          autoRollback: false,
          workingHours: { days: [1, 5], hours: [9, 17], timeZone: 'Europe/Berlin' },
        },
      });
      expect(ran.shown).toContain('keys.yaml has it already.');
      expect(ran.shown).not.toContain('environments:');
    });

    test('again after it changed, taking off what it does not say any more', async () => {
      files.set('keys.yaml', FLEET.replace('ARN', secret().arn));
      await run(`${search} --created-at 2026-09-01 --fingerprint 4f2c91aa03d7`);
      const changed = FLEET.replace('ARN', secret().arn)
        .replace(/ {4}policy: .*\n/, '')
        .replace('[5]', '[3]');
      files.set('keys.yaml', changed);
      const planned = await run('adopt legacy/claude --dry-run');
      expect(flat(planned.shown)).toContain(
        'Remove what keys.yaml no longer says: anthropic-key:working-hours.',
      );
      await run('adopt legacy/claude');
      const { policy } = policyFromTags(secret().tags);
      expect(policy.warnDays).toEqual([3]);
      expect(policy.workingHours).toBeUndefined();
      expect(secret().tags[CREATED_AT_TAG]).toBe('4f2c91aa03d7/2026-09-01');
    });

    test('with who reads the key, and without a tag once that takes fewer', async () => {
      const many = Array.from({ length: 4 }, (_, at) => `{ kind: host, name: ${'n'.repeat(80)}-${at} }`);
      const withConsumers = (list: readonly string[]) =>
        FLEET.replace('ARN', secret().arn).replace(
          'warnDays: [5] }',
          `warnDays: [5] }, consumers: [${list}]`,
        );
      const tagged = () =>
        Object.keys(secret().tags).filter((tag) => tag.startsWith('anthropic-key:consumers'));
      files.set('keys.yaml', withConsumers(many));
      await run(search);
      expect(tagged()).toEqual(['anthropic-key:consumers', 'anthropic-key:consumers-2']);
      files.set('keys.yaml', withConsumers(['{ kind: lambda, name: search, refresh: 5 minutes }']));
      await run('adopt legacy/claude');
      expect(tagged()).toEqual(['anthropic-key:consumers']);
      expect(secret().tags['anthropic-key:consumers']).toBe('lambda 5m search');
      files.delete('keys.yaml');
      await run('adopt legacy/claude --max-age-days 60');
      expect(policyFromTags(secret().tags)).toMatchObject({
        key: { consumers: [{ kind: 'lambda', name: 'search', refresh: 5 }] },
        policy: { maxAgeDays: 60 },
      });
    });

    test('of its environment for a key that is not there yet, and prints the lines', async () => {
      files.set(
        'fleet.yaml',
        FLEET.replace('ARN', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-aB3dE6'),
      );
      const ran = await run(
        'adopt legacy/claude --environment prod --service chat --owner chat@example.com --max-age-days 60 --config fleet.yaml',
      );
      expect(ran.exit).toBe(0);
      expect(policyFromTags(secret().tags).policy).toMatchObject({
        maxAgeDays: 60,
        checkEvery: 'rate(1 day)',
        autoRollback: true,
      });
      expect(ran.shown).toMatch(
        /chat:\n {8}owner: chat@example.com\n {8}existing: arn:.*\n {8}policy: \{ maxAgeDays: 60 \}/,
      );
    });

    test.each([
      [
        'an option that the file contradicts',
        `${search} --max-age-days 60`,
        'keys.yaml says maxAgeDays 90 for prod/search',
      ],
      ['another secret than the file names', search, 'keys.yaml names another secret for prod/search'],
      ['a file that is not there', `${search} --config nowhere.yaml`, 'There is no file nowhere.yaml.'],
      ['a file that is wrong', `${search} --config wrong.yaml`, 'Correct wrong.yaml first. wrong.yaml:'],
    ])('and refuses %s', async (what, line, message) => {
      const other = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-aB3dE6';
      files.set('keys.yaml', FLEET.replace('ARN', what.startsWith('another') ? other : secret().arn));
      files.set('wrong.yaml', FLEET.replace('rate(1 day)', 'often'));
      const ran = await run(line);
      expect(ran.exit).toBe(2);
      expect(flat(ran.shown)).toContain(message);
      expect(secret().tags).toEqual({});
    });
  });

  test('report prints what the function says, and mails it on demand', async () => {
    await testKey.promoteFirstKey();
    const ran = await run('report prod --send');
    expect(ran.exit).toBe(0);
    expect(ran.shown).toContain(', mailed');
  });

  test('report shows what a mail can be compared with, on the day of the mail, too, and mails nothing', async () => {
    await testKey.promoteFirstKey();
    testKey.sandbox.clock.set(new Date('2026-11-23T05:30:00Z'));
    await testKey.check();
    const mails = testKey.mails.length;
    const ran = await run('report prod');
    expect(ran.exit).toBe(0);
    expect(ran.shown).toContain(', not mailed');
    expect(testKey.mails).toHaveLength(mails);
    expect(flat((await run('report prod --dry-run')).shown)).toContain('Nothing is mailed.');
  });

  test.each(['report --html keys.html', 'status --html keys.html'])(
    '%s --dry-run says where the page would go, and writes none',
    async (line) => {
      await testKey.promoteFirstKey();
      const ran = await run(`${line} --dry-run`);
      expect(ran.exit).toBe(0);
      expect(flat(ran.shown)).toContain('the page for auditors to keys.html');
      expect(files.size).toBe(0);
    },
  );

  test('report --html writes one page', async () => {
    await testKey.promoteFirstKey();
    const { exit, shown } = await run('report --html keys.html');
    expect(exit).toBe(0);
    expect(shown.match(/keys\.html/g)).toHaveLength(1);
    expect(files.get('keys.html')).toMatch(/^<!doctype html>/i);
    expect(files.get('keys.html')).toMatch(/Made by<\/dt><dd>arn:aws:/);
    const digest = /SHA-256 of its data:\s+([0-9a-f]{64})/.exec(shown)![1]!;
    expect(files.get('keys.html')).toContain(`SHA-256 of its data ${digest.slice(0, 16)}`);
    expect((await run('status --html fleet.html')).exit).toBe(0);
    expect(files.get('fleet.html')).toContain(key);
  });

  test('while the page waits for CloudTrail, it says how far it is', async () => {
    await testKey.promoteFirstKey();
    const seen: string[] = [];
    await run('status --html fleet.html', { watch: (text) => void seen.push(text) });
    expect(seen.filter((text) => text.startsWith('Reading who did what, and when'))).toEqual([
      'Reading who did what, and when',
      ...[1, 2, 3, 4, 5, 6, 7].map(
        (kind) => `Reading who did what, and when: ${kind} of 7 kinds of events in AWS CloudTrail`,
      ),
    ]);
  });

  test.each(['report --html keys.html --no-history', 'status --html keys.html --no-history'])(
    '%s asks nobody who did what, and the page says so',
    async (line) => {
      await rotated();
      const before = testKey.sandbox.clock.now();
      testKey.sandbox.aws.calls.clear();
      await run(line);
      const asked = testKey.sandbox.aws.calls.all().map(({ operation }) => operation);
      expect(asked).toContain('ListSecrets');
      expect(asked.filter((operation) => /LookupEvents|LogGroups|LogEvents/.test(operation))).toEqual([]);
      expect(testKey.sandbox.clock.now()).toEqual(before);
      const page = flat(files.get('keys.html')!.replace(/<[^>]+>/g, ' '));
      expect(page).toContain(
        'CloudTrail was not read for this page: it was left out on request (--no-history)',
      );
      expect(page).toContain('evidence log of prod was not read for this page: it was left out on request');
      expect(page).toContain('remembered');
    },
  );

  test('doctor warns where a proxy strips the headers that proofs rest on', async () => {
    await testKey.promoteFirstKey();
    expect(flat((await run('doctor KEY')).shown)).toContain('Anthropic answers this machine');
    testKey.sandbox.anthropic.setManner({ stripsHeaders: true });
    const ran = await run('doctor KEY');
    expect(ran.exit).toBe(3);
    expect(flat(ran.shown)).toContain("without Anthropic's own headers");
  });

  test('doctor finds an old key past its grace, and names the command', async () => {
    await rotated();
    testKey.sandbox.clock.advance(49 * 3_600_000);
    const ran = await run('doctor KEY');
    expect(ran.exit).toBe(3);
    expect(flat(ran.shown)).toContain(`npx --no -- anthropic-keys retire ${key}`);
    expect(ran.shown).toContain('1 confirmed subscription');
    expect(ran.shown).toContain('The clock agrees with AWS');
  });

  test('a slip of the finger is answered with what was probably meant', async () => {
    const ran = await run(`show ${key.replace('api', 'apu')}`);
    expect(ran.exit).toBe(2);
    expect(flat(ran.shown)).toContain(`Did you mean ${key}?`);
  });
});

describe('with Admin access', () => {
  beforeEach(() => build({ adminAccess: true }));

  test('show does not take the live key for an old one because it leaked and was switched off', async () => {
    const { live } = await rotated();
    await run('leak KEY --reason "ticket 4711"');
    expect(testKey.sandbox.anthropic.statusOf(live)).toBe('inactive');
    const { shown } = await run('show KEY');
    expect(shown).not.toContain(`Old key   ${hintOf(live)}`);
    expect(shown).not.toContain(`it retires ${keyOf(live).fingerprint}`);
    expect(shown).toMatch(/Live key\n +Switched off/);
    expect(shown).toContain('To go back to the old key');
  });

  test('retire switches the old key off, proves it dead, and names the way back', async () => {
    const { old } = await rotated();
    const ran = await run('retire KEY');
    expect(ran.exit).toBe(0);
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('inactive');
    expect(ran.shown).toContain(`reactivate ${key} --key ${keyOf(old).fingerprint}`);
  });

  test('doctor has Anthropic list the keys, so that broken Admin access shows before it is needed', async () => {
    await testKey.promoteFirstKey();
    expect(flat((await run('doctor KEY')).shown)).toMatch(/Admin access works: Anthropic lists \d+ keys/);
  });

  test('leak stops a live key without any help, and reactivate is the way back', async () => {
    const value = await testKey.promoteFirstKey();
    const ran = await run('leak KEY --reason "seen in a public repository" --yes --json', { piped: '' });
    expect(ran.json()).toMatchObject({ stoppedBy: 'deactivation', mode: 'contain-now' });
    expect(testKey.sandbox.anthropic.statusOf(value)).toBe('inactive');
    const back = await run(`reactivate KEY --key ${keyOf(value).fingerprint}`);
    expect(back.exit).toBe(0);
    expect(testKey.sandbox.anthropic.statusOf(value)).toBe('active');
    // It is the live key itself: there is nothing to roll back to.
    expect(flat(back.shown)).toContain('It is the live key');
    expect(back.shown).not.toContain('rollback');
  });

  /** AWS refuses to invoke functions whose name begins so. */
  const refuseInvoking = (name: string, times = Number.POSITIVE_INFINITY) =>
    testKey.sandbox.aws.faults.on(
      { service: 'lambda', where: ({ params }) => String(params.FunctionName).startsWith(name), times },
      { kind: 'error', code: 'AccessDeniedException', message: 'not authorized', status: 403 },
    );

  test('leak marks the key although it cannot be switched off from here, and names the row of the Console', async () => {
    const value = await testKey.promoteFirstKey();
    refuseInvoking('anthropic-keys-prod-admin');
    const ran = await run('leak KEY --reason "ticket 4711"', {
      watch: (text) => {
        if (text.includes('Proving it dead')) testKey.sandbox.anthropic.disable(value);
      },
    });
    expect(flat(ran.shown)).toContain('Your AWS role may not invoke the function with Admin access.');
    expect(flat(ran.shown)).toContain(`the row that shows ${hintOf(value)}`);
    const back = await run(`reactivate KEY --key ${keyOf(value).fingerprint}`, { agrees: false });
    expect(back.shown).toContain('REPORTED AS LEAKED');
  });

  test('leak switches the key off although it cannot be marked, says so, and writes the record', async () => {
    const value = await testKey.promoteFirstKey();
    refuseInvoking('anthropic-keys-prod-check', 1);
    const ran = await run('leak KEY --reason "ticket 4711" --record incident.json');
    expect(ran.exit).toBe(1);
    expect(testKey.sandbox.anthropic.statusOf(value)).toBe('inactive');
    expect(flat(ran.shown)).toContain('It is not marked as leaked, so repeat the command.');
    const { stoppedBy, steps } = JSON.parse(files.get('incident.json')!);
    expect(stoppedBy).toBe('deactivation');
    expect(steps.map(({ what }: { what: string }) => what)).toContainEqual(
      expect.stringContaining('Not marked as leaked'),
    );
    const again = await run(`leak KEY --key ${keyOf(value).fingerprint} --reason "ticket 4711"`);
    expect([again.exit, again.shown]).toEqual([3, expect.not.stringContaining('not marked')]);
  });

  test('leak ends with a record although neither function answers, and says what a person must do', async () => {
    const value = await testKey.promoteFirstKey();
    refuseInvoking('anthropic-keys-prod');
    const ran = await run('leak KEY --reason "ticket 4711" --record incident.json');
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain(`the row that shows ${hintOf(value)}`);
    expect(JSON.parse(files.get('incident.json')!)).toMatchObject({ stoppedBy: 'nobody-yet' });
  });

  test('leak refuses a key that the secret does not hold, and waits for nothing', async () => {
    await testKey.promoteFirstKey();
    const begun = testKey.sandbox.clock.now();
    const ran = await run('leak KEY --key 0123456789ab --reason "ticket 4711"');
    expect([ran.exit, flat(ran.shown)]).toEqual([1, expect.stringContaining('holds a key 0123456789ab')]);
    expect(testKey.sandbox.clock.now().getTime() - begun.getTime()).toBeLessThan(120_000);
  });

  test('reactivate withdraws the report before the key is on, so that no mail calls it leaked', async () => {
    const { old } = await rotated();
    const { fingerprint } = keyOf(old);
    await run(`leak KEY --key ${fingerprint} --reason "seen in a log"`);
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('inactive');
    const back = await run(`reactivate KEY --key ${fingerprint}`);
    expect([back.exit, testKey.sandbox.anthropic.statusOf(old)]).toEqual([0, 'active']);
    const before = testKey.mails.length;
    await testKey.after(6);
    expect(testKey.told.slice(before)).not.toContain('contained');
    expect(testKey.retiring.map(({ key: one }) => one)).toEqual([old]);
  });

  test('leak names `reactivate` as the way back if a machine has switched the key off', async () => {
    const value = await testKey.promoteFirstKey();
    const ran = await run('leak KEY --reason "seen in a public repository"');
    expect(flat(ran.shown)).toContain(`reactivate ${key} --key ${keyOf(value).fingerprint}`);
  });

  test.each([
    [0, 24],
    [1000, 336],
  ])('reactivate gives an old key of %i hours of grace another %i hours', async (graceHours, hours) => {
    await testKey.sandbox.close();
    await build({ adminAccess: true, policy: { graceHours } });
    const { old } = await rotated();
    await run('retire KEY');
    const { shown } = await run(`reactivate KEY --key ${keyOf(old).fingerprint}`);
    expect(flat(shown)).toContain(`It may be used for at least another ${hours} hours`);
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('active');
    await testKey.after(hours - 1);
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('active');
    expect(testKey.retiring).toHaveLength(1);
  });

  test('the rollback that reactivate offers works, also for a key that was proven dead', async () => {
    const { old } = await rotated();
    await testKey.after(49);
    testKey.sandbox.anthropic.disable(old);
    await testKey.check();
    expect(testKey.retiring).toEqual([]);
    const { shown } = await run(`reactivate KEY --key ${keyOf(old).fingerprint}`);
    const rollback = `rollback ${key} --key ${keyOf(old).fingerprint}`;
    expect(flat(shown)).toContain(rollback);
    expect((await run(rollback)).exit).toBe(0);
    expect(testKey.live).toBe(old);
  });
});

describe('a role that may not do it', () => {
  beforeEach(() => build());

  test('is told which call was refused, and where to look', async () => {
    testKey.sandbox.aws.faults.on(
      { operation: 'DescribeSecret', caller: 'ada', times: Number.POSITIVE_INFINITY },
      { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired', status: 400 },
    );
    testKey.sandbox.aws.faults.on(
      { operation: 'ListSecrets', caller: 'ada', times: Number.POSITIVE_INFINITY },
      { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired', status: 400 },
    );
    const ran = await run('show KEY');
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain('These temporary credentials have expired');
  });
});
