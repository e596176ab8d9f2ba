import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { DAY, HOUR } from '../../lib/domain/time';
import { CALL } from '../../lib/domain/wording/commands';
import { openStage } from '../stage';
import { operatorOn } from './operator';
import type { Script } from './scripted-terminal';

/** Where the recorded session is kept; the README shows it. */
export const SESSION_FILE = join(__dirname, '..', '..', 'docs', 'cli-session.txt');

const KEY = { environment: 'prod', service: 'api-gateway', owner: 'gateway-team@example.com' };
const SECRET = 'anthropic/prod/api-gateway';

/** Plays one rotation by the real command line on the embedded world, and returns what the person saw: the same in every run. */
export async function recordSession(): Promise<string> {
  // Over HTTP, since the clock moves with every look at a submission: how often one looks depends on how long requests are underway.
  const stage = await openStage({
    start: new Date('2026-09-05T09:00:00Z'),
    seed: 'session',
    overHttp: true,
  });
  const workspaceId = stage.anthropic.createWorkspace();
  await stage.deploy({
    name: 'prod',
    home: { organizationId: stage.anthropic.organization.id, workspaceId },
    adminAccess: true,
    subscriptions: [{ address: 'platform@example.com' }],
    secrets: [{ name: SECRET, tags: policyToTags(KEY, DEFAULT_POLICY, { workspaceId }) }],
  });
  stage.aws.sns.confirm('platform@example.com');
  const ada = operatorOn(stage);
  const session: string[] = [];
  const run = async (line: string, script: Script = {}) => {
    const { shown } = await ada.run(line.split(' '), script);
    session.push(`$ ${CALL} ${line}`, shown.replaceAll(stage.aws.endpoint, ENDPOINT), '');
    await stage.settle();
  };
  const newKey = () => stage.anthropic.createKey({ workspace: workspaceId }).value;

  await ada.run(['submit', 'prod/api-gateway'], { pastes: [newKey()] });
  await stage.settle();
  stage.clock.advance(77 * DAY);
  await stage.check('prod', SECRET);
  await run('status');
  await run('submit prod/api-gateway', { pastes: [newKey()] });
  stage.clock.advance(50 * HOUR);
  await stage.check('prod', SECRET);
  await run('retire prod/api-gateway');
  await stage.close();
  return session.join('\n');
}

/** What a person in that region would see in the place of the loopback address. */
const ENDPOINT = 'secretsmanager.eu-central-1.amazonaws.com';

if (require.main === module)
  recordSession().then((session) => {
    writeFileSync(SESSION_FILE, session);
  });
