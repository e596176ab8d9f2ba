import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFleet } from '../../lib/config/load';
import { renderNotice } from '../../lib/domain/notices/render';
import { aFinding, aNoticeContext } from '../builders';
import { ROOT } from '../root';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const mail = renderNotice(aNoticeContext(), aFinding('due'));

/** Fenced blocks of the README, by their language. */
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text]) =>
    of === language ? text! : [],
  );

test('the mail that the README shows is the beginning of a real one', () => {
  const shown = blocks('text').find((text) => text.startsWith('[prod/api-gateway]'))!;
  expect(`${mail.subject}\n\n${mail.text}`.startsWith(shown)).toBe(true);
});

test('the commands that the README shows are those of the mail', () => {
  const shown = blocks('sh').find((text) => text.includes('read -rs'))!;
  const unindented = mail.text.replace(/^ {7}/gm, '');
  expect(unindented).toContain(shown);
});

test('the fleet file that the README shows is one, and its environments share their keys', () => {
  const [, shown] = /^ *```yaml\n([\s\S]*?)^ *```$/m.exec(readme)!;
  const { fleet, errors } = loadFleet(shown!, 'keys.yaml');
  expect(errors).toEqual([]);
  expect(
    fleet!.environments.map(({ environment, keys }) => [environment, keys.map(({ service }) => service)]),
  ).toEqual([
    ['dev', ['gateway', 'support-bot']],
    ['prod', ['gateway', 'support-bot']],
  ]);
});
