import { decodeListing } from '../../lib/contract/listing-document';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { isComplete } from '../../lib/domain/tickets/listing';
import { ticketsOf } from '../../lib/domain/tickets/ticket';
import { HOUR, plus } from '../../lib/domain/time';
import { operatorOn } from '../../local/cli/operator';
import { NOW } from '../builders';
import { TestKey } from '../lifecycle/test-key';
import { ACCOUNT, aKeyThatIs, fleetsDocument, statusDocument } from './listings';

const fleet = fleetOf([aKeyThatIs('dead')], [], NOW);
const whole = statusDocument(fleet);

/** The document with another value at a path; undefined takes it away. */
function changed(path: readonly (string | number)[], value?: unknown): string {
  const document = JSON.parse(whole);
  const holder = path.slice(0, -1).reduce((at, name) => at[name], document);
  holder[path.at(-1)!] = value;
  return JSON.stringify(document);
}

test('what `status --json` prints of the embedded world is read as it was meant', async () => {
  const testKey = await TestKey.build();
  const value = await testKey.promoteFirstKey();
  await (await testKey.neighbour()).promoteFirstKey();
  testKey.sandbox.anthropic.disable(value);
  await testKey.check();
  const ada = operatorOn(testKey.sandbox);
  const listing = decodeListing((await ada.run(['status', '--json'])).printed);
  expect(isComplete(listing)).toBe(true);
  expect(ticketsOf(listing).map(({ title }) => title)).toEqual([
    `${testKey.secretName.replace('anthropic/', '')}: DEAD`,
  ]);
  const piped = (await ada.run(['status', '--json'])).printed;
  const list = await ada.run(['tickets', '--from', '-', '--print'], { piped });
  expect(list.printed).toBe(ticketsOf(listing)[0]!.title);
  const nobody = await ada.run(['tickets', '--from', '-', '--print']);
  expect([nobody.exit, nobody.shown]).toEqual([2, expect.stringContaining('nothing is piped in')]);
  const filtered = await ada.run(['status', '--json', '--needs-attention']);
  expect(() => decodeListing(filtered.printed)).toThrow('Make it without --environment, --owner');
  const failed = await ada.run(['status', '--json', '--environment', 'nope']);
  expect(() => decodeListing(failed.printed)).toThrow('The listing failed: No managed key');
  await testKey.sandbox.close();
});

test('parts of one account and region are one place, as old as the older of them', () => {
  const parts = [NOW, plus(NOW, HOUR)].map((now) => ({ fleet: fleetOf([aKeyThatIs('dead')], [], now) }));
  const { places } = decodeListing(fleetsDocument(parts));
  expect(places).toEqual([expect.objectContaining({ account: ACCOUNT, now: NOW })]);
  expect(ticketsOf({ places, unread: [] })).toHaveLength(1);
});

test('a listing that was cut anywhere is refused, and never passes for a shorter one', () => {
  for (let end = 0; end < whole.length; end += 7)
    expect(() => decodeListing(whole.slice(0, end))).toThrow(/^The listing is (empty|no JSON)/);
});

test.each<[string, string, string | RegExp]>([
  ['nothing', '', 'The listing is empty'],
  ['null', 'null', 'it is null: expected an object'],
  ['a list', '[]', 'it is []: expected an object'],
  ['no schema', '{}', 'schema is missing: expected a text'],
  [
    'another schema',
    changed(['schema'], 'anthropic-key-rotation/status/2'),
    '"anthropic-key-rotation/status/2": expected',
  ],
  ['no rows', changed(['rows']), 'rows is missing: expected a list'],
  ['a row that is none', changed(['rows', 0], 7), 'rows[0] is 7: expected an object'],
  ['no findings', changed(['rows', 0, 'findings']), 'rows[0].findings is missing'],
  ['no time', changed(['now'], 'soon'), 'now is "soon": expected a date'],
  ['no account', changed(['account'], 'unknown'), 'account is "unknown": expected an account of 12 digits'],
  ['another account', changed(['account'], '999999999999'), 'in a place of eu-central-1:999999999999'],
  ['an ARN that is none', changed(['rows', 0, 'key', 'secretArn'], '`x`'), 'expected the ARN of a secret'],
  [
    'a finding of another release',
    changed(['rows', 0, 'findings', 0], 'haunted'),
    '"haunted", which this release does not know',
  ],
  ['no twins', changed(['twins']), 'twins is missing'],
  [
    'complete, with an unread part',
    fleetsDocument([{ fleet }, { account: '444455556666' }], true),
    'says that it is complete, and a part of it is unread',
  ],
  [
    'incomplete, with none',
    fleetsDocument([{ fleet }], false),
    'says that it is not complete, and no part of it is unread',
  ],
  [
    'no word on whether it is complete',
    fleetsDocument([{ fleet }]).replace('"complete": true,', ''),
    'complete is missing: expected true or false',
  ],
])('a listing with %s is refused in words', (_, text, words) => {
  expect(() => decodeListing(text)).toThrow(words);
});
