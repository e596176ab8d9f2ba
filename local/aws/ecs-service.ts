import { plus } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { entriesOf, lengthOf } from '../snapshot';

/** A task as DescribeTasks shows it. Dates are seconds since 1970. */
export interface Task {
  readonly taskArn: string;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly lastStatus: string;
  readonly createdAt: number;
  readonly startedAt?: number;
}

/** Seconds after the creation of a deployment, or of a task, in which something happens. */
const TASKS_CREATED = 5;
const PROVISIONED = 10;
const STARTED = 40;
const OLD_TASKS_TO_STOP = 60;
const OLD_TASKS_STOPPED = 90;

/** How long ECS lists a task that has stopped. */
const LISTED_STOPPED = 3_600;

interface Deployment {
  readonly number: number;
  readonly at: Date;
}

interface StoredTask {
  readonly arn: string;
  readonly deployment: number;
  readonly createdAt: Date;
}

/** A service of the embedded ECS. Everything follows from its deployments and the time: new tasks come first, then the old ones stop. */
export class EcsServiceState {
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE' = 'ACTIVE';
  /** Whether new tasks fail to start, so that the old ones stay. */
  stuck = false;
  readonly #deployments: Deployment[] = [];
  readonly #tasks: StoredTask[] = [];

  constructor(
    private readonly clock: Clock,
    readonly arn: string,
    readonly desiredCount: number,
    readonly controller: string,
  ) {
    this.deploy();
  }

  /** How often it was deployed. */
  get deployments(): number {
    return this.#deployments.length;
  }

  deploy(): void {
    this.#goOn();
    this.#deployments.push({ number: this.#deployments.length + 1, at: this.clock.now() });
  }

  /** Remembers its deployments and tasks. Returns what puts them back. */
  snapshot(): () => void {
    const { status, stuck } = this;
    const restores = [lengthOf(this.#deployments), entriesOf(this.#tasks)];
    return () => {
      Object.assign(this, { status, stuck });
      for (const restore of restores) restore();
    };
  }

  /** Its tasks stop at once. */
  remove(): void {
    this.status = 'INACTIVE';
    this.#tasks.length = 0;
  }

  /** As DescribeServices shows it. */
  described(): object {
    const tasks = this.tasks().filter(({ lastStatus }) => lastStatus !== 'STOPPED');
    const latest = this.#latest;
    const isDone = !this.stuck && this.#since(latest.at) >= OLD_TASKS_STOPPED;
    const shown = isDone ? [latest] : this.#deployments.slice(-2).reverse();
    return {
      serviceArn: this.arn,
      clusterArn: this.arn.replace(/:service\/([^/]+)\/.*$/, ':cluster/$1'),
      serviceName: this.arn.split('/').at(-1),
      status: this.status,
      desiredCount: this.desiredCount,
      runningCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
      deploymentController: { type: this.controller },
      deployments: shown.map((one) => ({
        id: `ecs-svc/${String(one.number).padStart(19, '0')}`,
        status: one === latest ? 'PRIMARY' : 'ACTIVE',
        createdAt: seconds(one.at),
        rolloutState: one !== latest || isDone ? 'COMPLETED' : 'IN_PROGRESS',
      })),
    };
  }

  /** Every task that ECS still lists. */
  tasks(): readonly Task[] {
    this.#goOn();
    return this.#tasks.flatMap((task) => {
      const replaced = this.#replacedAt(task);
      const age = this.#since(task.createdAt);
      const stopping = replaced && this.#since(replaced);
      const stopped = stopping !== undefined && stopping >= OLD_TASKS_STOPPED - OLD_TASKS_TO_STOP;
      if (stopping !== undefined && stopping > LISTED_STOPPED) return [];
      return {
        taskArn: task.arn,
        desiredStatus: replaced ? 'STOPPED' : 'RUNNING',
        lastStatus: stopped ? 'STOPPED' : replaced ? 'DEACTIVATING' : statusAt(age),
        createdAt: seconds(task.createdAt),
        ...(age >= STARTED && { startedAt: seconds(plus(task.createdAt, STARTED * 1000)) }),
      };
    });
  }

  get #latest(): Deployment {
    return this.#deployments.at(-1)!;
  }

  /** Creates the tasks of the latest deployment once it is time. */
  #goOn(): void {
    const latest = this.#deployments.at(-1);
    if (!latest || this.status !== 'ACTIVE' || this.#since(latest.at) < TASKS_CREATED) return;
    const isFirst = latest.number === 1;
    if (this.#tasks.some(({ deployment }) => deployment === latest.number) || (this.stuck && !isFirst))
      return;
    const createdAt = plus(latest.at, TASKS_CREATED * 1000);
    const head = this.arn.replace(/:service\/([^/]+)\/(.*)$/, ':task/$1/$2');
    for (let n = 1; n <= this.desiredCount; n++)
      this.#tasks.push({ arn: `${head}-${latest.number}-${n}`, deployment: latest.number, createdAt });
  }

  /** When a task was told to stop because a later deployment has its own tasks running. */
  #replacedAt({ deployment }: StoredTask): Date | undefined {
    const later = this.#deployments.find(
      ({ number }) => number > deployment && this.#tasks.some((task) => task.deployment === number),
    );
    const at = later && plus(later.at, OLD_TASKS_TO_STOP * 1000);
    return at && at <= this.clock.now() ? at : undefined;
  }

  #since(at: Date): number {
    return (this.clock.now().getTime() - at.getTime()) / 1000;
  }
}

const seconds = (at: Date) => at.getTime() / 1000;

function statusAt(age: number): string {
  if (age < PROVISIONED) return 'PROVISIONING';
  return age < STARTED ? 'PENDING' : 'RUNNING';
}
