import { House } from './house';

jest.setTimeout(60_000);

let house: House;
afterEach(() => house?.close());

const retiring = () => house.retiring.map(({ key }) => key).sort();

test.each([
  ['a label could not be moved', 'UpdateSecretVersionStage'],
  ['nothing went wrong', undefined],
])(
  'a good key that a bad edit overtook has a deadline after the rollback, though %s',
  async (_, operation) => {
    house = await House.build();
    const first = await house.moveIn();
    await house.after(1);
    const overtaken = house.newKey();
    await house.edit(overtaken);
    await house.edit(house.newKey(house.otherWorkspace));
    const stop =
      operation &&
      house.stage.aws.faults.on(
        { service: 'secretsmanager', operation, caller: 'anthropic-keys-prod-check', from: 2, times: 3 },
        { kind: 'error', code: 'AccessDeniedException', message: 'no' },
      );
    await house.check().catch(() => {});
    if (stop) stop();
    await house.days(1);
    expect(house.live).toBe(first);
    expect(retiring()).toEqual([overtaken]);
  },
);

test('so it has where Anthropic gave no answer about it at that moment', async () => {
  house = await House.build();
  await house.moveIn();
  await house.after(1);
  const overtaken = house.newKey();
  await house.edit(overtaken);
  await house.edit(house.newKey(house.otherWorkspace));
  const recover = house.stage.anthropic.trouble('overloaded', { key: overtaken });
  await house.after(1);
  recover();
  await house.days(1);
  expect(retiring()).toEqual([overtaken]);
});

test('keys that were edited in and taken back by their label both have a deadline', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.days(3, 24);
  const edits = [house.newKey(), house.newKey()];
  await house.edit(edits[0]!);
  await house.edit(edits[1]!);
  const move = {
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: house.at('ACCEPTED'),
    RemoveFromVersionId: house.at('AWSCURRENT'),
  };
  await house.stage.aws.secretsManager.perform('UpdateSecretVersionStage', {
    SecretId: house.secretName,
    ...move,
  });
  await house.days(2);
  expect(house.live).toBe(first);
  expect(retiring()).toEqual(edits.sort());
});

test.each(['a garbled paste', 'a dead key'])(
  'a good key over which somebody submits %s is not lost',
  async (what) => {
    house = await House.build();
    await house.moveIn();
    const good = house.newKey();
    const bad = what === 'a dead key' ? house.newKey() : 'sk-ant-api03-abc...wxyz';
    if (what === 'a dead key') house.stage.anthropic.disable(bad);
    await house.put(good);
    await house.put(bad);
    await house.days(1);
    expect(house.told).toContain('rejected');
    expect(retiring()).toContain(good);
  },
);

test('a good key that is submitted while another one is tested is not refused for the other one', async () => {
  house = await House.build();
  await house.moveIn();
  const [bad, good] = [house.newKey(), house.newKey()];
  house.stage.anthropic.disable(bad);
  house.stage.aws.faults.on(
    { service: 'secretsmanager', operation: 'PutSecretValue', caller: 'anthropic-keys-prod-rotate' },
    { kind: 'meanwhile', when: 'after-effect', run: () => house.put(good) },
  );
  await house.submit(bad);
  await house.days(1, 1);
  expect(house.told).not.toContain('rejected');
  expect(house.live).toBe(good);
});

test('a replacement that could not be stored leaves the submission that waits as it was', async () => {
  house = await House.build();
  await house.moveIn();
  const waiting = house.newKey();
  await house.put(waiting);
  const stop = house.refuse('PutSecretValue', { code: 'AccessDeniedException', message: 'no' });
  await expect(house.replace(house.newKey())).rejects.toThrow('AccessDenied');
  stop();
  await house.after(1);
  expect(house.live).toBe(waiting);
});

test('a replaced submission has a deadline, and the one that replaces it goes live', async () => {
  house = await House.build();
  await house.moveIn();
  const [displaced, next] = [house.newKey(), house.newKey()];
  await house.put(displaced);
  await house.replace(next);
  await house.after(1);
  expect(house.live).toBe(next);
  expect(retiring()).toContain(displaced);
});

test('an accepted version that is not found for a moment is not taken for one without a key', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.days(3, 24);
  const accepted = house.at('ACCEPTED');
  await house.edit(house.newKey());
  const message = "Secrets Manager can't find the specified secret value";
  house.refuse('GetSecretValue', { code: 'ResourceNotFoundException', message }, accepted, 4);
  await house.after(1);
  await house.days(1);
  expect(retiring()).toEqual([first]);
});

test('the key of a stop is remembered by the age that Anthropic gives it', async () => {
  house = await House.build({ adminAccess: true });
  const first = await house.moveIn();
  await house.days(40, 24);
  await house.edit('DISABLED');
  await house.after(1);
  await house.edit(first);
  await house.after(1);
  await house.days(55, 24);
  expect(house.told).toContain('overdue');
});
