import { type Listed, matchRecord } from '../../lib/domain/console/record';
import { keyOf, keyText } from '../keys';

const text = keyText('matched');
const key = keyOf(text);
const hint = `${text.slice(0, 16)}...${text.slice(-4)}`;
const listed = (part: Partial<Listed>): Listed => ({
  id: 'apikey_1',
  hint,
  workspaceId: 'wrkspc_a',
  ...part,
});
const others = Array.from({ length: 300 }, (_, index) => {
  const other = keyText(`other ${index}`);
  return listed({ id: `apikey_other_${index}`, hint: `${other.slice(0, 16)}...${other.slice(-4)}` });
});

test('the one record with the key’s hint in the key’s workspace is found', () => {
  const records = [...others, listed({})];
  expect(matchRecord(key, 'wrkspc_a', records)).toEqual({ record: listed({}) });
});

test.each<[string, string | undefined, Listed[]]>([
  ['the workspace is not known', undefined, [listed({})]],
  ['the record is in another workspace', 'wrkspc_b', [listed({})]],
  ['the record is in no workspace', 'wrkspc_a', [listed({ workspaceId: undefined })]],
  ['two records fit', 'wrkspc_a', [listed({}), listed({ id: 'apikey_2' })]],
  ['the record has no hint', 'wrkspc_a', [listed({ hint: undefined })]],
  ['the hint shows too little', 'wrkspc_a', [listed({ hint: 'sk-ant-api03-...' })]],
  ['only one end fits', 'wrkspc_a', [listed({ hint: `${text.slice(0, 16)}...zzzz` })]],
  ['there are no records', 'wrkspc_a', []],
])('no record is found where %s', (_, workspace, records) => {
  expect(matchRecord(key, workspace, records)).toEqual({ why: expect.stringMatching(/\.$/) });
});
