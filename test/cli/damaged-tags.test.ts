import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import type { Reported } from '../../lib/workflows/report';
import { operatorOn } from '../../local/cli/operator';
import { TestKey } from '../lifecycle/test-key';

jest.setTimeout(60_000);

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
