import { loadFleet } from '../../lib/config/load';
import { isTagText } from '../../lib/contract/policy-tags';
import { address } from '../../lib/domain/wording/text';

const taken = (written: string) =>
  loadFleet(
    `environments: { prod: { alerts: [${JSON.stringify(written)}], keys: { api: { owner: b@acme.io } } } }`,
    'keys.yaml',
  ).errors.length === 0;

const LABEL = 'x'.repeat(63);

test.each([
  ['a@acme.io', true],
  ['Team.Claude+prod_1-2@mail.acme-group.co.uk', true],
  [`${'a'.repeat(64)}@acme.io`, true],
  ['a@xn--mller-kva.de', true],
  [`a@${LABEL}.io`, true],
  [`${'a'.repeat(65)}@acme.io`, false],
  [`a@${LABEL}x.io`, false],
  [`a@${LABEL}.${LABEL}.io`, false],
  ['team=prod@acme.io', false],
  ['ops/claude@acme.io', false],
  ['ops:claude@acme.io', false],
  ["o'brien@acme.io", false],
  ['a b@acme.io', false],
  ['a@b@acme.io', false],
  ['jörg@acme.io', false],
  ['a@müller.de', false],
  ['team@my_host.acme.io', false],
  ['team@-acme.io', false],
  ['team@acme-.io', false],
  ['team@acme', false],
  ['team@acme.', false],
  ['team@acme..io', false],
  ['team@192.168.0.1', false],
  ['.team@acme.io', false],
  ['team.@acme.io', false],
  ['te..am@acme.io', false],
  ['Team <team@acme.io>', false],
  ['team@acme.io\n', false],
  ['*@acme.io', false],
])('the address %j is taken: %s; then tags and mails take it too', (written, expected) => {
  expect(taken(written)).toBe(expected);
  expect(address(written)).toBe(expected ? written : '(no valid address)');
  if (expected) expect(isTagText(written)).toBe(true);
});
