import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';
import { faultsOfCode, kindOf } from './compile-snippets';
import { type Fence, fencesIn, testOfAll } from './fences';
import { faultsOfJson } from './json-snippets';
import { blocksOf, documents } from './shell-blocks';
import { faultsOfYaml } from './yaml-snippets';

// Every fenced block of every document is run, compiled, parsed or compared by some test. CONTRIBUTING.md says how to mark a block.

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const written = documents().filter((file) => existsSync(join(ROOT, file)));
const fences = written.flatMap((file) => fencesIn(file));
const pasted = new Set(written.flatMap(blocksOf).map(({ at }) => at));

const programOf = ({ mark }: Fence) => (mark?.is === 'for' ? mark.program : undefined);

/** Whether a test is there, and names the document or the folder that it reads. */
const faultsOfClaim = ({ file }: Pick<Fence, 'file'>, test: string) =>
  !existsSync(join(ROOT, test)) || !/\.test\.ts$/.test(test)
    ? [`there is no test ${test}`]
    : read(test).includes(file) || read(test).includes(`'${file.split('/').at(-1)}'`)
      ? []
      : [`${test} does not name ${file}`];

const answers = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const PYTHON = ['python3', 'python'].find(answers);
const POWERSHELL = ['pwsh'].find(answers);
if (!PYTHON) console.warn('PYTHON IS NOT INSTALLED: no Python block of the documents was compiled.');
if (!POWERSHELL)
  console.warn(
    'POWERSHELL IS NOT INSTALLED: no PowerShell block of the documents was parsed. Their orders were compared.',
  );

/** Has a program read a block on its standard input. */
const readBy = (program: string, args: readonly string[], { text }: Fence) => {
  const { status, stdout, stderr } = spawnSync(program, args, { input: text, encoding: 'utf8' });
  return status === 0 ? [] : [`${stdout}${stderr}`];
};

const COMPILE = 'import sys; compile(sys.stdin.read(), "block", "exec")';

const PARSE = `$faults = $null
[void][System.Management.Automation.Language.Parser]::ParseInput([Console]::In.ReadToEnd(), [ref]$null, [ref]$faults)
$faults | ForEach-Object { $_.Message }
exit $faults.Count`;

const DIAGRAMS = /^(flowchart|graph|stateDiagram-v2|sequenceDiagram|gantt|timeline|erDiagram|classDiagram)\b/;

function faultsOfMermaid({ text }: Fence): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const [first = ''] = lines.filter((line) => line !== '' && !line.startsWith('%%'));
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  return [
    ...(DIAGRAMS.test(first) ? [] : [`no diagram: ${first}`]),
    ...(count(/^subgraph\b/) === count(/^end$/) ? [] : ['a subgraph is not ended']),
    ...(count(/^state .*\{$/) === count(/^\}$/) ? [] : ['a state is not closed']),
  ];
}

/** Unit files and other files of sections and settings. */
const faultsOfIni = ({ text }: Fence) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\[[\w .:@-]+\]$|^[\w.-]+ *=.*$|^[#;]/.test(line))
    .map((line) => `neither a section nor a setting: ${line}`);

/** What reads a block of each language, and what it finds. Shell, TypeScript and JavaScript have tests of their own. */
const READERS: Readonly<Record<string, (fence: Fence) => readonly string[]>> = {
  json: (fence) => faultsOfJson(fence.text, programOf(fence)),
  yaml: (fence) => faultsOfYaml(fence.text, programOf(fence)),
  yml: (fence) => faultsOfYaml(fence.text, programOf(fence)),
  mermaid: faultsOfMermaid,
  ini: faultsOfIni,
  python: (fence) => (PYTHON ? readBy(PYTHON, ['-c', COMPILE], fence) : []),
  // What they order is compared with the blocks for bash: orders.test.ts.
  powershell: (fence) => [
    ...faultsOfClaim(fence, 'test/docs/orders.test.ts'),
    ...(POWERSHELL ? readBy(POWERSHELL, ['-NoProfile', '-Command', PARSE], fence) : []),
  ],
};

const SHELLS = ['sh', 'bash', 'zsh', 'shell', 'console'];

/** What is wrong with a block, or with what its mark claims. */
function faultsOf(fence: Fence): readonly string[] {
  const { mark, language } = fence;
  if (mark?.is === 'tested') return faultsOfClaim(fence, mark.by);
  if (mark?.is === 'copied')
    return existsSync(join(ROOT, mark.from)) && read(mark.from).trimEnd() === fence.text.trimEnd()
      ? []
      : [`it is not the text of ${mark.from}`];
  if (SHELLS.includes(language)) return pasted.has(fence.at) ? [] : ['shell-blocks.test.ts does not see it'];
  if (kindOf(fence)) return [];
  if (language === 'text')
    return mark?.is === 'picture'
      ? []
      : ['text is a picture, or a test compares it: mark which, as CONTRIBUTING.md says'];
  const reader = READERS[language];
  return reader
    ? reader(fence)
    : [`no test reads ${language === '' ? 'a block without a language' : language}`];
}

const told = (fence: Fence) => faultsOf(fence).map((fault) => `${fence.at}: ${fault}`);

/** Pages of which another test reads all blocks, and that test. */
const claimed = new Map(
  written.flatMap((file) => {
    const test = testOfAll(read(file));
    return test === undefined ? [] : [[file, test] as const];
  }),
);

/** What is pasted into a shell, or parsed by another program, is so on every page. */
const ALWAYS = [...SHELLS, 'python', 'mermaid', 'powershell'];

const isClaimed = ({ file, language }: Fence) => claimed.has(file) && !ALWAYS.includes(language);

test('the documents have blocks of many languages', () => {
  expect(fences.length).toBeGreaterThan(50);
  expect(new Set(fences.map(({ language }) => language)).size).toBeGreaterThan(5);
});

test('every block of the documents is run, parsed, compared or marked as a picture', () => {
  expect(fences.filter((fence) => !isClaimed(fence)).flatMap(told)).toEqual([]);
});

test('the test that a page names for all its blocks is there and names the page', () => {
  expect([...claimed].flatMap(([file, test]) => faultsOfClaim({ file }, test))).toEqual([]);
});

test('the TypeScript and JavaScript of the documents compiles as a reader would paste it', () => {
  const code = fences.filter((fence) => kindOf(fence) && fence.mark?.is !== 'tested' && !isClaimed(fence));
  expect(code.length).toBeGreaterThan(0);
  expect(faultsOfCode(code, 'snippets')).toEqual([]);
});

describe('what would be found', () => {
  const one = (document: string) => fencesIn('docs/example.md', document)[0]!;
  const block = (language: string, text: string, above = '') =>
    one(`${above}\`\`\`${language}\n${text}\n\`\`\`\n`);

  test.each<[string, Fence, RegExp]>([
    ['a language that no test reads', block('ruby', 'puts 1'), /no test reads ruby/],
    ['a block without a language', block('', 'x'), /without a language/],
    ['text that nobody compares', block('text', 'output'), /mark which/],
    ['a shell block that is pasted nowhere', block('sh', 'npm ci'), /does not see it/],
    [
      'a test that is not there',
      block('text', 'x', '<!-- snippet: tested by test/docs/nothing.test.ts -->\n'),
      /there is no test/,
    ],
    [
      'a test of something else',
      block('text', 'x', '<!-- snippet: tested by test/docs/orders.test.ts -->\n'),
      /does not name/,
    ],
    [
      'a copy that was changed',
      block('text', 'x', '<!-- snippet: copied from docs/cli-session.txt -->\n'),
      /not the text/,
    ],
    [
      'a field of keys.yaml that is none',
      block('yaml', 'environments:\n  prod: { alerts: [a@b.io], kyes: {} }'),
      /kyes/,
    ],
    [
      'a part of keys.yaml with a value that it refuses',
      block('yaml', 'policy: { maxAgeDays: 900 }'),
      /maxAgeDays/,
    ],
    ['yaml of nobody', block('yaml', 'colour: blue'), /says what it is for/],
    ['yaml that is none', block('yaml', 'a: [1'), /./],
    ['a Kubernetes object without a name', block('yaml', 'apiVersion: v1\nkind: Secret'), /metadata.name/],
    ['json that is none', block('json', '{ a }'), /JSON/],
    [
      'an event that there is not',
      block('json', '{"source":["anthropic-key-rotation"],"detail-type":["Key Lost"]}'),
      /no event Key Lost/,
    ],
    [
      'a document of another schema',
      block('json', '{"schema":"anthropic-key-rotation/notice/9"}'),
      /writes no/,
    ],
    [
      'a policy without an effect',
      block('json', '{"Statement":{"Action":"s3:GetObject","Resource":"*"}}'),
      /no effect/,
    ],
    ['a picture that is none', block('mermaid', 'flowchard TB'), /no diagram/],
    ['PowerShell outside of the page that is compared', block('powershell', 'Get-Date'), /does not name/],
    ['a unit file with a stray line', block('ini', '[Service]\nRestart'), /neither/],
  ])('%s', (_, fence, fault) => {
    expect(faultsOf(fence).join()).toMatch(fault);
  });

  (PYTHON ? test : test.skip)('Python that does not compile', () => {
    expect(faultsOf(block('python', 'def f(:')).join()).toContain('SyntaxError');
    expect(faultsOf(block('python', 'def f():\n  return 1'))).toEqual([]);
  });

  test('code that does not compile, with its line in the document', () => {
    const document = [
      '```ts',
      `import { KeyRotation } from 'anthropic-key-rotation';`,
      'new KeyRotation();',
      '```',
      '<!-- snippet: continued -->',
      '```ts',
      'const half: KeyRotation = 1;',
      '```',
      '<!-- snippet',
      'declare const given: string;',
      '-->',
      '```ts',
      'given.trim();',
      'given.nothing();',
      '```',
      '```js',
      'Math.nothing();',
      '```',
    ].join('\n');
    const faults = faultsOfCode(fencesIn('docs/example.md', document), 'snippets-wrong');
    rmSync(join(ROOT, 'out/snippets-wrong'), { recursive: true });
    const lines = faults
      .map((fault) => /^docs\/example\.md:\d+|^ /.exec(fault)?.[0] ?? fault)
      .filter((line) => line !== ' ');
    expect(lines).toEqual([
      'docs/example.md:3',
      'docs/example.md:7',
      'docs/example.md:14',
      'docs/example.md:17',
    ]);
  });

  test('a mark that is not known, and a fence that is not closed', () => {
    expect(() => one('<!-- snippet: fine -->\n```ts\n```\n')).toThrow('"fine" marks no block');
    expect(() => one('```ts\nlet a = 1;\n')).toThrow('docs/example.md:1: the block is never closed.');
    expect(() => faultsOfCode([one('<!-- snippet: continued -->\n```ts\n```\n')], 'snippets-wrong')).toThrow(
      'to be continued',
    );
  });
});
