import type { FakeAws } from '../../local/aws';
import type { Call } from '../../local/aws/call';
import type { Request } from './condition';
import { policiesFor } from './deployments';
import type { DeploymentKind } from './flows';
import { evaluate, type Statement } from './policy';
import { invocationOf, requestsOf } from './requests';
import { ACCOUNT, REGION } from './resolve';

const adopted = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:legacy/claude-AbCdEf`;

/** The policies of a deployment, by who has them. */
export const policiesOf = (deployment: DeploymentKind) =>
  policiesFor({ deployment, asked: [], arnOf: () => adopted }).of;

/** Has the embedded AWS refuse, in IAM's words, what these statements do not allow to a caller. */
export function enforce(aws: FakeAws, caller: string, statements: readonly Statement[]): void {
  const refused = (call: Call) =>
    requestsMade(call, aws).find((request) => !evaluate(statements, request).allowed);
  aws.faults.on(
    { caller, times: Number.POSITIVE_INFINITY, where: (call) => refused(call) !== undefined },
    {
      kind: 'error',
      code: 'AccessDeniedException',
      status: 400,
      message: (call) => {
        const { action, resource } = refused(call)!;
        return `User: ${aws.sts.arnOf(caller)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
      },
    },
  );
}

/** IAM is asked about a dry run of a function as about an invocation. */
const requestsMade = (call: Call, aws: FakeAws): readonly Request[] =>
  call.service === 'lambda'
    ? [invocationOf(`arn:aws:lambda:${REGION}:${ACCOUNT}:function:${call.params.FunctionName}`)]
    : requestsOf(call, aws, false);
