import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { CallLog } from './call';
import { FakeCloudTrail } from './cloudtrail';
import { FakeEcs } from './ecs';
import { FakeEvents } from './events';
import { Dropped, Faults } from './faults';
import { FakeLambda } from './lambda';
import { FakeLogs } from './logs';
import { type Operations, perform } from './operation';
import { FakeSecretsManager } from './secrets-manager';
import { serveAws } from './server';
import { FakeSns } from './sns';
import { FakeSqs } from './sqs';
import { FakeSts } from './sts';
import { type Decoded, decode, type Encoded, type Exchange } from './wire';

export interface FakeAwsProps {
  readonly clock: Clock;
  /** @default '111122223333' */
  readonly accountId?: string;
  /** @default 'eu-central-1' */
  readonly region?: string;
}

/** A running embedded AWS. */
export interface FakeAws {
  /** For the `endpoint` of any AWS client: a loopback URL, or a name that nothing resolves where requests are handed over. */
  readonly endpoint: string;
  /** Takes requests of this process without a socket. Absent where it serves HTTP. */
  readonly exchange?: Exchange;
  readonly region: string;
  readonly accountId: string;
  readonly secretsManager: FakeSecretsManager;
  readonly sns: FakeSns;
  readonly sqs: FakeSqs;
  readonly sts: FakeSts;
  readonly ecs: FakeEcs;
  readonly events: FakeEvents;
  readonly lambda: FakeLambda;
  readonly cloudTrail: FakeCloudTrail;
  readonly logs: FakeLogs;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Resolves when no rotation and no asynchronous invocation runs any more. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** An embedded AWS for clients of this process, which `clientConfig` makes: no socket is opened. */
export function openFakeAws(props: FakeAwsProps): FakeAws {
  const { exchange, ...aws } = assemble(props);
  return { ...aws, exchange, endpoint: 'https://aws.invalid', close: async () => {} };
}

/** Serves every embedded service over HTTP on one port of 127.0.0.1. */
export async function startFakeAws(props: FakeAwsProps): Promise<FakeAws> {
  const { exchange, ...aws } = assemble(props);
  return { ...aws, ...(await serveAws(exchange)) };
}

function assemble(props: FakeAwsProps) {
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
  const events = new FakeEvents(clock, { accountId, region }, (functionArn, event) => {
    // Whom EventBridge cannot reach, it gives up.
    if (lambda.exists(functionArn))
      void lambda.invoke(functionArn, 'Event', event, { accessKeyId: 'events.amazonaws.com' });
  });
  const ecs = new FakeEcs(clock, { accountId, region }, (caller) => sts.accountOf(caller));
  const logs = new FakeLogs(clock, `arn:aws:logs:${region}:${accountId}:log-group:`);
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
    ecs: ecs.operations,
    events: events.operations,
    lambda: invoke,
    cloudtrail: cloudTrail.operations,
    logs: logs.operations,
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
  return {
    region,
    accountId,
    secretsManager,
    sns,
    sqs,
    sts,
    ecs,
    events,
    lambda,
    cloudTrail,
    logs,
    faults,
    calls,
    exchange: exchangeOf(respond),
    settle: async () => {
      await lambda.settle();
      await secretsManager.settle();
      // A rotation's events have reached the targets of rules.
      await lambda.settle();
    },
  };
}

const requestId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const exchangeOf =
  (respond: (decoded: Decoded) => Promise<Encoded>): Exchange =>
  async (request) => {
    try {
      return await respond(decode(request));
    } catch (error) {
      if (error instanceof AwsError) {
        const body = JSON.stringify({ __type: error.code, message: error.message });
        return { status: error.status, headers: { 'x-amzn-errortype': error.code }, body };
      }
      if (!(error instanceof Dropped)) console.error('The embedded AWS failed:', error);
      return 'hang-up';
    }
  };
