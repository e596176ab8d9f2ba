import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { refused } from '../secret-at-hand';
import { type Case, type ContractWorld, eventually } from '../world';

/** A cluster without machines, which costs nothing. */
async function aCluster({ ecs, ...world }: ContractWorld) {
  const clusterName = world.name('cluster');
  const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName }));
  return cluster!.clusterArn!;
}

/** A service that wants no task. */
async function aService(world: ContractWorld) {
  const { ecs } = world;
  const cluster = await aCluster(world);
  const family = cluster.split('/').at(-1)!;
  const containerDefinitions = [{ name: 'app', image: 'public.ecr.aws/docker/library/busybox', memory: 16 }];
  await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
  const serviceName = 'gateway';
  const made = await ecs.send(
    new CreateServiceCommand({ cluster, serviceName, taskDefinition: family, desiredCount: 0 }),
  );
  const arn = made.service!.serviceArn!;
  const describe = async () =>
    (await ecs.send(new DescribeServicesCommand({ cluster, services: [arn] }))).services![0]!;
  return { cluster, service: serviceName, arn, describe };
}

export const SERVICE_CASES: readonly Case[] = [
  {
    sentence: 'an ECS service that is not there is a failure named MISSING, and no error',
    async prove(world) {
      const cluster = await aCluster(world);
      const arn = `${cluster.replace(':cluster/', ':service/')}/nothing`;
      const answer = await world.ecs.send(new DescribeServicesCommand({ cluster, services: [arn] }));
      expect(answer.services).toEqual([]);
      expect(answer.failures).toMatchObject([{ arn, reason: 'MISSING' }]);
    },
  },
  {
    sentence: 'an ECS cluster that is not there is an error',
    async prove({ ecs, ...world }) {
      const cluster = world.name('cluster');
      const asked = ecs.send(new DescribeServicesCommand({ cluster, services: ['gateway'] }));
      await expect(asked).rejects.toEqual(refused('ClusterNotFoundException'));
    },
  },
  {
    sentence: 'an ECS service has its cluster in its ARN, and one PRIMARY deployment with a date',
    async prove(world) {
      const { cluster, arn, describe } = await aService(world);
      expect(arn).toBe(`${cluster.replace(':cluster/', ':service/')}/gateway`);
      const { status, deployments } = await describe();
      expect(status).toBe('ACTIVE');
      expect(deployments).toMatchObject([{ status: 'PRIMARY', createdAt: expect.any(Date) }]);
    },
  },
  {
    sentence: 'a forced deployment of an ECS service is the PRIMARY one, later than the one before',
    async prove(world) {
      const { cluster, service, describe } = await aService(world);
      const [before] = (await describe()).deployments!;
      await world.clock.sleep(1_100);
      await world.ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
      await eventually(world, async () => {
        const after = (await describe()).deployments!.find(({ status }) => status === 'PRIMARY')!;
        expect(after.id).not.toBe(before!.id);
        expect(after.createdAt! > before!.createdAt!).toBe(true);
      });
    },
  },
  {
    sentence: 'an ECS service that wants no task lists none, neither running nor stopped',
    async prove({ ecs, ...world }) {
      const { cluster, service: serviceName } = await aService({ ecs, ...world });
      for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
        const listed = await ecs.send(
          new ListTasksCommand({ cluster, serviceName, desiredStatus, maxResults: 100 }),
        );
        expect(listed.taskArns).toEqual([]);
        expect(listed.nextToken).toBeUndefined();
      }
    },
  },
  {
    sentence: 'an ECS service that was deleted is INACTIVE for a while',
    async prove(world) {
      const { cluster, service, describe } = await aService(world);
      await world.ecs.send(new DeleteServiceCommand({ cluster, service }));
      await eventually(world, async () => {
        expect((await describe()).status).toBe('INACTIVE');
      });
    },
  },
  {
    sentence: 'an ECS service that was deleted is not deployed any more',
    async prove(world) {
      const { cluster, service } = await aService(world);
      await world.ecs.send(new DeleteServiceCommand({ cluster, service }));
      const deploy = new UpdateServiceCommand({ cluster, service, forceNewDeployment: true });
      await expect(world.ecs.send(deploy)).rejects.toEqual(refused('ServiceNotActiveException'));
    },
  },
];
