import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { type FunctionConfiguration, GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { unzipSync } from 'fflate';

/** One invocation as it went. */
export interface Invocation {
  readonly functionName: string;
  readonly event: string;
  readonly ok: boolean;
  /** The answer, or the error, as JSON. */
  readonly payload: string;
  /** Everything it printed. */
  readonly log: string;
}

export interface FunctionRuntime {
  readonly url: string;
  readonly invocations: readonly Invocation[];
  stop(): Promise<void>;
}

export interface FunctionRuntimeOptions {
  readonly lambda: LambdaClient;
  /** What a function's own AWS clients are told, besides the deployed environment. */
  readonly aws: Readonly<Record<string, string>>;
  /** Folder that bundles are unpacked to. */
  readonly folder: string;
}

/**
 * The part of AWS Lambda that runs code: downloads the deployed bundle, and runs it with the deployed environment in a new process
 * for each invocation. The emulator sends it every invocation, whoever asked for it.
 */
export async function startFunctionRuntime(options: FunctionRuntimeOptions): Promise<FunctionRuntime> {
  const invocations: Invocation[] = [];
  const bundles = new Map<string, Promise<void>>();
  const server = createServer(async (request, response) => {
    try {
      const invocation = await invoke((await json(request)) as Asked, bundles, options);
      invocations.push(invocation);
      response.end(JSON.stringify(invocation));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    invocations,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What the emulator wants run. */
interface Asked {
  readonly functionName: string;
  /** The ARN by which it was invoked; it ends with the alias, if one was named. */
  readonly invokedFunctionArn: string;
  readonly payload: string;
}

async function invoke(
  { functionName, invokedFunctionArn, payload }: Asked,
  bundles: Map<string, Promise<void>>,
  { lambda, aws, folder }: FunctionRuntimeOptions,
): Promise<Invocation> {
  const event = payload || 'null';
  const { Configuration, Code } = await lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
  const root = join(
    folder,
    `${functionName}-${Buffer.from(Configuration!.CodeSha256!, 'base64').toString('hex')}`,
  );
  if (!bundles.has(root)) bundles.set(root, unpack(Code!.Location!, root));
  await bundles.get(root);
  const lasts = Configuration!.Timeout! * 1000;
  const child = spawn(process.execPath, [join(__dirname, 'lambda-process.mjs')], {
    cwd: root,
    env: { ...environmentOf(Configuration!, root, lasts), ...aws, INVOKED_ARN: invokedFunctionArn },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    timeout: lasts,
    killSignal: 'SIGKILL',
  });
  child.stdin!.end(event);
  const [, , , results] = child.stdio;
  const [answer, printed, complained] = await Promise.all(
    [results as Readable, child.stdout!, child.stderr!].map((stream) => text(stream)),
  );
  const failed = {
    ok: false,
    payload: '{"errorType":"Runtime.ExitError","errorMessage":"no answer in time"}',
  };
  return { functionName, event, log: `${printed}${complained}`, ...(answer ? JSON.parse(answer) : failed) };
}

async function unpack(location: string, root: string): Promise<void> {
  const answer = await fetch(location);
  if (!answer.ok) throw new Error(`The deployed code at ${location} answers ${answer.status}.`);
  for (const [name, content] of Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer())))) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** The variables that AWS Lambda sets, and those that were deployed. */
function environmentOf(deployed: FunctionConfiguration, root: string, lasts: number): Record<string, string> {
  return {
    ...deployed.Environment?.Variables,
    TZ: ':UTC',
    _HANDLER: deployed.Handler!,
    LAMBDA_TASK_ROOT: root,
    AWS_LAMBDA_FUNCTION_NAME: deployed.FunctionName!,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_EXECUTION_ENV: `AWS_Lambda_${deployed.Runtime}`,
    INVOCATION_ENDS: String(Date.now() + lasts),
  };
}
