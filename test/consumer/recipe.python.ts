import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FAULT } from '../../local/aws';
import { ROOT } from '../root';
import { type Ask, AT_ONCE, Rotation } from './rotation';

/** A Python that has the packages of `python/requirements.txt`. */
const { PYTHON = 'python3' } = process.env;
const HERE = join(ROOT, 'test/consumer/python');
const environment = {
  ...process.env,
  PYTHONPATH: join(ROOT, 'examples/consumers/python'),
  PYTHONDONTWRITEBYTECODE: '1',
  // The SDK builds its models at their first use, and threads that do so at once can fail (docs/consumer-helper.md).
  DEFER_PYDANTIC_BUILD: 'false',
};

beforeAll(() => {
  const { status } = spawnSync(PYTHON, ['-c', 'import anthropic, boto3'], { env: environment });
  if (status !== 0)
    throw new Error(
      `${PYTHON} cannot import anthropic and boto3: pip install -r test/consumer/python/requirements.txt, or set PYTHON.`,
    );
});

test('the recipe’s own tests pass', () => {
  const args = ['-W', 'error::DeprecationWarning:rotating_key', '-m', 'unittest'];
  const { status, stderr } = spawnSync(PYTHON, args, { cwd: HERE, encoding: 'utf8', env: environment });
  expect(stderr).toMatch(/Ran \d\d tests/);
  expect(status).toBe(0);
});

let rotation: Rotation;
let application: ChildProcess | undefined;

afterEach(async () => {
  const closed = application && once(application, 'close');
  application?.stdin?.end();
  await closed;
  application = undefined;
  await rotation?.close();
});

/** Starts the application in a process of its own, which asks with threads and with tasks in turn. */
function serveWithRecipe(attempts = 3): void {
  const { sandbox, secretName } = rotation.testKey;
  const { endpoint, region } = sandbox.aws;
  const settings = { endpoint, region, secret_id: secretName, url: rotation.gate.url, attempts };
  const started = spawn(PYTHON, ['application.py'], {
    cwd: HERE,
    env: { ...environment, APPLICATION: JSON.stringify(settings) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  application = started;
  const answers = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  let turn = 0;
  const ask: Ask = async (count, now) => {
    const order = { count, now: now.getTime(), with: turn++ % 2 === 0 ? 'threads' : 'tasks' };
    started.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await answers.next();
    return done ? ['the application ended'] : JSON.parse(value);
  };
  rotation.serve(ask);
}

test('no request fails from the submission to the proof of death', async () => {
  rotation = await Rotation.open({ deactivate: 'automatic' });
  serveWithRecipe();
  const { asked, failed, reads, due } = await rotation.play();
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(10 * AT_ONCE);
  expect(reads).toBe(due);
});

test.each([0, 1])(
  'no request fails when the old key is switched off at once, under 200 that hold it: one read (%i)',
  async (before) => {
    rotation = await Rotation.open({ graceHours: 0 });
    serveWithRecipe();
    const { testKey } = rotation;
    const old = testKey.live;
    // An odd number of batches before has tasks hold the key, an even one threads.
    for (let n = 0; n <= before; n++) await rotation.under('before');
    await rotation.under('switched off at once', async () => {
      await testKey.submit(testKey.newKey());
      testKey.sandbox.anthropic.disable(old);
      testKey.sandbox.aws.faults.on(
        { service: 'secretsmanager', operation: 'GetSecretValue', caller: 'application' },
        FAULT.throttled,
      );
    });
    await rotation.under('after');
    // The second read is throttled, and the SDK tries it again.
    expect(rotation.played).toMatchObject({ asked: (before + 3) * AT_ONCE, failed: [], reads: 3 });
  },
);

test('a key that is refused and unchanged is read once more, and not again in five minutes', async () => {
  rotation = await Rotation.open();
  serveWithRecipe();
  const { testKey } = rotation;
  await rotation.under('before');
  await rotation.under('switched off', async () => testKey.sandbox.anthropic.disable(testKey.live));
  testKey.sandbox.clock.advance(60_000);
  await rotation.under('a minute later');
  expect(rotation.played.failed).toEqual([
    ...Array(AT_ONCE).fill('switched off: 401'),
    ...Array(AT_ONCE).fill('a minute later: 401'),
  ]);
  expect(rotation.played.reads).toBe(2);
});
