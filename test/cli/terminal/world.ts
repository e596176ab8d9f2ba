import { TestKey } from '../../lifecycle/test-key';

/** How long each invocation of a function takes here: long enough for a person to press Ctrl-C in between. */
const SLOWNESS = 700;

/**
 * The embedded world as a process of its own, for a command line that runs in a real terminal. It says where it is, and is told by lines on
 * stdin what the people in it do.
 */
async function main(): Promise<void> {
  const testKey = await TestKey.build({
    start: new Date(),
    overHttp: true,
    process: async (run) => {
      await new Promise((resolve) => setTimeout(resolve, SLOWNESS));
      return run();
    },
  });
  const { sandbox, secretName } = testKey;
  const tell = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const answers: Readonly<Record<string, () => object | Promise<object>>> = {
    'new-key': () => ({ value: testKey.newKey() }),
    state: () => ({
      live: testKey.live,
      submitted: testKey.submitted,
      versions: testKey.secret.versions.length,
      told: testKey.told,
    }),
    settle: async () => {
      await sandbox.settle();
      return {};
    },
  };
  tell({
    aws: sandbox.aws.endpoint,
    region: sandbox.aws.region,
    anthropic: sandbox.anthropic.url,
    secretName,
  });
  process.stdin.setEncoding('utf8').on('data', async (lines: string) => {
    for (const line of lines.trim().split('\n')) tell(await answers[line]!());
  });
  process.stdin.on('end', () => process.exit(0));
}

void main();
