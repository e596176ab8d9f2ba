import assert from 'node:assert/strict';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { functionName, ordersName, secretName } from '../../../lib/contract/names';
import { keyText } from '../../../lib/contract/secret-value';
import { ApiKey } from '../../../lib/domain/key';
import { look } from '../../../local/deploy/account';
import type { LocalWorld } from '../../../local/deploy/local-world';
import { newestMail } from '../hand-in';
import type { Step } from '../step';
import { fireFor } from './schedules';

const retiring = (labels: Readonly<Record<string, string>>) =>
  Object.keys(labels).filter((label) => label.startsWith('RETIRE_AFTER_'));

/** The superseded key of a secret, which the fake Anthropic still knows. */
const oldKey = async (world: LocalWorld, name: string): Promise<string> => {
  const { labels } = await look(world, name);
  const [label] = retiring(labels);
  assert.ok(label, `${name} has no superseded key.`);
  const asked = ['--secret-id', name, '--version-id', labels[label]!];
  const { SecretString } = await world.aws<{ SecretString: string }>(
    'secretsmanager',
    'get-secret-value',
    ...asked,
  );
  return keyText(SecretString);
};

const ask = async (world: LocalWorld, FunctionName: string, request: object): Promise<unknown> => {
  const { Payload } = await world.lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }),
  );
  return JSON.parse(Payload!.transformToString());
};

export const graceOver: Step<LocalWorld> = {
  does: 'Grace ends: a person is asked for the old key of dev, Admin access switches off that of prod',
  async run(world) {
    const [dev, prod] = [secretName('dev', 'playground'), secretName('prod', 'api-gateway')];
    const oldOfDev = await oldKey(world, dev);
    const oldOfProd = await oldKey(world, prod);
    await fireFor(world, 'dev', 'playground');
    await newestMail(world, 'dev', 'playground', 'grace-over');
    assert.equal(world.anthropic.statusOf(oldOfDev), 'active');
    world.anthropic.disable(oldOfDev); // The person does as the mail says, in the Console.
    // What `retire` does: nobody knows yet that the key is idle, since its grace began a minute ago.
    const { fingerprint } = new ApiKey(oldOfProd);
    await ask(world, functionName('prod', 'check'), {
      secretId: prod,
      command: { verb: 'retire-now', fingerprint },
    });
    const order = { kind: 'retire', reason: 'services use the new key', by: 'on-call' };
    const request = { verb: 'deactivate', secretId: prod, fingerprint, order };
    const refused = await ask(world, functionName('prod', 'admin'), request);
    assert.equal((refused as { guard: string }).guard, 'orders-door');
    assert.equal(world.anthropic.statusOf(oldOfProd), 'active');
    await ask(world, ordersName('prod'), request);
    assert.equal(world.anthropic.statusOf(oldOfProd), 'inactive');
    await newestMail(world, 'prod', 'api-gateway', 'deactivating');
    return 'both keys are off';
  },
};

export const provenDead: Step<LocalWorld> = {
  does: 'Old keys are proven dead by two refusals beside the live key, and the rotations are complete',
  async run(world) {
    await Promise.all([fireFor(world, 'dev', 'playground'), fireFor(world, 'prod', 'api-gateway')]);
    for (const [environment, service] of [
      ['dev', 'playground'],
      ['prod', 'api-gateway'],
    ] as const) {
      assert.deepEqual(retiring((await look(world, secretName(environment, service))).labels), []);
      await newestMail(world, environment, service, 'rotation-complete');
    }
    return 'no retiring key is left';
  },
};
