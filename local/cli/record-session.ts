import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { DAY, HOUR } from '../../lib/domain/time';
import { CLI_COMMAND } from '../../lib/domain/wording/cli-command';
import { staged } from '../staged-environment';
import { Sandbox } from '../world';
import { commandTable, documentTable } from './command-table';
import { operatorOn } from './operator';
import type { Script } from './scripted-terminal';

const ROOT = join(__dirname, '..', '..');

/** The recorded session. docs/cli.md shows it, too. */
export const SESSION_FILE = join(ROOT, 'docs', 'cli-session.txt');

const KEY = { environment: 'prod', service: 'api-gateway', owner: 'gateway-team@example.com' };
const SECRET = 'anthropic/prod/api-gateway';

/** Plays one rotation with the real command line on the embedded world, and returns what the person saw: the same in every run. */
export async function recordSession(): Promise<string> {
  // Over HTTP: the clock moves with every poll of a submission, and the number of polls depends on how long requests take.
  const sandbox = await Sandbox.open({
    start: new Date('2026-09-05T09:00:00Z'),
    organization: { seed: 'session' },
    overHttp: true,
  });
  const workspaceId = sandbox.anthropic.createWorkspace();
  const environment = {
    name: 'prod',
    home: { organizationId: sandbox.anthropic.organization.id, workspaceId },
    adminAccess: true,
    subscriptions: [{ address: 'platform@example.com' }],
    secrets: [{ name: SECRET, tags: policyToTags(KEY, DEFAULT_POLICY, { workspaceId }) }],
  };
  await sandbox.deploy(staged(environment, sandbox));
  sandbox.aws.sns.confirm('platform@example.com');
  const ada = operatorOn(sandbox);
  const session: string[] = [];
  const run = async (line: string, script: Script = {}) => {
    const { shown } = await ada.run(line.split(' '), script);
    const atAnthropic = shown.replace(/^ +Tests at .*\n/m, '');
    session.push(`$ ${CLI_COMMAND} ${line}`, atAnthropic.replaceAll(sandbox.aws.endpoint, ENDPOINT), '');
    await sandbox.settle();
  };
  const newKey = () => sandbox.anthropic.createKey({ workspace: workspaceId }).value;

  await ada.run(['submit', 'prod/api-gateway'], { pastes: [newKey()] });
  await sandbox.settle();
  sandbox.clock.advance(77 * DAY);
  await sandbox.check('prod', SECRET);
  await run('status');
  await run('submit prod/api-gateway', { pastes: [newKey()] });
  sandbox.clock.advance(50 * HOUR);
  await sandbox.check('prod', SECRET);
  await run('retire prod/api-gateway');
  await sandbox.close();
  return session.join('\n');
}

/** What a person in that region would see instead of the loopback address. */
const ENDPOINT = 'secretsmanager.eu-central-1.amazonaws.com';

/** Puts a text between the markers of a page that begin with `name`. */
function fillIn(file: string, name: string, text: string): void {
  const path = join(ROOT, file);
  const block = new RegExp(`(<!-- ${name}.*-->\\n\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(block, (_, begin, end) => begin + text + end),
  );
}

if (require.main === module) {
  fillIn('docs/cli.md', 'commands', commandTable());
  fillIn('docs/cli.md', 'documents', documentTable());
  recordSession().then((session) => {
    writeFileSync(SESSION_FILE, session);
    fillIn('docs/cli.md', 'cli-session', `\`\`\`text\n${session}\`\`\`\n`);
  });
}
