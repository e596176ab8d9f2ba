import { circlesIn } from './circles';
import { analyse, sourcesIn } from './source';

test('no file imports itself through others, not even for a type', () => {
  expect(circlesIn(sourcesIn('lib', 'lambda', 'bin', 'local', 'consumer', 'test'))).toEqual([]);
});

test('a circle would be found, also through an index or by types', () => {
  const sources = [
    { file: 'lib/domain/a.ts', ...analyse("import type { B } from './b';", 'lib/domain/a.ts') },
    { file: 'lib/domain/b/index.ts', ...analyse("export * from '../c';", 'lib/domain/b/index.ts') },
    { file: 'lib/domain/c.ts', ...analyse("import { a } from './a';", 'lib/domain/c.ts') },
  ];
  expect(circlesIn(sources)).toEqual(['lib/domain/a → lib/domain/b → lib/domain/c → lib/domain/a']);
});
