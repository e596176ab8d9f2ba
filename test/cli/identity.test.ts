import { identityLine } from '../../lib/cli/identity';
import { operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { TestKey } from '../lifecycle/test-key';

const place = {
  account: '333333333333',
  region: 'eu-central-1',
  endpoint: 'here',
  anthropic: 'api.anthropic.com',
};

test.each([
  ['arn:aws:sts::333333333333:assumed-role/PlatformOps/gateway-admin', 'gateway-admin (role PlatformOps)'],
  [
    'arn:aws:sts::333333333333:assumed-role/AWSReservedSSO_Platform_Ops_0123456789abcdef/ada@example.com',
    'ada@example.com (permission set Platform_Ops)',
  ],
  ['arn:aws:iam::333333333333:user/people/ada', 'ada'],
  ['arn:aws:iam::333333333333:root', 'the root user'],
])('%s is shown as %s', (caller, words) => {
  expect(identityLine({ ...place, caller })).toBe(
    `Signed in as ${words}, account 333333333333, eu-central-1`,
  );
});

describe('whoever is signed in', () => {
  const LINE = 'Signed in as ada (role ada), account 111122223333, eu-central-1';
  let testKey: TestKey;
  let key: string;

  beforeAll(async () => {
    testKey = await TestKey.build();
    key = testKey.secretName.replace('anthropic/', '');
    await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
  });

  afterAll(() => testKey.sandbox.close());

  const run = (line: string, script?: Script) =>
    operatorOn(testKey.sandbox).run(line.replace('KEY', key).split(' '), script);

  test.each(['rollback KEY', 'retire KEY', 'leak KEY --reason test'])(
    '%s: is shown before the question, and not on stdout',
    async (line) => {
      const { shown, printed } = await run(line, { agrees: false });
      expect(shown).toContain(LINE);
      expect(shown.indexOf('[y/N]')).toBeGreaterThan(shown.indexOf(LINE));
      expect(printed).not.toContain(LINE);
    },
  );

  test('is shown in a dry run, and machines read it in the plan', async () => {
    expect((await run('check KEY --dry-run')).shown).toContain(LINE);
    const machine = await run('check KEY --dry-run --json');
    expect(machine.shown).not.toContain(LINE);
    expect(machine.json()).toMatchObject({
      plan: [expect.any(String)],
      signedIn: { account: '111122223333', caller: 'arn:aws:sts::111122223333:assumed-role/ada/ada' },
    });
  });

  test('is shown before a command that asks no question', async () => {
    expect((await run('check KEY')).shown).toContain(LINE);
    expect((await run('check KEY --json')).json()).toMatchObject({ signedIn: { region: 'eu-central-1' } });
  });

  test.each(['show KEY', 'status', 'status --html page.html', 'doctor KEY', 'report prod'])(
    '%s changes nothing, and does not say it',
    async (line) => {
      expect((await run(line)).shown).not.toContain('Signed in');
    },
  );

  test('is unknown where nothing leads to STS, and the command goes on', async () => {
    const restore = testKey.sandbox.aws.faults.on(
      { service: 'sts', caller: 'ada', times: Number.POSITIVE_INFINITY },
      { kind: 'error', code: 'AccessDenied', message: 'The VPC endpoint policy allows nothing', status: 403 },
    );
    const { exit, shown } = await run('check KEY');
    restore();
    expect(shown).toContain('Signed in: identity unknown (AccessDenied: The VPC endpoint policy');
    expect(exit).toBe(0);
  });
});
