import { readFileSync } from 'node:fs';
import { recordSession, SESSION_FILE } from '../../local/cli/record-session';

test('the session that people read is what the command line says today: npx tsx local/cli/record-session.ts', async () => {
  const session = await recordSession();
  expect(readFileSync(SESSION_FILE, 'utf8')).toBe(session);
  expect(session.split('\n').filter((line) => line.length > 80 && !line.includes('[y/N]'))).toEqual([]);
});
