import { policyToTags } from '../../lib/contract/policy-tags';
import { METRIC } from '../../lib/domain/metrics';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import type { Reported } from '../../lib/workflows/report';
import { operatorOn } from '../../local/cli/operator';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
afterEach(() => testKey.close());

const FAR = '+275760-09-13T00:00:00Z';

const create = (Name: string, environment: string, tags: Record<string, string>) =>
  testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
    Name,
    SecretString: 'x',
    ClientRequestToken: Name.replace(/\W/g, '-').padEnd(36, '0'),
    Tags: Object.entries({
      ...policyToTags({ environment, service: 'evil', owner: 'mallory@example.com' }, DEFAULT_POLICY),
      ...tags,
    }).map(([Key, Value]) => ({ Key, Value })),
  });

test.each(['anthropic/prod/evil', 'anthropic/dev/evil', 'mallory/evil'])(
  'dates at the end of the calendar on %s break no command and no report',
  async (name) => {
    testKey = await TestKey.build();
    await testKey.promoteFirstKey();
    await create(name, name.split('/')[1] === 'dev' ? 'dev' : 'prod', {
      'anthropic-key:created-at': 'abcdef012345/9999-99-99',
      'anthropic-key-state:checked': FAR,
      'anthropic-key-state:verdict': `abcdef012345/ALIVE/-/${FAR}/${FAR}/${FAR}/sk-ant-api03-abc...defg`,
      'anthropic-key-state:record': `abcdef012345/apikey_1/${FAR}/${FAR}/person/2026-11-21`,
      'anthropic-key-state:snooze': `${FAR}/for ever`,
      'anthropic-key-state:rotation': `old=abcdef012345 promoted=${FAR} grace=${FAR} proven=${FAR}`,
    });
    await testKey.days(2, 12);
    const ada = operatorOn(testKey.sandbox);
    for (const line of [
      'status',
      'status --json',
      'show prod/api-1',
      'doctor',
      'report --audit',
      'report --html page.html',
    ])
      expect([line, (await ada.run(line.split(' '))).exit]).not.toEqual([line, 1]);
    const { text } = (await testKey.sandbox.invoke('prod', 'report', {})) as Reported;
    expect(text).toContain('prod/api-1');
  },
);

test('the owner on a stranger’s secret is no lost subscription', async () => {
  testKey = await TestKey.build();
  await create('mallory/evil', 'prod', {});
  await create('anthropic/prod/evil', 'prod', {});
  const { text } = (await testKey.sandbox.invoke('prod', 'report', { preview: true })) as Reported;
  expect(text).not.toContain('Lost: email mallory@example.com');
});

describe('policy tags that somebody damaged', () => {
  const damage = (tags: Record<string, string>) =>
    testKey.sandbox.aws.secretsManager.perform('TagResource', {
      SecretId: testKey.secretName,
      Tags: Object.entries(tags).map(([name, Value]) => ({ Key: `anthropic-key:${name}`, Value })),
    });

  test.each([
    [
      'beyond any bound',
      { 'max-age-days': '999999', 'grace-hours': '999999', 'max-grace-extensions': '999' },
    ],
    ['into words', { 'max-age-days': 'for ever', 'grace-hours': 'x', 'check-every': 'never' }],
  ])('%s stop no reminder, no check and no leak', async (_, tags) => {
    testKey = await TestKey.build({ adminAccess: true });
    const ada = operatorOn(testKey.sandbox);
    const key = await testKey.promoteFirstKey();
    await (await testKey.neighbour()).promoteFirstKey();
    await damage(tags);
    await testKey.days(95, 24);
    expect(testKey.told).toEqual(expect.arrayContaining(['due', 'overdue']));
    expect(testKey.sandbox.environment('prod').telemetry.total(METRIC.checkFailed)).toBeGreaterThan(90);
    expect((await ada.run(['leak', 'prod/api-1', '--reason', 'ticket', '--yes'])).exit).not.toBe(2);
    expect(testKey.sandbox.anthropic.statusOf(key)).toBe('inactive');
    await testKey.after(1);
    expect(testKey.secret.tags['anthropic-key-state:verdict']).toContain('/DEAD/');
  });

  test('are named by status, show, doctor and report', async () => {
    testKey = await TestKey.build();
    await testKey.promoteFirstKey();
    await damage({ 'max-age-days': '999999' });
    const ada = operatorOn(testKey.sandbox);
    for (const line of ['status', 'show prod/api-1', 'doctor prod/api-1']) {
      const { shown } = await ada.run(line.split(' '));
      expect(shown.replace(/\s+/g, ' ')).toContain(
        'anthropic-key:max-age-days is 999999, expected 1 to 90 days',
      );
    }
    const { text } = (await testKey.sandbox.invoke('prod', 'report', { preview: true })) as Reported;
    expect(text).toContain('max-age-days is 999999');
    // The only key of its environment counts, whatever its tags are like.
    const report = await ada.run(['report']);
    expect([report.exit, report.shown]).toEqual([3, expect.stringContaining('max-age-days is 999999')]);
  });
});
