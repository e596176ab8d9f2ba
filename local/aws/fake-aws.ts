import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { CallLog } from './call';
import { FakeCloudTrail } from './cloudtrail';
import { FakeEvents } from './events';
import { Dropped, Faults } from './faults';
import { FakeLambda } from './lambda';
import { type Operations, perform } from './operation';
import { FakeSecretsManager } from './secrets-manager';
import { FakeSns } from './sns';
import { FakeSqs } from './sqs';
import { FakeSts } from './sts';
import { type Decoded, decode, type Encoded } from './wire';

export interface FakeAwsProps {
  readonly clock: Clock;
  /** @default '111122223333' */
  readonly accountId?: string;
  /** @default 'eu-central-1' */
  readonly region?: string;
}

/** A running embedded AWS. */
export interface FakeAws {
  /** Base URL on loopback, for the `endpoint` of any AWS client. */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly secretsManager: FakeSecretsManager;
  readonly sns: FakeSns;
  readonly sqs: FakeSqs;
  readonly sts: FakeSts;
  readonly events: FakeEvents;
  readonly lambda: FakeLambda;
  readonly cloudTrail: FakeCloudTrail;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Resolves when no rotation and no asynchronous invocation runs any more. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts every embedded service behind one port of 127.0.0.1. */
export async function startFakeAws(props: FakeAwsProps): Promise<FakeAws> {
  const { clock, accountId = '111122223333', region = 'eu-central-1' } = props;
  const lambda = new FakeLambda(clock, `arn:aws:lambda:${region}:${accountId}:function:`);
  const sts = new FakeSts(clock, accountId);
  const cloudTrail = new FakeCloudTrail(clock, accountId, (caller) => sts.arnOf(caller));
  const secretsManager = new FakeSecretsManager({
    clock,
    region,
    accountId,
    functionExists: (arn) => lambda.exists(arn),
    invoke: async (arn, event) => void (await lambda.run(arn, event, 'secretsmanager.amazonaws.com')),
    report: (news) => cloudTrail.reported(news),
  });
  const sqs = new FakeSqs(region, accountId);
  const sns = new FakeSns(clock, region, accountId, (queueArn, body) => sqs.deliver(queueArn, body));
  const events = new FakeEvents(clock);
  const invoke: Operations = {
    Invoke: (params, caller) => {
      const input = params as { FunctionName: string; InvocationType: string; Payload: string };
      return lambda.invoke(input.FunctionName, input.InvocationType, input.Payload, caller);
    },
  };
  const services: Readonly<Record<Decoded['service'], Operations>> = {
    secretsmanager: secretsManager.operations,
    sns: sns.operations,
    sqs: sqs.operations,
    sts: sts.operations,
    events: events.operations,
    lambda: invoke,
    cloudtrail: cloudTrail.operations,
  };
  const faults = new Faults(clock);
  const calls = new CallLog();

  const respond = async (decoded: Decoded): Promise<Encoded> => {
    const call = calls.record(decoded);
    try {
      const result = await faults.around(call, () =>
        perform(services[decoded.service], decoded.operation, decoded.params, {
          accessKeyId: decoded.caller,
        }),
      );
      call.outcome = 'ok';
      if (decoded.service === 'secretsmanager') cloudTrail.called(decoded, result);
      const answer = decoded.answer(result, requestId(call.n));
      return { ...answer, headers: { ...answer.headers, date: clock.now().toUTCString() } };
    } catch (error) {
      call.outcome = error instanceof AwsError ? error.code : 'dropped';
      if (error instanceof AwsError) return decoded.refusal(error, requestId(call.n));
      throw error;
    }
  };
  const server = await listen(respond);
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    accountId,
    secretsManager,
    sns,
    sqs,
    sts,
    events,
    lambda,
    cloudTrail,
    faults,
    calls,
    settle: async () => {
      await lambda.settle();
      await secretsManager.settle();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const requestId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function listen(respond: (decoded: Decoded) => Promise<Encoded>) {
  const server = createServer((request, response) => {
    void handle(request, response, respond);
  });
  // Idle connections stay open: a client that reuses one just as it is closed would see a fault nobody armed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  respond: (decoded: Decoded) => Promise<Encoded>,
): Promise<void> {
  try {
    const body = await bodyOf(request);
    const { status, headers, body: text } = await respond(decode(request, body));
    response.writeHead(status, headers).end(text);
  } catch (error) {
    if (error instanceof AwsError) {
      const refusal = JSON.stringify({ __type: error.code, message: error.message });
      response.writeHead(error.status, { 'x-amzn-errortype': error.code }).end(refusal);
      return;
    }
    if (!(error instanceof Dropped)) console.error('The embedded AWS failed:', error);
    response.socket?.destroy();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
