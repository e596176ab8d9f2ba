import fc from 'fast-check';
import { toCsv } from '../../../lib/cli/inventory/csv';
import { inventoryOf } from '../../../lib/domain/inventory/inventory';
import { anOrganization, aRecord } from '../../an-organization';
import { daysAgo, daysAhead, HOME, NOW } from '../../builders';
import { keyText } from '../../keys';

const csvOf = (...records: Parameters<typeof anOrganization>[0]) =>
  toCsv(inventoryOf([anOrganization(records)], { rows: [], claimed: [], unreadable: [] }, NOW));

/** Reads RFC 4180: fields, of which some are quoted, in lines that end with CRLF. */
function parse(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let line: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw new Error(`No field at ${field.lastIndex}.`);
    line.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === '\r\n') {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

test('its columns are part of the public interface: new ones come last', () => {
  const [head, row, ...others] = parse(csvOf(aRecord({ expiresAt: daysAhead(3), createdAt: daysAgo(40) })));
  expect(others).toEqual([]);
  expect(Object.fromEntries(head!.map((name, index) => [name, row![index]]))).toEqual({
    organization_id: HOME.organizationId,
    key_id: 'apikey_1',
    name: 'key',
    hint: '',
    status: 'active',
    flags: 'expiring unmanaged',
    workspace_id: HOME.workspaceId,
    workspace: 'prod',
    workspace_archived_at: '',
    created_at: '2026-10-12T14:00:00.000Z',
    created_by_kind: 'user',
    created_by: 'kim@example.com',
    creator_is_member: 'yes',
    principal_kind: 'service-account',
    principal: 'svac_1',
    principal_is_member: 'unknown',
    expires_at: '2026-11-24T14:00:00.000Z',
    last_use: 'used',
    last_used_from: '2026-11-20T14:00:00.000Z',
    last_used_to: '2026-11-21T14:00:00.000Z',
    not_used_since: '',
    held_by: '',
    held_as: '',
    secrets: '',
  });
});

test.each([
  ['plain', 'plain'],
  ['=HYPERLINK("http://evil.example")', `'=HYPERLINK("http://evil.example")`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1', "'  =1"],
  ['\u200b=1', "'\u200b=1"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['a, "b"\r\nc', 'a, "b"\r\nc'],
  ['Zürich ☂', 'Zürich ☂'],
])('the name %j stands in it as %j', (name, cell) => {
  expect(parse(csvOf(aRecord({ name })))[1]![2]).toBe(cell);
});

test('whatever a key is called, each has one line of as many fields, and none is a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
      const lines = parse(csvOf(...names.map((name, n) => aRecord({ name, id: `apikey_${n}` }))));
      expect(lines).toHaveLength(names.length + 1);
      for (const line of lines) {
        expect(line).toHaveLength(lines[0]!.length);
        for (const cell of line) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }
    }),
  );
});

test('a key that somebody has pasted into a name is not in it', () => {
  const key = keyText('pasted');
  expect(csvOf(aRecord({ name: `my key ${key}` }))).not.toContain(key);
});
