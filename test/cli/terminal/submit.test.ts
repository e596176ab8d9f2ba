import { NO_SUPPORT_WARNING, nodeWarning } from '../../../lib/cli/node-support';
import { keyOf } from '../../keys';
import { packagedProgram } from '../program';
import { CTRL_C, hasScript, type OutsideWorld, Session, startWorld } from './drive';

const inTerminal = hasScript ? describe : describe.skip;
if (!hasScript) console.info('No util-linux `script` here: the command line was not run in a real terminal.');

interface State {
  readonly live: string;
  readonly submitted: boolean;
  readonly versions: number;
  readonly told: readonly string[];
}

inTerminal('in a real terminal', () => {
  let world: OutsideWorld;
  let program: string;

  beforeAll(async () => {
    world = await startWorld();
    program = `${process.execPath} ${await packagedProgram()}`;
  });

  afterAll(() => world.stop());

  const newKey = async () => (await world.ask<{ value: string }>('new-key')).value;
  const state = () => world.ask<State>('state');
  const submit = () => new Session(`submit ${world.key}`, world.env, program);

  test('a whole rotation: the key is asked for, not echoed, followed by a spinner, and live', async () => {
    const value = await newKey();
    const session = submit();
    await session.sees('New key (not shown)');
    session.type(value);
    session.type('\r');
    await session.sees('Promoted');
    expect(await session.exit()).toBe(0);
    expect(session.text).toContain(`${keyOf(value).hint} is the live key of ${world.key}.`);
    expect(session.raw).not.toContain(value.slice(13, 30));
    expect(session.raw).not.toContain(value.slice(-12));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
    expect(session.raw).toMatch(/\x1b\[32m/);
    expect((await state()).live).toBe(value);
  });

  test('a wrong paste is answered at once, without an echo, and may be corrected', async () => {
    const session = submit();
    await session.sees('New key (not shown)');
    session.type('no-key-at-all\r');
    await session.sees('This is not an Anthropic key');
    expect(session.raw).not.toContain('no-key-at-all');
    await session.sees('New key (not shown)');
    session.type(CTRL_C);
    expect(await session.exit()).toBe(1);
    expect(session.text).toContain('Nothing was stored, and the live key has not changed.');
  });

  test('three wrong pastes are marked as refused, and the last one says not to paste into the shell', async () => {
    const session = submit();
    for (let paste = 0; paste < 3; paste++) {
      await session.sees('New key (not shown)');
      session.type('no-key-at-all\r');
      await session.sees('✖ This is not an Anthropic key');
    }
    expect(await session.exit()).toBe(1);
    expect(session.text).toMatch(
      /Stopped after three tries: do not paste here\. .*Nothing was stored\. [^✔]*$/,
    );
    expect(session.raw).not.toContain('✔');
    expect(session.raw).not.toContain('no-key-at-all');
  });

  test('Ctrl-C while it is tested from here: nothing was stored', async () => {
    const before = await state();
    const value = await newKey();
    const env = { ...world.env, ROTATION_ANTHROPIC_URL: NOWHERE };
    const session = new Session(`submit ${world.key}`, env, program);
    await session.sees('New key (not shown)');
    session.type(`${value}\r`);
    await session.sees('Testing sk-ant-api03-');
    session.type(CTRL_C);
    expect(await session.exit()).toBe(1);
    expect(session.text).toContain('Nothing was stored');
    expect(await state()).toEqual(before);
  });

  test('Ctrl-C while it is followed: it goes on without anybody, and the same command goes on watching', async () => {
    const value = await newKey();
    const session = submit();
    await session.sees('New key (not shown)');
    session.type(`${value}\r`);
    await session.sees('Secrets Manager has it merged and tested');
    session.type(CTRL_C);
    expect(await session.exit()).toBe(1);
    expect(session.text).toContain('It goes on without you');
    const again = submit();
    await again.sees('New key (not shown)');
    again.type(`${value}\r`);
    expect(await again.exit()).toBe(0);
    await world.ask('settle');
    const { live, submitted, told } = await state();
    expect({ live, submitted }).toEqual({ live: value, submitted: false });
    expect(told.filter((kind) => kind === 'rotated')).toHaveLength(2);
  });

  test('a question can be answered with Ctrl-C, and with no', async () => {
    const { live } = await state();
    for (const answer of [CTRL_C, '\r', 'n\r']) {
      const session = new Session(`rollback ${world.key}`, world.env, program);
      await session.sees('[y/N]');
      session.type(answer);
      expect(await session.exit()).toBe(1);
      expect(session.text).toContain('Nothing was changed.');
    }
    expect((await state()).live).toBe(live);
  });

  test('NO_COLOR is obeyed', async () => {
    const session = new Session('status', { ...world.env, NO_COLOR: '1' }, program);
    expect(await session.exit()).toBe(0);
    expect(session.text).toContain(world.key);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
    expect(session.raw).not.toMatch(/\x1b\[\d+m/);
  });

  test('an old Node.js is told of in one line, and the AWS SDK adds nothing', async () => {
    const { [NO_SUPPORT_WARNING]: _, ...env } = world.env;
    const session = new Session('status', env, program);
    expect(await session.exit()).toBe(0);
    const warning = nodeWarning(process.versions, {});
    expect(session.text.split('This is Node.js')).toHaveLength(warning ? 2 : 1);
    if (warning) expect(session.text).toContain(warning);
    expect(session.text).not.toContain('NodeVersionSupportWarning');
  });

  test('through npx, as mails call it: the prompt is as hidden', async () => {
    const value = await newKey();
    const session = new Session(`submit ${world.key}`, world.env, 'npx --no -- anthropic-keys');
    await session.sees('New key (not shown)');
    session.type(value);
    session.type('\r');
    await session.sees('Promoted');
    expect(await session.exit()).toBe(0);
    expect(session.raw).not.toContain(value.slice(13, 30));
    expect((await state()).live).toBe(value);
  });
});

/** Packets to this address are never answered (RFC 5737). */
const NOWHERE = 'https://192.0.2.1';
