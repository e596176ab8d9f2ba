import { House } from '../../lifecycle/house';

/** How long each invocation of a function takes here: long enough for a person to press Ctrl-C in between. */
const SLOWNESS = 700;

/**
 * The embedded world as a process of its own, for a command line that runs in a real terminal. It says where it is, and is told by lines on
 * stdin what the people in it do.
 */
async function main(): Promise<void> {
  const house = await House.build({
    start: new Date(),
    overHttp: true,
    process: async (run) => {
      await new Promise((resolve) => setTimeout(resolve, SLOWNESS));
      return run();
    },
  });
  const { stage, secretName } = house;
  const tell = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const answers: Readonly<Record<string, () => object | Promise<object>>> = {
    'new-key': () => ({ value: house.newKey() }),
    state: () => ({
      live: house.live,
      submitted: house.submitted,
      versions: house.secret.versions.length,
      told: house.told,
    }),
    settle: async () => {
      await stage.settle();
      return {};
    },
  };
  tell({ aws: stage.aws.endpoint, region: stage.aws.region, anthropic: stage.anthropic.url, secretName });
  process.stdin.setEncoding('utf8').on('data', async (lines: string) => {
    for (const line of lines.trim().split('\n')) tell(await answers[line]!());
  });
  process.stdin.on('end', () => process.exit(0));
}

void main();
