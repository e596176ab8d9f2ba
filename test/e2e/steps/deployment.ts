import assert from 'node:assert/strict';
import { functionName, secretName } from '../../../lib/contract/names';
import { PLACEHOLDER } from '../../../lib/contract/secret-value';
import { look, settled } from '../../../local/deploy/account';
import { takeInventory } from '../../../local/deploy/inventory';
import type { LocalWorld } from '../../../local/deploy/local-world';
import { describeAttachments } from '../attachments';
import type { Step } from '../step';

const STACKS = ['AnthropicKeys-dev', 'AnthropicKeys-prod'] as const;

export const bootstrap: Step<LocalWorld> = {
  does: 'cdk bootstrap prepares the account',
  async run({ cdk, aws }) {
    await cdk.bootstrap();
    const { Buckets } = await aws<{ Buckets: { Name: string }[] }>('s3api', 'list-buckets');
    assert.equal(Buckets.filter(({ Name }) => Name.startsWith('cdk-')).length, 1);
    return 'a bucket for bundles and templates';
  },
};

export const deploy: Step<LocalWorld> = {
  does: 'cdk deploy --all makes two environments, and every service shows what the stacks say',
  async run(world) {
    await world.cdk.deploy();
    const { resources, missing } = await takeInventory(world, STACKS);
    assert.deepEqual(missing, []);
    for (const environment of ['dev', 'prod']) await describeAttachments(world, environment);
    return `${resources.length} resources`;
  },
};

export const placeholders: Step<LocalWorld> = {
  does: 'Secrets wait for their first key, with their rotation configured and tested',
  async run(world) {
    await assertWaiting(world, 'dev', 'playground', 90);
    await assertWaiting(world, 'prod', 'api-gateway', 60);
    const tests = world.runtime.invocations.filter(({ event }) => event.includes('testSecret'));
    assert.deepEqual(
      tests.map(({ ok }) => ok),
      [true, true],
    );
    return '2 secrets, rotation on';
  },
};

async function assertWaiting(world: LocalWorld, environment: string, service: string, days: number) {
  const name = secretName(environment, service);
  const secret = await settled(world, name);
  assert.equal(secret.value, PLACEHOLDER);
  assert.equal(secret.tags['anthropic-key:max-age-days'], String(days));
  assert.equal(secret.rotation.enabled, true);
  assert.equal(secret.rotation.days, days);
  assert.ok(secret.rotation.functionArn?.endsWith(`:${functionName(environment, 'rotate')}`));
  assert.deepEqual(Object.keys(secret.labels), ['AWSCURRENT']);
}

export const noDifference: Step<LocalWorld> = {
  does: 'cdk diff finds nothing to change, after rotations too',
  async run({ cdk }) {
    const { code, stdout, stderr } = await cdk.diff();
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /Number of stacks with differences: 0/);
    return '0 stacks with differences';
  },
};

export const redeploy: Step<LocalWorld> = {
  does: 'A second deployment changes a policy and adds a key; live values stay untouched',
  async run(world) {
    const names = [secretName('dev', 'playground'), secretName('prod', 'api-gateway')];
    const before = await Promise.all(names.map((name) => look(world, name)));
    world.fleet
      .set('environments.prod.keys.api-gateway.policy.maxAgeDays', 45)
      .set('environments.prod.keys.invoices', { owner: 'finance@example.com' })
      .write();
    await world.cdk.deploy();
    const after = await Promise.all(names.map((name) => settled(world, name)));
    assert.deepEqual(after[0], before[0]);
    const { tags, rotation, ...untouched } = after[1]!;
    const { tags: formerTags, rotation: formerRotation, ...former } = before[1]!;
    assert.deepEqual(untouched, former);
    assert.deepEqual(tags, { ...formerTags, 'anthropic-key:max-age-days': '45' });
    assert.deepEqual(rotation, { ...formerRotation, days: 45 });
    await assertWaiting(world, 'prod', 'invoices', 90);
    const { missing } = await takeInventory(world, STACKS);
    assert.deepEqual(missing, []);
    return 'prod/api-gateway: 45 days · prod/invoices: new';
  },
};

export const destroy: Step<LocalWorld> = {
  does: 'cdk destroy removes everything but the secrets and their encryption key',
  async run(world) {
    const names = ['dev/playground', 'prod/api-gateway', 'prod/invoices'].map((name) => `anthropic/${name}`);
    const before = await Promise.all(names.map((name) => look(world, name)));
    await world.cdk.destroy();
    for (const [index, name] of names.entries()) {
      const { value, versionId, labels, rotation } = await look(world, name);
      const { value: formerValue, versionId: formerId, labels: formerLabels } = before[index]!;
      assert.deepEqual(
        { value, versionId, labels },
        { value: formerValue, versionId: formerId, labels: formerLabels },
      );
      assert.equal(rotation.enabled, false);
    }
    const { Functions } = await world.aws<{ Functions: unknown[] }>('lambda', 'list-functions');
    const { Schedules } = await world.aws<{ Schedules: unknown[] }>('scheduler', 'list-schedules');
    const { Keys } = await world.aws<{ Keys: unknown[] }>('kms', 'list-keys');
    assert.deepEqual([Functions, Schedules, Keys.length], [[], [], 1]);
    return '3 secrets with their values, no function, no schedule';
  },
};
