import fc from 'fast-check';
import stringWidth from 'string-width';
import { CALLS } from '../../lib/cli/call';
import { runCli } from '../../lib/cli/main';
import { parse } from '../../lib/cli/parse';
import { onScreen } from '../../lib/cli/screen';
import { clean, layOut, pairs, styleFor, table, toJson, whole, wrap } from '../../lib/cli/style';
import { unbroken } from '../../lib/cli/unbroken';
import { VERBS } from '../../lib/cli/verbs';
import { CLI_COMMAND } from '../../lib/domain/wording/cli-command';
import { ScriptedTerminal } from '../../local/cli/scripted-terminal';
import { keyText } from '../keys';

const columns = fc.integer({ min: 40, max: 120 });

/** Commands as a person would copy them, found without the code under test. */
const COMMAND =
  /npx --no -- anthropic-keys (?:--?[a-z-]+ )*[a-z]+(?: (?:<[^>]+>|\[[^\]]+\]|[a-z]+\/[\w/-]+))*(?: --[a-z-]+(?: (?:'[^']*'|"[^"]*"|[\w./:@-]+))?)*/g;

/** What does not stand on one line of the narrow text although it is a command of the wide one. */
function broken(wide: string, narrow: string): readonly string[] {
  const lines = narrow.split('\n');
  const commands = (wide.match(COMMAND) ?? []).map((command) => command.replace(/[.,]$/, ''));
  return commands.filter((command) => !lines.some((line) => line.includes(command)));
}

const command = fc
  .record({
    verb: fc.constantFrom('show', 'leak', 'extend', 'submit'),
    key: fc.constantFrom('prod/api', 'production/a-service-with-a-long-name', '<key>'),
    more: fc.constantFrom('', ' --key 4f2c91aa03d7', ' --hours 48', " --reason 'seen in a public log'"),
  })
  .map(({ verb, key, more }) => `${CLI_COMMAND} ${verb} ${key}${more}`);

const words = fc.array(fc.constantFrom('the', 'key', 'is', 'tested', 'again,', 'and', 'removed.', '—'), {
  minLength: 3,
  maxLength: 30,
});

const prose = fc
  .array(fc.tuple(words, fc.option(command), fc.constantFrom('', '.', ', or', ' removes it.', ')')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) =>
    parts.map(([before, run, after]) => [...before, ...(run ? [`${run}${after}`] : [])].join(' ')).join(' '),
  );

describe('a command stays whole', () => {
  test('in prose, at any width and indent; nothing is lost and no other line is too long', () => {
    fc.assert(
      fc.property(prose, columns, fc.constantFrom('', '  ', '      '), (text, width, indent) => {
        const laid = layOut(indent + text, width);
        expect(broken(text, laid)).toEqual([]);
        expect(laid.replace(/\s+/g, ' ').trim()).toBe(text.replace(/\s+/g, ' ').trim());
        for (const line of laid.split('\n'))
          if (stringWidth(line) > width) expect(unbroken(line.trim())).toHaveLength(1);
      }),
    );
  });

  test('in the second column of a list, and in the last one of a table', () => {
    fc.assert(
      fc.property(prose, columns, (text, width) => {
        const style = styleFor({ columns: width, colour: false });
        for (const set of [
          pairs([['Next', text]], style),
          table(['KEY', 'NEXT'], [['prod/api', text]], style),
        ])
          expect(broken(text, layOut(set, width))).toEqual([]);
      }),
    );
  });

  test.each([
    ['between backticks', 'Run `aws sso login --profile a b` now', '`aws sso login --profile a b`'],
    ['of AWS', 'To see it, run aws sns subscribe; or wait', 'aws sns subscribe;'],
    [
      'in parentheses',
      `Let it finish (${CLI_COMMAND} check prod/api), or not`,
      `(${CLI_COMMAND} check prod/api),`,
    ],
    [
      'with a quoted value',
      `${CLI_COMMAND} leak a/b --reason 'a long one' and so on`,
      `${CLI_COMMAND} leak a/b --reason 'a long one'`,
    ],
  ])('%s', (_, text, expected) => {
    expect(unbroken(text)).toContain(expected);
  });

  test('a lone backtick or quote of somebody else holds nothing together', () => {
    expect(unbroken("it's a ` lone one")).toEqual(["it's", 'a', '`', 'lone', 'one']);
  });

  const WIDTHS = [40, 60, 80, 120];
  const said = (line: readonly string[], width: number) => {
    const parsed = parse(line, VERBS, Math.min(width, 100));
    if (parsed.kind !== 'say') throw new Error('A text was expected.');
    return layOut(parsed.text, width);
  };

  test.each(VERBS.map(({ name }) => [name]))('in the help and the errors of %s', (name) => {
    for (const line of [
      [name, '--help'],
      ['help', name],
      [name, '--nope'],
      [name, 'a', 'b', 'c'],
    ])
      for (const width of WIDTHS) expect(broken(said(line, 10_000), said(line, width))).toEqual([]);
  });

  test.each([[['--help']], [[]], [['help', 'nope']], [['submit', keyText('argv')]]])(
    'in what %j says',
    (line) => {
      for (const width of WIDTHS) expect(broken(said(line, 10_000), said(line, width))).toEqual([]);
    },
  );
});

/** Control characters, and signs that hide or turn text, by their code points. */
const OBEYED = new RegExp(
  `[${['00-09', '0b-1f', '7f-9f', 'ad', '61c', '200b', '200e-200f', '2028-202e', '2060-206f', 'feff']
    .map((range) => range.replace(/[\da-f]+/g, (code) => `\\u${code.padStart(4, '0')}`))
    .join('')}]`,
  'u',
);

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b[31m',
        '\x1b[2J',
        '\x1b]0;owned\x07',
        '\x9b2J',
        '\u202e',
        '\u2066',
        '\r',
        '\x08',
        '\t',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('a terminal shows what others wrote, and obeys none of it', () => {
  test('only the escapes of a style are left', () => {
    fc.assert(
      fc.property(hostile, hostile, columns, (a, b, width) => {
        const style = styleFor({ columns: width, colour: true });
        const terminal = new ScriptedTerminal({ columns: width });
        const screen = onScreen(terminal, { json: false });
        screen.print(`${a} ${style.bad(b)}`);
        screen.note(pairs([[a, b]], style));
        screen.complain(table(['A', 'B'], [[a, b]], style));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
        const ours = /\x1b\[(?:1|2|31|32|33)m([^\x1b]*)\x1b\[(?:22|39)m/g;
        expect(terminal.shown).toMatch(ours);
        expect(terminal.shown.replace(ours, '$1')).not.toMatch(OBEYED);
      }),
    );
  });

  test('a question and a line of progress stay on one line of words', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const seen: string[] = [];
        const terminal = new ScriptedTerminal({ pastes: ['x'], watch: (shown) => void seen.push(shown) });
        const screen = onScreen(terminal, { json: false });
        await screen.hidden(text);
        const progress = screen.progress(text);
        progress.show(text);
        progress.done(text);
        await screen.confirm('Go on?');
        expect(seen.join('')).not.toMatch(OBEYED);
        expect(seen.slice(0, -1).join('')).not.toContain('\n');
      }),
    );
  });

  test('a line break in a value begins no line of its own', () => {
    const label = `a\nb  ${CLI_COMMAND} leak prod/other`;
    const style = styleFor({ columns: 80, colour: false });
    const shown = layOut(clean(table(['VERSION', 'LABELS'], [['1', label]], style)), 80);
    expect(shown.split('\n').filter((line) => line.startsWith('b'))).toEqual([]);
    expect(wrap(`x\n${CLI_COMMAND} leak prod/other`, 80)).not.toContain('\n');
  });

  test('JSON keeps the very text, escaped', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = toJson({ text });
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});

describe('columns stand under each other', () => {
  test.each([
    ['East Asian', '鍵の管理'],
    ['emoji', 'key🔑🔑'],
    ['combining', 'cafe\u0301'],
    ['coloured', styleFor({ columns: 80, colour: true }).bad('DEAD')],
  ])('beside %s text', (_, text) => {
    const style = styleFor({ columns: 80, colour: false });
    const rows = table(
      ['KEY', 'NEXT'],
      [
        [text, '|'],
        ['plain', '|'],
      ],
      style,
    )
      .split('\n')
      .slice(1);
    const [one, other] = rows.map((row) => stringWidth(row.slice(0, row.indexOf('|'))));
    expect(one).toBe(other);
    const lines = pairs(
      [
        [text, '|'],
        ['plain', '|'],
      ],
      style,
    ).split('\n');
    const [first, second] = lines.map((line) => stringWidth(line.slice(0, line.indexOf('|'))));
    expect(first).toBe(second);
  });

  test('lines of wide characters end at the edge', () => {
    const laid = layOut(Array(40).fill('鍵鍵鍵').join(' '), 40);
    expect(Math.max(...laid.split('\n').map(stringWidth))).toBeLessThanOrEqual(40);
  });

  test('a table that does not fit becomes a paragraph per row', () => {
    const style = styleFor({ columns: 40, colour: false });
    const text = table(
      ['KEY', 'STATE', 'NEXT'],
      [['production/a-long-name-indeed', 'overdue', 'Rotate now.']],
      style,
    );
    expect(layOut(text, 40)).toBe(
      'production/a-long-name-indeed\n  STATE  overdue\n  NEXT   Rotate now.'.replaceAll(
        '  overdue',
        '  overdue',
      ),
    );
  });

  test('what is whole is not wrapped', () => {
    const line = `existing: ${'x'.repeat(30)} ${'y'.repeat(30)}`;
    expect(layOut(whole(line), 40)).toBe(line);
  });
});

describe('commands are shown as the program was called', () => {
  const shownTo = async (agent: string | undefined, line: string) => {
    const terminal = new ScriptedTerminal();
    const open = () => {
      throw new Error(`To look: ${CLI_COMMAND} show prod/api`);
    };
    await runCli(line.split(' '), terminal, open, { npm_config_user_agent: agent });
    return terminal.shown;
  };

  test.each([
    [undefined, CLI_COMMAND],
    ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', CLI_COMMAND],
    ['pnpm/10.34.9 npm/? node/v20.20.2 linux x64', 'pnpm exec anthropic-keys'],
    ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn anthropic-keys'],
    ['bun/1.2', CLI_COMMAND],
  ])('by %s: %s', async (agent, call) => {
    expect(await shownTo(agent, 'help')).toMatch(new RegExp(`^Usage: ${call} \\[options\\]`));
    expect(await shownTo(agent, 'status')).toBe(`To look: ${call} show prod/api`);
  });

  test('none of them is torn', () => {
    for (const call of CALLS)
      expect(
        wrap(`${'word '.repeat(12)}${call} show prod/api`, 80)
          .split('\n')
          .at(-1),
      ).toBe(`${call} show prod/api`);
  });
});
