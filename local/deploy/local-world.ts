import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../lib/adapters/system-clock';
import { type FakeAnthropic, startFakeAnthropic } from '../anthropic/fake-anthropic';
import { type Account, accountOf } from './account';
import { type Cdk, cdkOf } from './cdk';
import type { MotoCommand } from './find-moto';
import { FleetFile } from './fleet-file';
import { freePort } from './free-port';
import { type FunctionRuntime, startFunctionRuntime } from './function-runtime';
import { type Mail, recordedMails } from './mails';
import { startMoto } from './moto';

const FLEET = join(__dirname, '../../examples/local-deployment/keys.yaml');
const REGION = 'eu-central-1';

/** An empty account on this machine, an Anthropic beside it, and what a person there has at hand. */
export interface LocalWorld extends Account {
  /** Scratch folder; the logs are in it. */
  readonly folder: string;
  readonly anthropic: FakeAnthropic;
  readonly runtime: FunctionRuntime;
  readonly cdk: Cdk;
  readonly fleet: FleetFile;
  /** Workspace of each environment at Anthropic. */
  readonly workspaces: Readonly<Record<string, string>>;
  /** Every key that was made so far. Values stay in this process and in secrets. */
  readonly keysMade: string[];
  /** What terminals showed so far. */
  readonly screens: string[];
  mails(): Promise<readonly Mail[]>;
  close(): Promise<void>;
}

/** Starts everything on loopback, with nothing deployed yet. */
export async function openLocalWorld(moto: MotoCommand): Promise<LocalWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'anthropic-keys-'));
  mkdirSync(join(folder, 'home'));
  const anthropic = await startFakeAnthropic({ clock: systemClock, seed: `local/${folder}` });
  const port = await freePort();
  const emulator = `http://localhost:${port}`;
  const account = accountOf(REGION, environment(emulator, folder));
  const runtime = await startFunctionRuntime({
    lambda: account.lambda,
    aws: awsVariables(emulator, 'function'),
    folder: join(folder, 'functions'),
  });
  const server = await startMoto({ moto, port, runtimeUrl: runtime.url, log: join(folder, 'moto.log') });
  const workspaces = { dev: anthropic.createWorkspace(), prod: anthropic.createWorkspace() };
  const keysMade: string[] = [];
  const fleet = new FleetFile(FLEET, join(folder, 'keys.yaml'));
  for (const [name, workspace] of Object.entries(workspaces))
    fleet
      .set(`environments.${name}.anthropicBaseUrl`, anthropic.url)
      .set(`environments.${name}.organizationId`, anthropic.organization.id)
      .set(`environments.${name}.workspaceId`, workspace);
  fleet.set(
    'environments.prod.adminAccess.adminKeySecretArn',
    await keepAdminKey(account, anthropic, keysMade),
  );
  fleet.write();
  return {
    ...account,
    ...{ folder, anthropic, runtime, fleet, workspaces, keysMade, screens: [] },
    cdk: cdkOf({ env: account.env, fleetFile: fleet.path, folder }),
    mails: () => recordedMails(emulator),
    async close() {
      account.secrets.destroy();
      account.lambda.destroy();
      await server.stop();
      await runtime.stop();
      await anthropic.stop();
    },
  };
}

/** Makes a key in the Console of the fake Anthropic, in the workspace of an environment. */
export function makeKey({ anthropic, workspaces, keysMade }: LocalWorld, environment: string): string {
  const { value } = anthropic.createKey({ workspace: workspaces[environment] });
  keysMade.push(value);
  return value;
}

/** The Admin API key, as somebody put it there by hand before the first deployment. */
async function keepAdminKey(account: Account, anthropic: FakeAnthropic, made: string[]): Promise<string> {
  const value = anthropic.createAdminKey();
  made.push(value);
  const command = new CreateSecretCommand({ Name: 'anthropic-admin', SecretString: value });
  return (await account.secrets.send(command)).ARN!;
}

const awsVariables = (emulator: string, who: string) => ({
  AWS_ENDPOINT_URL: emulator,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: who,
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

/** Everything that programs are told, and a home of their own: no profile, cache or history of the user is read or written. */
const environment = (emulator: string, folder: string) => ({
  ...awsVariables(emulator, 'person'),
  PATH: process.env.PATH ?? '',
  HOME: join(folder, 'home'),
  HISTFILE: join(folder, 'home/history'),
  CDK_HOME: join(folder, 'home/cdk'),
  CDK_DISABLE_CLI_TELEMETRY: '1',
  CDK_VALIDATION: 'false', // `npm run synth` validates, and takes seconds for it.
  CI: 'true',
});
