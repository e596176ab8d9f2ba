import { z } from 'zod';
import type { Clock } from '../../lib/workflows/ports';
import { snapshotOf } from '../snapshot';
import { AwsError } from './aws-error';
import { EcsServiceState, type Task } from './ecs-service';
import { type Caller, type Operations, operation } from './operation';

const arnOrName = z.string().min(1);
const cluster = arnOrName;
const desiredStatus = z.enum(['RUNNING', 'PENDING', 'STOPPED']).default('RUNNING');

const createService = z.strictObject({
  cluster,
  serviceName: z.string(),
  taskDefinition: z.string(),
  desiredCount: z.number().int().min(0).default(0),
  deploymentController: z.strictObject({ type: z.enum(['ECS', 'CODE_DEPLOY', 'EXTERNAL']) }).optional(),
});

const listTasks = z.strictObject({
  cluster,
  serviceName: z.string(),
  desiredStatus,
  maxResults: z.number().int().min(1).max(100).default(100),
  nextToken: z.string().optional(),
});

/** The embedded ECS: services of any account and region by their ARNs, whose tasks are replaced as the clock goes on. */
export class FakeEcs {
  readonly operations: Operations;
  readonly #clusters = new Set<string>();
  readonly #services = new Map<string, EcsServiceState>();

  constructor(
    private readonly clock: Clock,
    private readonly place: { readonly accountId: string; readonly region: string },
    private readonly accountOf: (caller: string) => string,
  ) {
    this.operations = {
      CreateCluster: operation(z.strictObject({ clusterName: z.string() }), ({ clusterName }) => {
        const clusterArn = this.#arn('cluster', clusterName);
        this.#clusters.add(clusterArn);
        return { cluster: { clusterArn, clusterName, status: 'ACTIVE' } };
      }),
      RegisterTaskDefinition: operation(z.looseObject({ family: z.string() }), ({ family }) => ({
        taskDefinition: {
          taskDefinitionArn: this.#arn('task-definition', `${family}:1`),
          family,
          revision: 1,
        },
      })),
      CreateService: operation(createService, (input, caller) => {
        const clusterArn = this.#cluster(input.cluster, caller);
        const arn = `${clusterArn.replace(':cluster/', ':service/')}/${input.serviceName}`;
        const service = this.create(arn, input.desiredCount, input.deploymentController?.type);
        return { service: service.described() };
      }),
      DeleteService: operation(z.strictObject({ cluster, service: arnOrName }), (input, caller) => {
        const service = this.#find(input, caller);
        service.remove();
        return { service: service.described() };
      }),
      DescribeServices: operation(
        z.strictObject({ cluster, services: z.array(arnOrName).min(1).max(10) }),
        (input, caller) => {
          const clusterArn = this.#cluster(input.cluster, caller);
          const found = input.services.map(
            (name) => [name, this.#services.get(arnIn(clusterArn, name))] as const,
          );
          return {
            services: found.flatMap(([, service]) => (service ? service.described() : [])),
            failures: found.flatMap(([name, service]) =>
              service ? [] : { arn: arnIn(clusterArn, name), reason: 'MISSING' },
            ),
          };
        },
      ),
      ListTasks: operation(listTasks, (input, caller) => {
        const { serviceName: service } = input;
        const tasks = this.#find({ cluster: input.cluster, service }, caller).tasks();
        const arns = tasks
          .filter((task) => task.desiredStatus === input.desiredStatus)
          .map(({ taskArn }) => taskArn);
        const from = Number(input.nextToken ?? 0);
        const to = from + input.maxResults;
        return { taskArns: arns.slice(from, to), ...(to < arns.length && { nextToken: String(to) }) };
      }),
      DescribeTasks: operation(
        z.strictObject({ cluster, tasks: z.array(arnOrName).min(1).max(100) }),
        (input, caller) => {
          const clusterArn = this.#cluster(input.cluster, caller);
          const known = this.#tasksIn(clusterArn);
          return {
            tasks: input.tasks.flatMap((arn) => known.get(arn) ?? []),
            failures: input.tasks.flatMap((arn) => (known.has(arn) ? [] : { arn, reason: 'MISSING' })),
          };
        },
      ),
      UpdateService: operation(
        z.strictObject({ cluster, service: arnOrName, forceNewDeployment: z.boolean() }),
        (input, caller) => {
          const service = this.#find(input, caller);
          if (service.status !== 'ACTIVE')
            throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
          if (input.forceNewDeployment) service.deploy();
          return { service: service.described() };
        },
      ),
    };
  }

  /** Makes a service, in whatever account and region its ARN names. */
  create(arn: string, desiredCount: number, controller = 'ECS'): EcsServiceState {
    const service = new EcsServiceState(this.clock, arn, desiredCount, controller);
    this.#clusters.add(clusterOf(arn));
    this.#services.set(arn, service);
    return service;
  }

  /** Remembers the services there are. Returns what puts them back; a later one stays. */
  snapshot(): () => void {
    return snapshotOf([...this.#services.values()]);
  }

  /** Removes all trace of a service, as AWS does some time after it was deleted. */
  forget(arn: string): void {
    this.#services.delete(arn);
  }

  #tasksIn(clusterArn: string): ReadonlyMap<string, Task> {
    const services = [...this.#services.values()].filter(({ arn }) => clusterOf(arn) === clusterArn);
    return new Map(
      services.flatMap((service) => service.tasks().map((task) => [task.taskArn, task] as const)),
    );
  }

  #find(input: { readonly cluster: string; readonly service: string }, caller: Caller): EcsServiceState {
    const clusterArn = this.#cluster(input.cluster, caller);
    const found = this.#services.get(arnIn(clusterArn, input.service));
    if (!found) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    return found;
  }

  #cluster(nameOrArn: string, { accessKeyId }: Caller): string {
    const arn = nameOrArn.startsWith('arn:') ? nameOrArn : this.#arn('cluster', nameOrArn);
    const [owner, here] = [arn.split(':')[4]!, this.accountOf(accessKeyId)];
    if (owner !== here)
      throw new AwsError(
        'InvalidParameterException',
        `Identifier is for ${owner}. Your accountId is ${here}`,
      );
    if (!this.#clusters.has(arn)) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return arn;
  }

  #arn(resource: string, name: string): string {
    return `arn:aws:ecs:${this.place.region}:${this.place.accountId}:${resource}/${name}`;
  }
}

const clusterOf = (serviceArn: string) => serviceArn.replace(/:service\/([^/]+)\/.*$/, ':cluster/$1');

const arnIn = (clusterArn: string, nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `${clusterArn.replace(':cluster/', ':service/')}/${nameOrArn}`;
