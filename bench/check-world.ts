import { DAY, HOUR } from '../lib/domain/time';
import { TestKey } from '../test/lifecycle/test-key';
import { startChild } from './child';

/** Since the deployment. */
const DAYS = 10;

/** The embedded AWS and a fake Anthropic in a process of their own, with one key that is neither new nor old: nothing is to be done. */
export interface CheckWorld {
  readonly secretName: string;
  /** For a function, and for programs that use an AWS client and ANTHROPIC_BASE_URL. */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked since it was last called: operations of AWS, then paths at Anthropic. */
  calls(): Promise<readonly string[]>;
  close(): void;
}

type Opened = Pick<CheckWorld, 'secretName' | 'env'>;

/** @throws Error if the process ends instead of an answer, then and at each call */
export async function openCheckWorld(): Promise<CheckWorld> {
  const child = startChild(__filename, 'The embedded world');
  return {
    ...(await child.answer<Opened>()),
    calls: () => child.ask<readonly string[]>('calls'),
    close: child.stop,
  };
}

/** Serves until the parent goes. */
async function serve(): Promise<void> {
  const testKey = await TestKey.build({ start: new Date(Date.now() - DAYS * DAY), overHttp: true });
  const { aws, anthropic, clock } = testKey.sandbox;
  clock.advance(HOUR);
  await testKey.promoteFirstKey();
  await testKey.days(DAYS - 1, 24);
  clock.set(new Date());
  const env = {
    ...testKey.sandbox.environment('prod').variables.check,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_ACCESS_KEY_ID: 'anthropic-keys-prod-check',
    AWS_SECRET_ACCESS_KEY: 'none',
    ANTHROPIC_BASE_URL: anthropic.url,
  };
  let told = anthropic.requests.length;
  aws.calls.clear();
  process.on('message', () => {
    const operations = aws.calls.all().map(({ operation }) => operation);
    const paths = anthropic.requests.slice(told).map(({ path }) => path);
    told = anthropic.requests.length;
    aws.calls.clear();
    process.send!([...operations, ...paths]);
  });
  process.on('disconnect', () => process.exit(0));
  process.send!({ secretName: testKey.secretName, env });
}

if (require.main === module) serve();
