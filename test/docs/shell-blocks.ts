import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../local/deploy/find-moto';
import { ROOT } from '../root';

/** A block of a document that people paste into their shell. */
export interface ShellBlock {
  /** `docs/deploy.md:8`. */
  readonly at: string;
  /** Without the indentation of its fence. */
  readonly text: string;
}

const FENCE = /^( *)```(?:sh|bash|shell|zsh|console)[^\n]*\n([\s\S]*?)^\1```$/gm;

/** All documents of the repository, also those that git does not know yet. */
export const documents = (): readonly string[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);

export function blocksOf(document: string): readonly ShellBlock[] {
  const written = readFileSync(join(ROOT, document), 'utf8');
  return [...written.matchAll(FENCE)].map(({ 1: indent = '', 2: text = '', index }) => ({
    at: `${document}:${written.slice(0, index).split('\n').length}`,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/**
 * What stands outside quotes, a word a string: what a shell would see as its own syntax or as an argument.
 * A quoted piece is replaced by `_`.
 */
export const unquoted = (text: string): readonly string[] =>
  text
    .replace(/\\[\s\S]/g, '_')
    .replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, '_')
    .split(/\s+/)
    .filter(Boolean);

/** What is wrong with a block to the eye, without any shell. */
export function faultsIn(text: string): readonly string[] {
  const words = unquoted(text);
  return [
    ...words
      .filter((word) => word.startsWith('#'))
      .map(() => 'a comment: macOS’ zsh passes it on, or runs it'),
    ...words
      .filter((word) => /^[$%>]$/.test(word) && text.trimStart().startsWith(word))
      .map(() => 'a prompt'),
    ...words.filter((word) => /…|\.\.\./.test(word)).map((word) => `something left out: ${word}`),
    ...(/(?:^|\s)<[a-z][^<>\n]*>/i.test(text) ? ['a <placeholder>, which is a redirection'] : []),
  ];
}

/** Programs that the documents name. Another one is reported as not found. */
const PROGRAMS = [
  'npm',
  'npx',
  'pnpm',
  'cp',
  'git',
  'aws',
  'gcloud',
  'helm',
  'kubectl',
  'sed',
  'shasum',
  'some-vault',
  'vault',
  'cd',
];

/** A program that does its work, because what follows needs the folder. */
const REAL = 'mkdir';

/** A stand-in for each: notes how it was called, an argument after each unit separator, in one write: the parts of a pipe run at once. */
const STAND_IN = `#!/bin/sh
call=\${0##*/}; unit=$(printf '\\037')
for argument; do call=$call$unit$argument; done
printf '%s\\036' "$call" >> "$CALLS"
`;

/** zsh as macOS starts it in a terminal: interactive, so without INTERACTIVE_COMMENTS. */
const SHELLS = { bash: ['--norc', '-s'], zsh: ['-f', '-i', '-s'] } as const;
export type ShellName = keyof typeof SHELLS;

export const isHere = (shell: ShellName) =>
  spawnSync(shell, ['-c', 'true'], { stdio: 'ignore' }).status === 0;

/** What came of a block. */
export interface Pasted {
  /** Programs with their arguments, as they were called. */
  readonly calls: readonly (readonly string[])[];
  /** What the shell itself complained of. */
  readonly complaints: readonly string[];
}

/** Pastes a block into a shell in which every program is a stand-in. A hidden question gets a word as its answer. */
export function paste({ text }: Pick<ShellBlock, 'text'>, shell: ShellName): Pasted {
  const folder = mkdtempSync(join(tmpdir(), 'paste-'));
  try {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const name of PROGRAMS) {
      writeFileSync(join(bin, name), STAND_IN);
      chmodSync(join(bin, name), 0o755);
    }
    symlinkSync(onPath(REAL)!, join(bin, REAL));
    const calls = join(folder, 'calls');
    writeFileSync(calls, '');
    const { stderr } = spawnSync(onPath(shell)!, SHELLS[shell], {
      cwd: folder,
      encoding: 'utf8',
      input: `cd() { ${join(bin, 'cd')} "$@"; }\n${text}${/\bread -/.test(text) ? 'an answer\n' : ''}`,
      env: { PATH: bin, HOME: folder, CALLS: calls, TERM: 'dumb' },
      timeout: 600_000,
    });
    return {
      calls: readFileSync(calls, 'utf8')
        .split('\x1e')
        .filter(Boolean)
        .map((call) => call.split('\x1f')),
      complaints: stderr.split(/[\r\n]+/).flatMap((line) => line.match(/(?:zsh|bash): .*/)?.[0] ?? []),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
