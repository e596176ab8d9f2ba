import { HOUR } from '../../lib/domain/time';
import { TestKey } from '../lifecycle/test-key';
import { stepsIn } from './read-mail';
import { SHELLS, Terminal } from './terminal';

jest.setTimeout(60_000);

let testKey: TestKey;
afterEach(() => testKey.close());

/** A key whose readers are named, and the services of which the mails are to restart the first. */
async function aKeyWithReaders() {
  testKey = await TestKey.build();
  const { aws, clock } = testKey.sandbox;
  const Tags = [{ Key: 'anthropic-key:consumers', Value: 'ecs restart prod/gateway + lambda 5m summaries' }];
  aws.secretsManager.perform('TagResource', { SecretId: testKey.secretName, Tags });
  const [gateway, other] = ['gateway', 'other'].map((name) =>
    aws.ecs.create(`arn:aws:ecs:${aws.region}:${aws.accountId}:service/prod/${name}`, 2),
  );
  await testKey.promoteFirstKey();
  clock.advance(HOUR);
  await testKey.submit(testKey.newKey());
  return { gateway: gateway!, other: other! };
}

const restartIn = (kind: string) => {
  const mail = testKey.mails.findLast(({ attributes }) => attributes?.kind?.StringValue === kind)!;
  const [step] = stepsIn(mail.body).filter(({ blocks }) =>
    blocks.some((block) => /update-service/.test(block)),
  );
  return { says: step!.says, block: step!.blocks.find((block) => /update-service/.test(block))! };
};

const MAILS: Record<string, () => Promise<unknown>> = {
  rotated: async () => {},
  'rolled-back': () => testKey.command({ verb: 'roll-back' }),
  'grace-over': () => testKey.days(2.5),
  zombie: () => testKey.days(4),
};

test.each(
  Object.entries(MAILS).flatMap(([kind, lead]) => SHELLS.map((shell) => [kind, shell, lead] as const)),
)(
  'the mail %s names the service in its step, and its command, pasted into %s, restarts that one alone',
  async (kind, shell, lead) => {
    const { gateway, other } = await aKeyWithReaders();
    await lead();
    const { says, block } = restartIn(kind);
    expect(says).toContain('ECS service prod/gateway');
    const before = gateway.deployments;
    const terminal = await Terminal.open(testKey.sandbox);
    const pasted = await terminal.paste(block, { shell });
    await terminal.close();
    expect([pasted.code, pasted.screen]).toEqual([0, 'gateway\n']);
    expect(gateway.deployments).toBe(before + 1);
    expect(other.deployments).toBe(1);
  },
);
