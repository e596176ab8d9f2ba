import { FAULT } from '../../local/aws';
import { operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { keyOf } from '../keys';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let key: string;

beforeEach(async () => {
  testKey = await TestKey.build();
  key = testKey.secretName.replace('anthropic/', '');
});

afterEach(() => testKey.sandbox.close());

const submit = (script: Script, ...options: string[]) =>
  operatorOn(testKey.sandbox).run(['submit', key, ...options], script);

const labelsOf = (label: string) => testKey.secret.versions.filter(({ labels }) => labels.includes(label));
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('a whole rotation', () => {
  test('the first key goes live, and its deadline is shown', async () => {
    const ran = await submit({ pastes: [testKey.newKey()] });
    expect(ran.exit).toBe(0);
    expect(flat(ran.shown)).toContain(`is the live key of ${key}.`);
    expect(ran.shown).toContain('This key is due 2027-02-19');
    expect(ran.shown).not.toContain('rollback');
    expect(ran.shown).not.toContain('beside the live key');
  });

  test('over a dead key nothing is promised about the old one, and no way back is offered', async () => {
    const first = await testKey.promoteFirstKey();
    await (await testKey.neighbour()).promoteFirstKey();
    testKey.sandbox.anthropic.disable(first);
    await testKey.check();
    const ran = await submit({ pastes: [testKey.newKey()] });
    expect(ran.exit).toBe(0);
    expect(flat(ran.shown)).toContain('If it works it becomes live, and the old one is dead already.');
    expect(flat(ran.shown)).toContain('Old key was dead already.');
    for (const promise of ['48 hours', 'is interrupted', 'rollback', 'extend'])
      expect(ran.shown).not.toContain(promise);
  });

  test('the next key goes live, the old one keeps its grace, and the way back is named', async () => {
    const first = await testKey.promoteFirstKey();
    testKey.sandbox.clock.advance(80 * 86_400_000);
    const second = testKey.newKey();
    const ran = await submit({ pastes: [second] });
    expect(ran.exit).toBe(0);
    expect(testKey.live).toBe(second);
    expect(testKey.retiring).toMatchObject([{ key: first }]);
    expect(ran.shown).toMatch(/works until 2027-02-11 \d\d:\d\d UTC\s+\(in 48 hours\)/);
    expect(ran.shown).toContain(
      `npx --no -- anthropic-keys rollback ${key} --key ${keyOf(first).fingerprint}`,
    );
  });

  test('before it asks it shows account, region, endpoint, live key, age and the name for the Console', async () => {
    await testKey.promoteFirstKey();
    testKey.sandbox.clock.advance(80 * 86_400_000);
    const { shown } = await submit({ pastes: ['interrupt'] });
    const before = shown.slice(0, shown.indexOf('? New key'));
    for (const part of [
      testKey.sandbox.aws.accountId,
      testKey.sandbox.aws.region,
      new URL(testKey.sandbox.aws.endpoint).host,
      'anthropic.invalid, not api.anthropic.com',
      keyOf(testKey.live).hint,
      '80 days of 90',
      `${key.replace('/', '-')}-2027-02-09`,
      'https://platform.claude.com/settings/keys',
    ])
      expect(before).toContain(part);
  });

  test('no key is ever shown, and no stored value is ever read by the person’s role', async () => {
    const first = await testKey.promoteFirstKey();
    const second = testKey.newKey();
    const ran = await submit({ pastes: [second] });
    expect(ran.shown).not.toContain(second.slice(20));
    expect(ran.shown).not.toContain(first.slice(20));
    const calls = testKey.sandbox.aws.calls.by('ada');
    expect(calls.map(({ operation }) => operation)).toContain('PutSecretValue');
    expect(calls.map(({ operation }) => operation)).not.toContain('GetSecretValue');
  });

  test('a pipe gets JSON and nothing else', async () => {
    const ran = await submit({ piped: `${testKey.newKey()}\n` }, '--json');
    expect(ran.exit).toBe(0);
    expect(ran.json()).toMatchObject({ key, outcome: 'live' });
    expect(ran.shown).toBe(ran.printed);
  });

  test('--dry-run says what would be done, asks for nothing and stores nothing', async () => {
    const ran = await submit({}, '--dry-run');
    expect(ran.exit).toBe(0);
    expect(ran.shown).toContain('This would be done:');
    expect(testKey.secret.versions).toHaveLength(1);
  });
});

describe('what is refused before anything is stored', () => {
  const refused = async (value: string, why: string) => {
    const versions = testKey.secret.versions.length;
    const ran = await submit({ pastes: [value] });
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain(why);
    expect(flat(ran.shown)).toContain('Nothing was stored');
    expect(testKey.secret.versions).toHaveLength(versions);
  };

  test('a key that Anthropic refuses twice', async () => {
    const dead = testKey.newKey();
    testKey.sandbox.anthropic.disable(dead);
    await refused(dead, 'Anthropic refuses it, twice within a minute');
  });

  test('the key that is live already', async () => {
    const first = await testKey.promoteFirstKey();
    testKey.sandbox.clock.advance(2 * 3_600_000);
    await refused(first, 'This is the live key already');
  });

  test('the old key in its grace', async () => {
    const first = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    await refused(first, 'about to be switched off');
  });

  test('a key of an organization without credit', async () => {
    testKey.sandbox.anthropic.trouble('billing');
    await refused(testKey.newKey(), 'Ask a billing administrator');
  });
});

test('a key of another workspace is refused by the function, and the live key stays', async () => {
  const first = await testKey.promoteFirstKey();
  const ran = await submit({ pastes: [testKey.newKey(testKey.otherWorkspace)] });
  expect(ran.exit).toBe(1);
  expect(flat(ran.shown)).toContain('belongs to another workspace');
  expect(testKey.live).toBe(first);
  expect(labelsOf('SUBMITTED')).toHaveLength(0);
});

test('a key that was refused may be handed in again once the cause is settled', async () => {
  await testKey.promoteFirstKey();
  const solve = testKey.sandbox.anthropic.trouble('permission');
  const second = testKey.newKey();
  const ran = await submit({ pastes: [second] }, '--untested');
  expect(ran.exit).toBe(1);
  solve();
  expect((await submit({ pastes: [second] })).exit).toBe(0);
  expect(testKey.live).toBe(second);
});

describe('Ctrl-C', () => {
  const interruptAt = (moment: string, pastes: Script['pastes']): Script => ({
    pastes,
    watch: (text, interrupt) => {
      if (text.includes(moment)) interrupt();
    },
  });

  test('at the prompt: nothing was stored', async () => {
    const ran = await submit({ pastes: ['interrupt'] });
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain('Nothing was stored, and the live key has not changed.');
    expect(testKey.secret.versions).toHaveLength(1);
  });

  test('while the key is tested: nothing was stored', async () => {
    const ran = await submit(interruptAt('Testing sk-ant', [testKey.newKey()]));
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain('Nothing was stored');
    expect(testKey.secret.versions).toHaveLength(1);
  });

  test.each(['Storing it', 'Stored, not live', 'Secrets Manager has it', 'It passed'])(
    'at “%s”: it goes on without anybody, and running it again watches the same submission',
    async (moment) => {
      const value = testKey.newKey();
      const ran = await submit(interruptAt(moment, [value]));
      expect(ran.exit).toBe(1);
      expect(flat(ran.shown)).toContain('It goes on without you');
      const again = await submit({ pastes: [value] });
      expect(again).toMatchObject({ exit: 0 });
      expect(testKey.live).toBe(value);
      expect(labelsOf('SUBMITTED')).toHaveLength(0);
      // The command ends with the label; the mail of the same run may come a moment later.
      await testKey.sandbox.aws.settle();
      expect(testKey.told.filter((kind) => kind === 'rotated')).toHaveLength(1);
    },
  );
});

describe('a laptop that dies', () => {
  const dying = async (operation: string, fault: (typeof FAULT)[keyof typeof FAULT]) => {
    const value = testKey.newKey();
    testKey.sandbox.aws.faults.on({ operation, caller: 'ada', times: Number.POSITIVE_INFINITY }, fault);
    const ran = await submit({ pastes: [value] });
    expect(ran.exit).toBe(1);
    testKey.sandbox.aws.faults.clear();
    return { value, ran };
  };

  test('before the rotation was started leaves a submission that the next check takes up', async () => {
    const { value, ran } = await dying('RotateSecret', FAULT.denied);
    expect(flat(ran.shown)).toContain('The key is stored, and the next check starts its rotation.');
    await testKey.check();
    expect(testKey.live).toBe(value);
  });

  test('before the rotation was started may run the command again', async () => {
    const { value } = await dying('RotateSecret', FAULT.lost);
    const again = await submit({ pastes: [value] });
    expect(again.exit).toBe(0);
    expect(again.shown).toContain('Continuing where that stopped.');
    expect(testKey.live).toBe(value);
  });

  test('before the key was stored left nothing', async () => {
    const { value } = await dying('PutSecretValue', FAULT.lost);
    expect(testKey.secret.versions).toHaveLength(1);
    expect((await submit({ pastes: [value] })).exit).toBe(0);
  });
});

describe('two people', () => {
  test('the second is refused while the submission of the first waits, and may take its place', async () => {
    await testKey.promoteFirstKey();
    await testKey.put(testKey.newKey());
    const second = testKey.newKey();
    const refused = await submit({ pastes: [second] });
    expect(refused.exit).toBe(1);
    expect(flat(refused.shown)).toContain('Another key was submitted');
    expect((await submit({ pastes: [second] }, '--replace')).exit).toBe(0);
    expect(testKey.live).toBe(second);
  });

  test('a submission that never comes to an answer is left to the checks', async () => {
    const first = await testKey.promoteFirstKey();
    testKey.sandbox.aws.secretsManager.settings.rotationsStart = 'on-settle';
    const second = testKey.newKey();
    const ran = await submit({ pastes: [second] });
    expect(ran.exit).toBe(3);
    expect(flat(ran.shown)).toContain('nobody needs to wait');
    expect(testKey.live).toBe(first);
  });
});

test('a secret without rotation is refused before anything is asked', async () => {
  await testKey.sandbox.aws.secretsManager.perform('CancelRotateSecret', { SecretId: testKey.secretName });
  const ran = await submit({});
  expect(ran.exit).toBe(2);
  expect(flat(ran.shown)).toContain('Rotation is off');
});
