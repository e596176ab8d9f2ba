import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { continued, keys, quote, submitWithAws } from '../../lib/domain/wording/commands';
import { ANSWER, invokeWithAws } from '../../lib/domain/wording/invoke';
import { Sandbox } from '../../local/world';
import { aKey, NOW } from '../builders';
import { keyText } from '../keys';
import { SHELLS, Terminal } from './terminal';

const HOSTILE = [
  'api-gateway',
  "it's",
  '$(touch owned)',
  '`id`',
  'a b\tc',
  'a\nb',
  '"; rm -rf / #',
  '~root',
  '=ls',
  '*',
  '!!',
  '\\',
  "'\\''",
  '',
  '&& true',
  'ü🔑',
];

const shells = ['sh', 'bash', 'zsh'].filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);

describe.each(shells)('in %s', (shell) => {
  test('a quoted word arrives unchanged', () => {
    const script = `printf '%s\\0' ${HOSTILE.map(quote).join(' ')}`;
    const arrived = execFileSync(shell, ['-c', script], { encoding: 'utf8' });
    expect(arrived.split('\0').slice(0, -1)).toEqual(HOSTILE);
  });

  test('a command broken into lines is still one command', () => {
    const words = ['printf', quote('%s|'), '--flag', 'value', ...HOSTILE.filter(Boolean).map(quote)];
    const arrived = execFileSync(shell, ['-c', continued(words, '  ', 20)], { encoding: 'utf8' });
    expect(arrived).toBe(['--flag', 'value', ...HOSTILE.filter(Boolean), ''].join('|'));
  });
});

test('any text is quoted so that the shell interprets none of it', () => {
  const word = fc.string({ unit: 'binary', maxLength: 60 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(word, (text) => {
      expect(quote(text)).toMatch(/^(?:[A-Za-z0-9_/.,:@+-]+|'(?:[^']|'\\'')*')$/s);
    }),
  );
});

test('a command of the command line is called as the deployment says, and names the key as one argument', () => {
  const command = keys('pnpm exec anthropic-keys', 'submit', aKey({ service: 'a; id' }));
  expect(command).toBe("pnpm exec anthropic-keys submit 'prod/a; id'");
});

describe.each(SHELLS)('the block that submits a key, in %s', (shell) => {
  const secret = keyText('pasted');
  let sandbox: Sandbox;
  let terminal: Terminal;

  beforeAll(async () => {
    sandbox = await Sandbox.open({ start: NOW });
    terminal = await Terminal.open(sandbox);
  });
  afterAll(async () => {
    await terminal.close();
    await sandbox.close();
  });

  const paste = (before = '', key = aKey(), after = '') =>
    terminal.paste(`${submitWithAws(key)}${after}`, { shell, before, typed: secret });

  test.each([
    ['a shell as it starts', ''],
    ['exported variables', 'set -a'],
    ['traced commands', 'set -x'],
    ['KEY exported before', 'export KEY=before'],
    ['KEY with an attribute', 'declare -x KEY=before'],
    ['all of it', 'export KEY=before; set -ax'],
  ])('with %s: the key gets to the stdin of one command, and nowhere else', async (_, before) => {
    const { runs, screen } = await paste(before, aKey(), '; printf "%s\\n" "left: [$KEY]"');
    expect(runs.map(({ argv }) => argv[1])).toEqual(['put-secret-value']);
    expect(runs[0]!.stdin).toBe(secret);
    const beginning = secret.slice(0, 20);
    expect(JSON.stringify(runs.map(({ argv, env }) => [argv, env]))).not.toContain(beginning);
    expect(screen).not.toContain(beginning);
    expect(screen).toContain(`left: [${/before/.test(before) ? 'before' : ''}]`);
  });

  test('puts the version beside the live one', async () => {
    const { runs } = await paste();
    expect(runs[0]!.argv.join(' ')).toContain('--version-stages SUBMITTED --secret-string file:///dev/stdin');
    expect(runs[0]!.argv.join(' ')).toContain('--region eu-central-1 --secret-id anthropic/prod/api-gateway');
  });

  test('begins no rotation where the key was not stored', async () => {
    const { runs, code, screen } = await paste();
    expect(screen).toContain("can't find the specified secret");
    expect([runs.length, code]).toEqual([1, 254]);
  });

  test('runs nothing that a name injects', async () => {
    const secretName = "x'$(touch $HOME/owned)`id`; touch $HOME/owned";
    const { runs, screen } = await paste('', aKey({ secretName }), '; ls $HOME');
    expect(screen).not.toContain('owned\n');
    expect(runs[0]!.argv).toContain(secretName);
  });
});

describe.each(SHELLS)('an order by aws lambda invoke, in %s', (shell) => {
  let sandbox: Sandbox;
  let terminal: Terminal;
  const asked: unknown[] = [];

  beforeAll(async () => {
    sandbox = await Sandbox.open({ start: NOW });
    terminal = await Terminal.open(sandbox);
    const { lambda } = sandbox.aws;
    lambda.register('fine', async (event) => {
      asked.push(event);
      return { said: 'it\'s "done"\\n' };
    });
    lambda.register('failing', async () => {
      throw new Error('no such key');
    });
    lambda.register('refusing', async () => ({ outcome: 'refused', guard: 'grace-over', why: 'not yet' }));
  });
  afterAll(async () => {
    await terminal.close();
    await sandbox.close();
  });
  beforeEach(() => {
    asked.length = 0;
  });

  const order = (to: readonly string[], options: Parameters<typeof invokeWithAws>[2] = {}, word = '') => {
    const calls = to.map((name) => ({ to: name, payload: PAYLOAD }));
    const before = 'A=None; F=FAILED; export AWS_PAGER=less';
    return terminal.paste(invokeWithAws(aKey(), calls, options), { shell, before, typed: word });
  };
  const PAYLOAD = { secretId: "it's $(id) `id` \\ \n ü", command: { verb: 'x', hours: 48, none: undefined } };

  test('takes the payload as it is, and shows the answer', async () => {
    const { screen, code } = await order(['fine']);
    expect(asked).toEqual([{ secretId: PAYLOAD.secretId, command: { verb: 'x', hours: 48 } }]);
    expect(screen).toBe(`${JSON.stringify({ said: 'it\'s "done"\\n' })}None\nDONE\n`);
    expect(code).toBe(0);
  });

  test.each([
    ['a function that fails', ['failing'], 'no such key'],
    ['one that is not there', ['missing'], 'Function not found'],
    ['the first of two that fails', ['failing', 'fine'], 'no such key'],
    ['the second of two that fails', ['fine', 'failing'], 'no such key'],
    ['a refusal', ['refusing', 'fine'], 'not yet'],
  ])('%s: FAILED, and why', async (_, to, why) => {
    const { screen, code, runs } = await order(to);
    expect(screen).toContain(why);
    expect(screen).toMatch(/FAILED\n$/);
    expect(screen).not.toContain('DONE');
    expect(code).toBe(1);
    expect(runs.length).toBe(Math.max(1, to.findIndex((name) => name !== 'fine') + 1));
  });

  test('whatever happens: the second is asked although the first failed, and the whole has failed', async () => {
    const { screen, code } = await order(['refusing', 'fine'], { whateverHappens: true });
    expect(asked).toHaveLength(1);
    expect(screen).toMatch(/FAILED\n$/);
    expect(code).toBe(1);
  });

  test.each([
    ['Ada Lovelace-Smith', 'Ada Lovelace-Smith'],
    ['Zoë O\'Hara"}}; $(id)', 'Zoë OHara id'],
  ])('a typed word, %s, gets into the payload as letters and digits', async (word, arrived) => {
    const options = { asked: { name: 'NAME', prompt: 'Your name' } };
    const call = { to: 'fine', payload: { statement: `${ANSWER} saw it` } };
    const { screen } = await terminal.paste(invokeWithAws(aKey(), [call], options), {
      shell,
      typed: word,
      before: 'export LC_ALL=C.UTF-8',
    });
    expect(asked).toEqual([{ statement: `${arrived} saw it` }]);
    expect(screen).toContain('Your name: ');
  });

  test('no word, no order', async () => {
    const { screen, runs } = await order(['fine'], { asked: { name: 'NAME', prompt: 'Your name' } });
    expect(runs).toEqual([]);
    expect(screen).toMatch(/FAILED\n$/);
  });
});
