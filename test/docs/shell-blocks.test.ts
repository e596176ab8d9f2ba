import { spawnSync } from 'node:child_process';
import {
  blocksOf,
  documents,
  faultsIn,
  isHere,
  type Pasted,
  paste,
  type ShellBlock,
  unquoted,
} from './shell-blocks';

const blocks = documents().flatMap(blocksOf);
const named = blocks.map((block) => [block.at, block] as const);

/** What bash did with each block, by its text. */
const inBash = new Map<string, Pasted>();

function pasteIntoBash(block: ShellBlock): Pasted {
  const pasted = inBash.get(block.text) ?? paste(block, 'bash');
  inBash.set(block.text, pasted);
  return pasted;
}

const ZSH = isHere('zsh');
if (!ZSH)
  console.warn('zsh IS NOT INSTALLED: no block of the documents was pasted into it. They were only read.');

test('the documents have blocks to paste', () => {
  expect(blocks.length).toBeGreaterThan(15);
});

test.each(named)(
  '%s has no comment, prompt or placeholder that a shell would take as an argument',
  (_, { text }) => {
    expect(faultsIn(text)).toEqual([]);
  },
);

test.each(named)('bash can parse %s', (_, { text }) => {
  expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test.each(named)('bash runs what %s says', (_, block) => {
  const { calls, complaints } = pasteIntoBash(block);
  expect(complaints).toEqual([]);
  expect(calls).not.toEqual([]);
  expect(calls.flat().filter((argument) => /^#|^[<>…]$/.test(argument))).toEqual([]);
});

(ZSH ? test.each(named) : test.skip.each(named))(
  'an interactive zsh, as on macOS, runs the same of %s as bash',
  (_, block) => {
    const inZsh = paste(block, 'zsh');
    expect(inZsh.complaints).toEqual([]);
    // The parts of a pipe start at once, and which one is first is chance.
    expect([...inZsh.calls].sort()).toEqual([...pasteIntoBash(block).calls].sort());
  },
);

describe('what would be found', () => {
  test.each([
    ['npm test   # every test', /comment/],
    ['# first\nnpm test', /comment/],
    ['$ npm test', /prompt/],
    ['git clone <your copy> here', /redirection/],
    ['aws sns subscribe --topic-arn …', /left out/],
  ])('%j', (text, fault) => {
    expect(faultsIn(text).join()).toMatch(fault);
  });

  test('quotes are no comments', () => {
    expect(faultsIn(`printf '# %s' "a # b" \\# it#s`)).toEqual([]);
    expect(unquoted(`a '# b' c#d`)).toEqual(['a', '_', 'c#d']);
  });

  (ZSH ? test : test.skip)('zsh passes a comment on, and runs what it quotes', () => {
    const comment = { text: 'npm test   # like `npm ci` first\n' };
    expect(paste(comment, 'bash').calls).toEqual([['npm', 'test']]);
    expect(paste(comment, 'zsh').calls).toEqual([
      ['npm', 'ci'],
      ['npm', 'test', '#', 'like', 'first'],
    ]);
  });

  (ZSH ? test : test.skip)('a program that is not there, and a pattern that zsh cannot match', () => {
    expect(paste({ text: 'nmp ci\n' }, 'bash').complaints.join()).toContain('nmp: command not found');
    expect(paste({ text: 'npx --no -- anthropic-keys show prod/*\n' }, 'zsh').complaints.join()).toContain(
      'no matches found',
    );
  });
});
