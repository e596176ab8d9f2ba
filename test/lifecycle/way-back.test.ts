import { House, Street } from './house';

jest.setTimeout(60_000);

let house: House;
afterEach(() => house?.close());

const document = (key: string) => JSON.stringify({ ANTHROPIC_API_KEY: key, REGION: 'eu' });
const rollBack = () => house.command({ verb: 'roll-back' });

/** A live key whose document has a field that the team added by hand. */
async function withField(policy = {}): Promise<string> {
  house = await House.build({ policy });
  const key = await house.moveIn();
  await house.edit(document(key));
  await house.after(1);
  return key;
}

test('an automatic rollback keeps what a team added to the document', async () => {
  const first = await withField();
  const bad = house.newKey();
  house.stage.anthropic.disable(bad);
  await house.edit(document(bad));
  await house.after(1);
  expect(house.live).toBe(first);
  expect(house.text('AWSCURRENT')).toContain('REGION');
});

test('so does a rollback by command', async () => {
  const first = await withField();
  await house.submit(house.newKey());
  await rollBack();
  expect(house.live).toBe(first);
  expect(house.text('AWSCURRENT')).toContain('REGION');
});

test.each([
  ['a stop', 'DISABLED', {}],
  ['a spoiled document', '{"ANTHROPIC_API_KEY":"sk-ant-api03-x","REGION":"eu",}', { autoRollback: false }],
])('a new key after %s goes into the last document that held one', async (_, spoiled, policy) => {
  await withField(policy);
  await house.edit(spoiled);
  await house.after(1);
  const next = house.newKey();
  await house.submit(next);
  expect(JSON.parse(house.text('AWSCURRENT'))).toEqual({ ANTHROPIC_API_KEY: next, REGION: 'eu' });
});

test('a key that dies before any check accepted it leaves a way back to the accepted one, and the mail names it', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.after(1);
  const stop = house.stage.aws.faults.on(
    {
      service: 'secretsmanager',
      operation: 'ListSecretVersionIds',
      caller: 'anthropic-keys-prod-rotate',
      from: 3,
      times: 100,
    },
    { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
  );
  const next = house.newKey();
  await house.submit(next);
  stop();
  expect([house.live, house.accepted]).toEqual([next, first]);
  house.stage.anthropic.disable(next);
  await house.after(1);
  expect(house.told.at(-1)).toBe('dead');
  expect(house.mails.at(-1)!.body).toContain('npm run keys -- rollback');
  await rollBack();
  expect(house.live).toBe(first);
});

test('after a stop the accepted key can be made live again', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.edit('DISABLED');
  await house.after(1);
  await rollBack();
  expect(house.live).toBe(first);
});

test('a displaced submission, stored as it was pasted, is never made live in place of a document', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.put(house.newKey());
  await house.put(house.newKey());
  await house.days(1);
  house.stage.anthropic.disable(first);
  await house.after(1);
  await expect(rollBack()).rejects.toThrow('as it was pasted');
});

test('a bad edit that stood for longer than any news lasts is told of when it is undone', async () => {
  house = await House.build();
  await house.moveIn();
  await house.after(1);
  const recover = house.stage.anthropic.trouble('overloaded');
  await house.edit(house.newKey(house.otherWorkspace));
  await house.days(40, 24);
  recover();
  await house.after(1);
  expect(house.told).toContain('rolled-back');
});

test('a promotion is told of although the document was edited before anybody listened', async () => {
  house = await House.build({ listens: false });
  await house.moveIn();
  const next = house.newKey();
  await house.submit(next);
  await house.edit(document(next));
  house.stage.aws.sns.confirm('platform@example.com');
  await house.after(1);
  expect(house.told).toContain('rotated');
});

test('a deadline that a person set is not moved by use of the key', async () => {
  house = await House.build({ adminAccess: true });
  const first = await house.moveIn();
  await house.submit(house.newKey());
  await house.after(6);
  house.stage.anthropic.recordUsage(first, { at: house.stage.clock.now(), requests: 50 });
  await house.after(2);
  await house.command({ verb: 'retire-now' });
  await house.after(2);
  expect(house.told).not.toContain('extended');
});

test('edits of other fields give a used key no more extensions than the policy allows', async () => {
  house = await House.build({ adminAccess: true, policy: { maxGraceExtensions: 2 } });
  const first = await house.moveIn();
  const next = house.newKey();
  await house.submit(next);
  for (let day = 0; day < 10; day++) {
    await house.edit(JSON.stringify({ ANTHROPIC_API_KEY: next, DEPLOYED: day }));
    for (let quarter = 0; quarter < 4; quarter++) {
      house.stage.anthropic.recordUsage(first, { at: house.stage.clock.now(), requests: 5 });
      await house.after(6);
    }
  }
  expect(house.told.filter((kind) => kind === 'extended')).toHaveLength(2);
  expect(house.told).toContain('zombie');
});

test('an hour without answers makes no zombie unproven', async () => {
  house = await House.build();
  await house.moveIn();
  await house.submit(house.newKey());
  await house.days(4, 12);
  const recover = house.stage.anthropic.trouble('overloaded');
  await house.after(1);
  recover();
  await house.after(1);
  expect(house.told).toContain('zombie');
  expect(house.told).not.toContain('unproven');
});

test('nobody is asked to switch off an old key on which another service lives', async () => {
  const street = await Street.open();
  const other = await street.house();
  house = await street.house();
  const shared = await house.moveIn();
  await other.edit(shared);
  await other.check();
  await house.submit(house.newKey());
  await house.days(4);
  const [mail, ...more] = house.mails.filter(
    ({ attributes }) => attributes?.kind?.StringValue === 'grace-over',
  );
  expect(mail!.subject).toContain('do not switch it off yet');
  expect(mail!.body).toContain(other.secretName);
  expect([...more, ...house.told.filter((kind) => kind === 'zombie')]).toEqual([]);
});

test('a bad edit is named in words that a person would use', async () => {
  house = await House.build();
  const key = await house.moveIn();
  await house.edit(`"${key}`);
  await house.after(1);
  expect(house.mails.at(-1)!.body).not.toMatch(/Paste it|directly into/);
  expect(house.mails.at(-1)!.body).toContain('What they wrote');
});

test.each([
  ['by command', rollBack],
  ['by its label', () => house.moveBack()],
])('whoever goes back %s before the new key was accepted is not overruled', async (_, goBack) => {
  house = await House.build();
  const first = await house.moveIn();
  const next = house.newKey();
  const refusal = { code: 'InternalServiceError', message: 'An error occurred on the server side.' };
  const recover = house.refuse('UpdateSecretVersionStage', refusal, 'ACCEPTED');
  await house.submit(next);
  recover();
  expect([house.live, house.accepted, house.waiting]).toEqual([next, first, next]);
  await goBack();
  await house.stage.settle();
  await house.days(1);
  expect([house.live, house.accepted, house.waiting]).toEqual([first, first, '']);
  expect(house.retiring.map(({ key }) => key)).toEqual([next]);
  expect(house.told.filter((kind) => kind === 'rolled-back')).toHaveLength(1);
});

test('a zombie that gives no answer any more is told of as unproven', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.submit(house.newKey());
  await house.days(4);
  expect(house.told).toContain('zombie');
  house.stage.anthropic.script('not-found', { times: Number.POSITIVE_INFINITY, key: first });
  await house.days(9);
  expect(house.told.filter((kind) => kind === 'unproven')).not.toEqual([]);
});

test('a key that is switched on again in the Console gets a deadline by the mail’s command, also without grace', async () => {
  house = await House.build({ policy: { graceHours: 0 } });
  const first = await house.moveIn();
  await house.submit(house.newKey());
  house.stage.anthropic.disable(first);
  await house.after(1);
  expect(house.told.at(-1)).toBe('rotation-complete');
  expect(house.mails.at(-1)!.body).toMatch(/extend .* --hours 24/);
});
