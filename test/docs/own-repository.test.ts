import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templates } from '../../lib/cli/init/templates';
import { VERSION } from '../../lib/cli/version';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { ROOT } from '../root';

/** Every block but those for a shell, which `shell-blocks.test.ts` pastes. */
const page = readFileSync(join(ROOT, 'docs/own-repository.md'), 'utf8');
const laid = templates(`file:vendor/anthropic-key-rotation-${VERSION}.tgz`);

/** Blocks of one language, in their order. */
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text]) =>
    of === language ? text! : [],
  );

test('the app and package.json by hand are those that init writes', () => {
  expect(blocks('js')).toEqual([laid['bin/app.js']]);
  expect(blocks('json')[0]).toBe(laid['package.json']);
  expect(blocks('text')).toEqual([laid['.gitignore']]);
});

test('cdk.json by hand is that of init without the feature flags', () => {
  const { context, requireApproval, ...rest } = JSON.parse(laid['cdk.json']!);
  expect(JSON.parse(blocks('json')[1]!)).toEqual(rest);
  expect(Object.keys(context).length).toBeGreaterThan(50);
  expect(requireApproval).toBe('broadening');
});

test('every fleet file of the page is valid', () => {
  const files = blocks('yaml');
  expect(files).toHaveLength(2);
  for (const file of files) expect(loadFleet(file, 'keys.yaml').errors.map(renderFault)).toEqual([]);
  expect(files[0]!.split('\n')[0]).toBe(laid['keys.yaml']!.split('\n')[0]);
});

test('it names the tarball of this release', () => {
  const named = [...page.matchAll(/anthropic-key-rotation-(\d[^\s"/]*)\.tgz/g)].map(([, version]) => version);
  expect(named.length).toBeGreaterThan(4);
  expect(new Set(named)).toEqual(new Set([VERSION]));
});
