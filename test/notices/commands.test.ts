import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { continued, keys, quote, submitWithAws } from '../../lib/domain/wording/commands';
import { aKey } from '../builders';
import { keyText } from '../keys';

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

test('the command of the checkout names the key as one argument', () => {
  const command = keys('submit', aKey({ service: 'a; id' }));
  expect(command).toBe("npm run keys -- submit 'prod/a; id'");
});

describe.each(shells.filter((shell) => shell !== 'sh'))('the plain AWS commands in %s', (shell) => {
  const secret = keyText('pasted');
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notice-commands-'));
    writeFileSync(
      join(folder, 'aws'),
      '#!/bin/sh\nprintf "%s " "$@" >> "$SEEN/arguments"; echo >> "$SEEN/arguments"\n' +
        '[ "$2" = put-secret-value ] && cat > "$SEEN/stdin"; exit 0\n',
    );
    chmodSync(join(folder, 'aws'), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const seen = (name: string) => readFileSync(join(folder, name), 'utf8');
  const paste = (key = aKey()) =>
    spawnSync(shell, ['-c', `${submitWithAws(key)}; echo "left: $KEY"`], {
      input: `${secret}\n`,
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env.PATH}`, SEEN: folder },
    });

  test('take the key from a prompt and pass on exactly that, in no argument', () => {
    const { stdout, stderr } = paste();
    expect(seen('stdin')).toBe(secret);
    expect(seen('arguments')).not.toContain(secret.slice(0, 20));
    expect(stdout + stderr).not.toContain(secret.slice(0, 20));
    expect(stdout).toContain('left: \n');
  });

  test('put the version beside the live one, then start the rotation', () => {
    paste();
    const [put, rotate] = seen('arguments').split('\n');
    expect(put).toContain('--version-stages SUBMITTED');
    expect(put).toContain('--secret-string file:///dev/stdin');
    expect(put).toContain('--region eu-central-1 --secret-id anthropic/prod/api-gateway');
    expect(rotate).toContain('secretsmanager rotate-secret --region eu-central-1');
  });

  test('run nothing that a name injects', () => {
    paste(aKey({ secretName: "x'$(touch $SEEN/owned)`id`; touch $SEEN/owned" }));
    expect(() => seen('owned')).toThrow();
    expect(seen('arguments')).toContain("x'$(touch $SEEN/owned)`id`; touch $SEEN/owned");
  });
});
