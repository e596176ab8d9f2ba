import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type * as Extension from '../../examples/consumers/lambda/extension';
import type * as Powertools from '../../examples/consumers/lambda/powertools';
import { namedConsumers } from '../../lib/config/consumers';
import { valueAt } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { CONSUMER_TAGS, consumersToTags } from '../../lib/contract/consumer-tags';
import { keyText } from '../keys';
import { TestKey } from '../lifecycle/test-key';
import { Terminal } from '../notices/terminal';
import { ROOT } from '../root';

const page = readFileSync(join(ROOT, 'docs/consumers.md'), 'utf8');
const example = (path: string) => join(ROOT, 'examples/consumers', path);
const read = (path: string) => readFileSync(example(path), 'utf8');

const SHOWN = [...page.matchAll(/\]\(\.\.\/examples\/consumers\/([^)]+)\)\n\n```\w+\n([\s\S]*?)\n```/g)].map(
  ([, path, text]) => [path!, text!] as const,
);

test('the page shows every example as it is', () => {
  expect(SHOWN.map(([path]) => path).sort()).toEqual([
    'claude-code/anthropic-key',
    'claude-code/settings.json',
    'host/batch.service',
    'host/read-anthropic-key',
    'host/with-anthropic-key',
    'kubernetes/external-secrets.yaml',
    'kubernetes/secrets-store-csi.yaml',
    'lambda/extension.ts',
    'lambda/powertools.ts',
    'litellm.yaml',
  ]);
  for (const [path, text] of SHOWN) expect([path, `${text}\n`]).toEqual([path, read(path)]);
});

describe('the fleet file of the page', () => {
  const [, yaml] = /```yaml\n(environments:[\s\S]*?)```/.exec(page)!;
  const { fleet, errors } = loadFleet(yaml!, 'keys.yaml');
  const [gateway, experiments] = fleet?.environments[0]?.keys ?? [];

  it('is valid', () => {
    expect(errors).toEqual([]);
    expect(experiments?.consumers).toEqual([]);
  });

  it('gives the tag that the page shows', () => {
    const { consumers } = consumersToTags(namedConsumers(gateway?.consumers));
    expect(consumers).toMatch(
      /^ecs automatic prod\/gateway \+ ecs restart prod\/worker \+ lambda 5m summaries/,
    );
    expect(page).toContain('`ecs automatic prod/gateway + ecs restart prod/worker + lambda 5m summaries`');
    for (const name of [CONSUMER_TAGS[0]!, CONSUMER_TAGS[1]!])
      expect(page).toContain(`\`anthropic-key:${name}\``);
  });
});

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Record<string, string>;
  };
  readonly spec: unknown;
}

function manifests(path: string): (kind: string) => Manifest {
  const documents = parseAllDocuments(read(path), { strict: true });
  const all = documents.map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
  expect(new Set(all.map(({ metadata }) => metadata.namespace)).size).toBe(1);
  return (kind) => all.find((each) => each.kind === kind)!;
}

const CONTAINER = ['template', 'spec', 'containers', 0];

const variableOf = ({ spec }: Manifest) =>
  valueAt(spec, [...CONTAINER, 'env', 0, 'name']) === 'ANTHROPIC_API_KEY'
    ? valueAt(spec, [...CONTAINER, 'env', 0, 'valueFrom', 'secretKeyRef'])
    : undefined;

describe('External Secrets Operator', () => {
  const one = manifests('kubernetes/external-secrets.yaml');

  it('reads the field of the current version through the store of the service account', () => {
    const { spec } = one('ExternalSecret');
    expect(one('SecretStore').spec).toEqual({
      provider: {
        aws: {
          service: 'SecretsManager',
          region: 'eu-central-1',
          auth: { jwt: { serviceAccountRef: { name: one('ServiceAccount').metadata.name } } },
        },
      },
    });
    expect(spec).toEqual({
      refreshInterval: '5m',
      secretStoreRef: { kind: 'SecretStore', name: one('SecretStore').metadata.name },
      target: { name: 'anthropic' },
      data: [
        {
          secretKey: 'ANTHROPIC_API_KEY',
          remoteRef: { key: 'anthropic/prod/chat', property: 'ANTHROPIC_API_KEY' },
        },
      ],
    });
  });

  it('restarts what uses the Secret that it makes', () => {
    const deployment = one('Deployment');
    expect(variableOf(deployment)).toEqual({ name: 'anthropic', key: 'ANTHROPIC_API_KEY' });
    expect(deployment.metadata.annotations).toEqual({ 'secret.reloader.stakater.com/reload': 'anthropic' });
  });
});

describe('the Secrets Store CSI driver', () => {
  const one = manifests('kubernetes/secrets-store-csi.yaml');
  const provider = one('SecretProviderClass');
  const deployment = one('Deployment');

  it('mounts the field of the current version', () => {
    const objects = String(valueAt(provider.spec, ['parameters', 'objects']));
    expect(parseAllDocuments(objects)[0]!.toJS()).toEqual([
      {
        objectName: 'anthropic/prod/search',
        objectType: 'secretsmanager',
        objectAlias: 'anthropic.json',
        jmesPath: [{ path: 'ANTHROPIC_API_KEY', objectAlias: 'ANTHROPIC_API_KEY' }],
      },
    ]);
    expect(valueAt(deployment.spec, ['template', 'spec', 'volumes'])).toEqual([
      {
        name: 'anthropic',
        csi: {
          driver: 'secrets-store.csi.k8s.io',
          readOnly: true,
          volumeAttributes: { secretProviderClass: provider.metadata.name },
        },
      },
    ]);
    expect(valueAt(deployment.spec, [...CONTAINER, 'volumeMounts'])).toEqual([
      { name: 'anthropic', mountPath: '/run/anthropic', readOnly: true },
    ]);
    expect(valueAt(deployment.spec, ['template', 'spec', 'serviceAccountName'])).toBe(
      one('ServiceAccount').metadata.name,
    );
  });

  it('restarts what uses the Secret that it makes of that field', () => {
    expect(valueAt(provider.spec, ['secretObjects'])).toEqual([
      {
        secretName: 'anthropic-search',
        type: 'Opaque',
        data: [{ objectName: 'ANTHROPIC_API_KEY', key: 'ANTHROPIC_API_KEY' }],
      },
    ]);
    expect(variableOf(deployment)).toEqual({ name: 'anthropic-search', key: 'ANTHROPIC_API_KEY' });
    expect(deployment.metadata.annotations).toEqual({
      'secret.reloader.stakater.com/reload': 'anthropic-search',
    });
  });
});

test('LiteLLM takes the key from the variable', () => {
  const [document] = parseAllDocuments(read('litellm.yaml'), { strict: true });
  expect(document!.toJS().model_list[0].litellm_params.api_key).toBe('os.environ/ANTHROPIC_API_KEY');
});

/** A process that is not stopped by a refusal. */
async function run(path: string, args: readonly string[], env: Record<string, string>) {
  return promisify(execFile)(path, args, { env: { PATH: process.env.PATH!, ...env } }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

/** The agent, or the extension, as their documentation describes them: a cached answer, and a fresh one where that is asked for. */
async function agent(value: () => string) {
  const token = 'a-token';
  let cached = value();
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const url = new URL(request.url!, 'http://localhost');
    const known =
      url.pathname === '/secretsmanager/get' && request.headers['x-aws-parameters-secrets-token'] === token;
    if (!known || [...url.searchParams.keys()].some((name) => /version/i.test(name))) {
      response.writeHead(403).end();
      return;
    }
    if (url.searchParams.get('refreshNow') === 'true') cached = value();
    const answer = {
      ARN: 'arn',
      Name: url.searchParams.get('secretId'),
      SecretString: cached,
      VersionStages: ['AWSCURRENT'],
    };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const file = join(folder, 'token');
  writeFileSync(file, token);
  return { port, token, file, folder, asked, close: () => new Promise((resolve) => server.close(resolve)) };
}

const holding = (key: string) => JSON.stringify({ team: 'a "b" c', ANTHROPIC_API_KEY: key });

describe('a host with the agent', () => {
  const [first, second] = [keyText('first'), keyText('second')];

  it('reads the cached key, and with --now the live one', async () => {
    let live = first;
    const { port, file, close, asked } = await agent(() => holding(live));
    const env = { AGENT_URL: `http://127.0.0.1:${port}`, AGENT_TOKEN_FILE: file };
    const print = (...args: string[]) => run(example('host/read-anthropic-key'), args, env);
    expect(await print()).toEqual({ code: 0, stdout: `${first}\n`, stderr: '' });
    live = second;
    expect((await print()).stdout).toBe(`${first}\n`);
    expect((await print('--now')).stdout).toBe(`${second}\n`);
    expect(asked.map(({ url }) => url)).toEqual([
      '/secretsmanager/get?secretId=anthropic/prod/batch',
      '/secretsmanager/get?secretId=anthropic/prod/batch',
      '/secretsmanager/get?secretId=anthropic/prod/batch&refreshNow=true',
    ]);
    await close();
  });

  it('says what is wrong, and prints no value, where there is no key or no agent', async () => {
    const { port, file, close } = await agent(() => '{"ANTHROPIC_API_KEY":"","password":"hunter2"}');
    const env = { AGENT_URL: `http://127.0.0.1:${port}`, AGENT_TOKEN_FILE: file };
    expect(await run(example('host/read-anthropic-key'), [], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The secret anthropic/prod/batch holds no ANTHROPIC_API_KEY.\n',
    });
    await close();
    const gone = await run(example('host/read-anthropic-key'), [], env);
    expect([gone.code === 0, gone.stdout]).toEqual([false, '']);
  });

  it('starts a program with the key in its environment, and not at all without one', async () => {
    const { folder, close } = await agent(() => '');
    const readKeyHere = join(folder, 'read');
    writeFileSync(readKeyHere, `#!/bin/sh\nprintf '%s\\n' ${first}\n`);
    chmodSync(readKeyHere, 0o755);
    const start = (read: string) =>
      run(example('host/with-anthropic-key'), ['sh', '-c', 'printf %s "$ANTHROPIC_API_KEY"'], {
        READ_KEY: read,
      });
    expect(await start(readKeyHere)).toMatchObject({ code: 0, stdout: first });
    expect((await start('/bin/false')).code).not.toBe(0);
    expect(read('host/batch.service')).toMatch(/^ExecStart=\/usr\/local\/bin\/with-anthropic-key \//m);
    await close();
  });
});

describe('readers of the embedded world', () => {
  let testKey: TestKey;
  let terminal: Terminal;

  beforeAll(async () => {
    testKey = await TestKey.build({ overHttp: true });
    terminal = await Terminal.open(testKey.sandbox);
    await testKey.promoteFirstKey();
  });
  afterAll(async () => {
    await terminal.close();
    await testKey.close();
  });

  it('Claude Code gets the live key from its helper, also after a rotation', async () => {
    const { aws } = testKey.sandbox;
    const helper = () =>
      terminal.paste(example('claude-code/anthropic-key'), {
        before: `export SECRET_ID=${testKey.secretName} KEY_REGION=${aws.region}`,
      });
    expect((await helper()).screen).toBe(`${testKey.live}\n`);
    await testKey.submit(testKey.newKey());
    expect((await helper()).screen).toBe(`${testKey.live}\n`);
    const missing = await terminal.paste(example('claude-code/anthropic-key'), {
      before: `export SECRET_ID=anthropic/prod/nobody KEY_REGION=${aws.region}`,
    });
    expect(missing.code).toBe(1);
    expect(missing.screen).toContain('The secret anthropic/prod/nobody holds no ANTHROPIC_API_KEY');
    expect(JSON.parse(read('claude-code/settings.json'))).toEqual({
      apiKeyHelper: '/usr/local/bin/anthropic-key',
    });
  });

  it('a Lambda function with Powertools keeps a key, and reads once more where it is refused', async () => {
    const { aws, anthropic } = testKey.sandbox;
    setVariables({
      SECRET_ID: testKey.secretName,
      AWS_REGION: aws.region,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: 'reader',
      AWS_SECRET_ACCESS_KEY: 'reader',
      ANTHROPIC_BASE_URL: anthropic.url,
    });
    const { handler } = jest.requireActual<typeof Powertools>('../../examples/consumers/lambda/powertools');
    expect(await handler({ text: 'one' })).not.toBe('');
    const old = testKey.live;
    await testKey.submit(testKey.newKey());
    anthropic.disable(old);
    expect(await handler({ text: 'two' })).not.toBe('');
    anthropic.disable(testKey.live);
    await expect(handler({ text: 'three' })).rejects.toThrow(/401/);
  });
});

const variables = { ...process.env };
afterEach(() => {
  process.env = { ...variables };
});

/** Until the end of the test. */
const setVariables = (given: Record<string, string>) => Object.assign(process.env, given);

test('a Lambda function reads the key from the extension', async () => {
  const key = keyText('extension');
  const { port, token, close } = await agent(() => holding(key));
  setVariables({ PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(port), AWS_SESSION_TOKEN: token });
  const { readKey } = jest.requireActual<typeof Extension>('../../examples/consumers/lambda/extension');
  expect(await readKey()).toBe(key);
  setVariables({ AWS_SESSION_TOKEN: 'another' });
  await expect(readKey()).rejects.toThrow(
    'The extension answered 403 for the secret anthropic/prod/summaries.',
  );
  await close();
});
