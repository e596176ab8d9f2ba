import { spawn, spawnSync } from 'node:child_process';
import { TestKey } from '../lifecycle/test-key';
import { offeredBy } from './play-commands';

/** The AWS CLI of this machine, 1 or 2. Without one, only the strict stand-in of the other tests runs the blocks. */
const onlyWithAws = spawnSync('aws', ['--version']).status === 0 ? test : test.skip;

let testKey: TestKey;
afterEach(() => testKey?.close());

async function paste(block: string, typed = ''): Promise<{ code: number | null; screen: string }> {
  const child = spawn('bash', ['-c', `(${block}) 2>&1 | cat; exit "\${PIPESTATUS[0]}"`], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_ENDPOINT_URL: testKey.sandbox.aws.endpoint,
      AWS_ACCESS_KEY_ID: 'ada',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  child.stdin.end(`${typed}\n`);
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await testKey.sandbox.settle();
  return { code, screen };
}

/** The plain AWS command of the newest mail that does this. */
function offered(verb: string): string {
  const found = offeredBy(testKey.mails.at(-1)!.body).find(
    (one) => one.verb === verb && one.form === 'plain AWS',
  );
  return found!.block;
}

onlyWithAws('the AWS CLI of this machine takes the blocks as they are', async () => {
  testKey = await TestKey.build({ overHttp: true });
  await testKey.check();
  await testKey.report();
  const [first, next] = [testKey.newKey(), testKey.newKey()];
  const submitted = await paste(offered('submit'), first);
  expect([submitted.screen, testKey.live]).toEqual([expect.stringContaining(testKey.secretName), first]);
  await testKey.submit(next);
  const [extend, rollback] = [offered('extend'), offered('rollback')];
  expect(await paste(extend)).toEqual({
    code: 0,
    screen: expect.stringMatching(/"until":.*\}None\nDONE\n$/),
  });
  expect(await paste(rollback)).toEqual({ code: 0, screen: expect.stringMatching(/\}None\nDONE\n$/) });
  expect(testKey.live).toBe(first);
  testKey.sandbox.anthropic.disable(first);
  const refused = await paste(extend);
  expect(refused).toEqual({
    code: 1,
    screen: expect.stringMatching(/"errorMessage":.*\}Unhandled\nFAILED\n$/),
  });
  await testKey.edit('DISABLED');
  await testKey.after(1);
  const described = /AWS_PAGER= aws secretsmanager describe-secret[^\n]*\n[^\n]*/.exec(
    testKey.mails.at(-1)!.body,
  )![0];
  const shown = JSON.parse((await paste(described)).screen) as { Tags: { Key: string; Value: string }[] };
  const real = /shows (\S+) among/.exec(testKey.mails.at(-1)!.body)![1];
  expect(shown.Tags.some(({ Value }) => Value.includes(real!))).toBe(true);
  expect((await paste(offered('rollback'))).code).toBe(0);
  expect(testKey.live).toBe(first);
});
