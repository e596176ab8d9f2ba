import { documentOf } from '../../../lib/cli/document';
import { readFormer } from '../../../lib/cli/inventory/former';
import { differencesFrom } from '../../../lib/domain/inventory/comparison';
import { inventoryOf } from '../../../lib/domain/inventory/inventory';
import { anOrganization, aRecord } from '../../an-organization';
import { HOME, NOW } from '../../builders';

const NOTHING = { rows: [], claimed: [], unreadable: [] };
const inventory = inventoryOf([anOrganization([aRecord()])], NOTHING, NOW);
const read = (fields: object, name = 'inventory/1') =>
  readFormer(documentOf(name as 'inventory/1', { ...inventory, ...fields }), 'last.json', inventory);

test('what `inventory --json` prints is read back, and nothing differs', () => {
  const former = read({});
  expect(former.at).toEqual(NOW);
  expect(differencesFrom(former, inventory)).toEqual([]);
});

test('flags of another release are kept as they are', () => {
  expect(read({ rows: [{ ...inventory.rows[0], flags: ['haunted'] }] }).rows[0]!.flags).toEqual(['haunted']);
});

test.each<readonly [what: string, call: () => unknown, why: string]>([
  ['no JSON', () => readFormer('{', 'last.json', inventory), 'last.json is no JSON object'],
  ['a list', () => readFormer('[]', 'last.json', inventory), 'last.json is no JSON object'],
  ['another document', () => read({}, 'status/1'), 'has the schema "anthropic-key-rotation/status/1"'],
  ['a newer format', () => read({}, 'inventory/2'), 'another format, anthropic-key-rotation/inventory/2'],
  ['no schema', () => readFormer('{}', 'last.json', inventory), 'has the schema of nothing'],
  ['a part of the keys', () => read({ flag: 'idle' }), 'holds only keys with the flag "idle"'],
  ['what was not complete', () => read({ complete: false }), 'is not complete'],
  ['several accounts, by an inventory of one', () => read({ parts: [] }), 'give --everywhere, too'],
  [
    'one account, by an inventory of several',
    () =>
      readFormer(documentOf('inventory/1', { ...inventory }), 'last.json', {
        ...inventory,
        everywhere: true,
      }),
    'make both with --everywhere, or none',
  ],
  ['no time', () => read({ now: 'yesterday' }), 'is damaged'],
  ['no rows', () => read({ rows: undefined }), 'is damaged'],
  ['a row that is no key', () => read({ rows: [{ id: 'apikey_1' }] }), 'its row 1 is no key'],
  [
    'another organization',
    () => read({ organizations: [{ id: 'org_02Other' }] }),
    `about organization org_02Other, and this inventory about organization ${HOME.organizationId}`,
  ],
  [
    'more organizations',
    () => read({ organizations: [{ id: 'org_02Other' }, { id: HOME.organizationId }] }),
    `organization ${HOME.organizationId} and org_02Other`,
  ],
])('refuses %s', (_, call, why) => {
  expect(call).toThrow(why);
});
