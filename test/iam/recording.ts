import type { Call } from '../../local/aws/call';
import { TestEnvironment } from '../lifecycle/test-key';
import type { Request } from './condition';
import { ADMIN_KEY_SECRET, type DeploymentKind, FLOWS, furnish, peopleOf } from './flows';
import { invocationOf, requestsOf } from './requests';
import { ACCOUNT, REGION } from './resolve';

/** What one of ours asked IAM in a flow. */
export interface Asked {
  readonly flow: string;
  readonly who: string;
  readonly request: Request;
}

/** A deployment with everything that was asked in its flows, and the ARNs that the embedded world gave out. */
export interface Recording {
  readonly deployment: DeploymentKind;
  readonly asked: readonly Asked[];
  readonly arnOf: (secretName: string) => string;
}

const ADMIN_ACCESS = {
  plain: false,
  federated: true,
  'admin-key': { keySecret: ADMIN_KEY_SECRET },
} as const;

/** Plays all flows of one deployment and notes every call. */
export async function record(deployment: DeploymentKind): Promise<Recording> {
  const testEnvironment = await TestEnvironment.open({ adminAccess: ADMIN_ACCESS[deployment] });
  try {
    return await play(deployment, testEnvironment);
  } finally {
    await testEnvironment.close();
  }
}

async function play(deployment: DeploymentKind, testEnvironment: TestEnvironment): Promise<Recording> {
  const { aws } = testEnvironment.sandbox;
  await furnish(testEnvironment);
  const asked: Asked[] = [];
  for (const flow of FLOWS.filter((each) => each.deployment === deployment)) {
    const testKey = await testEnvironment.key(flow.policy);
    aws.calls.clear();
    const begun = aws.lambda.invocations.length;
    await flow.run(testKey, peopleOf(testEnvironment), testEnvironment);
    const calls = aws.calls.all().flatMap((call) => asks(call, deployment, aws));
    const schedules = aws.lambda.invocations
      .slice(begun)
      .filter(({ invokedBy }) => invokedBy === 'scheduler.amazonaws.com')
      .map(({ functionName }) => ({ who: 'schedules', request: invocationOf(functionArn(functionName)) }));
    asked.push(...[...calls, ...schedules].map((each) => ({ flow: flow.name, ...each })));
  }
  const arns = new Map(aws.secretsManager.all().map(({ name, arn }) => [name, arn]));
  return { deployment, asked, arnOf: (name) => arns.get(name)! };
}

const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

const PEOPLE = new Set(['reader', 'operator', 'responder']);

/** Functions of prod by what they are for, and people. CloudFormation is nobody of ours. */
function whoIs(caller: string): string | undefined {
  return PEOPLE.has(caller) ? caller : /^anthropic-keys-prod-([a-z]+)$/.exec(caller)?.[1];
}

function asks(call: Call, deployment: DeploymentKind, aws: TestEnvironment['sandbox']['aws']) {
  const who = whoIs(call.caller);
  return who ? requestsOf(call, aws, deployment !== 'plain').map((request) => ({ who, request })) : [];
}
