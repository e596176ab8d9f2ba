import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  DesiredStatus,
  ECSClient,
  paginateListTasks,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { parseServiceArn, type RestartedService, SERVICE_ARN_RULE } from '../contract/ecs-service';
import type { EcsService } from '../workflows/ports';
import { awsFailure } from './aws-failure';

/** The most tasks that one call lists or describes. */
const PAGE = 100;

/** An ECS service by its ARN, in its own region. `aws`: options for every client. @throws Error if the ARN is not one of a service */
export function openEcsService({ arn, role }: RestartedService, aws: object, session: string): EcsService {
  const parsed = parseServiceArn(arn);
  if (!parsed)
    throw new Error(`A service to restart is ${JSON.stringify(arn)}: expected ${SERVICE_ARN_RULE}.`);
  const { region, service, name } = parsed;
  // By its ARN: in another account than its own it is refused, and no cluster of the same name is looked at.
  const cluster = arn.replace(/:service\/([^/]+)\/.*$/, ':cluster/$1');
  const credentials = role === undefined ? {} : { credentials: assume(role, aws, session) };
  const ecs = new ECSClient({ ...aws, region, ...credentials });
  const failed =
    (call: string) =>
    (error: unknown): never => {
      throw new Error(`${call} of ECS service ${name}: ${awsFailure(error).message}`);
    };
  /** Arns of one state, all pages. A task that is to stop may still run for minutes, with what it read. */
  const list = async (desiredStatus: DesiredStatus): Promise<readonly string[]> => {
    const arns: string[] = [];
    const pages = paginateListTasks(
      { client: ecs, pageSize: PAGE },
      { cluster, serviceName: service, desiredStatus },
    );
    try {
      for await (const { taskArns = [] } of pages) arns.push(...taskArns);
    } catch (error) {
      failed('ListTasks')(error);
    }
    return arns;
  };
  const describeTasks = async (tasks: string[]): Promise<readonly Task[]> => {
    const answer = await ecs
      .send(new DescribeTasksCommand({ cluster, tasks }))
      .catch(failed('DescribeTasks'));
    // What has stopped since it was listed is missing.
    const other = answer.failures?.find(({ reason }) => reason !== 'MISSING');
    if (other)
      throw new Error(`DescribeTasks of ECS service ${name}: ${other.reason ?? 'a task was not described'}`);
    const { tasks: described = [], failures = [] } = answer;
    // What is not answered may run with anything.
    if (described.length + failures.length < tasks.length)
      throw new Error(
        `DescribeTasks of ECS service ${name}: ${described.length} of ${tasks.length} tasks described`,
      );
    return described;
  };
  return {
    name,
    async describe() {
      const { services = [], failures = [] } = await ecs
        .send(new DescribeServicesCommand({ cluster, services: [arn] }))
        .catch(failed('DescribeServices'));
      const [found] = services;
      if (!found) {
        if (failures[0]?.reason === 'MISSING') return undefined;
        throw new Error(`DescribeServices of ECS service ${name}: ${failures[0]?.reason ?? 'no answer'}`);
      }
      const primary = found.deployments?.find(({ status }) => status === 'PRIMARY');
      return {
        controller: found.deploymentController?.type ?? 'ECS',
        draining: found.status === 'DRAINING',
        deleted: found.status === 'INACTIVE',
        primary: primary && { createdAt: primary.createdAt, failed: primary.rolloutState === 'FAILED' },
      };
    },
    async tasks() {
      const arns = [
        ...new Set([...(await list(DesiredStatus.RUNNING)), ...(await list(DesiredStatus.STOPPED))]),
      ];
      const found: Task[] = [];
      for (let i = 0; i < arns.length; i += PAGE)
        found.push(...(await describeTasks(arns.slice(i, i + PAGE))));
      return found
        .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
        .map(({ createdAt }) => ({ createdAt }));
    },
    async redeploy() {
      await ecs
        .send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }))
        .catch(failed('UpdateService'));
    },
  };
}

/** Credentials of a role, which the client asks for again when they expire. */
const assume = (role: string, aws: object, session: string) => async () => {
  const sts = new STSClient(aws);
  const request = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: session, DurationSeconds: 900 });
  const { Credentials } = await sts.send(request).catch((error: unknown) => {
    throw new Error(`AssumeRole ${role}: ${awsFailure(error).message}`);
  });
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
    throw new Error(`AssumeRole ${role}: no credentials`);
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
    expiration: Credentials.Expiration,
  };
};
