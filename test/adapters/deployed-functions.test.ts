import { LambdaClient } from '@aws-sdk/client-lambda';
import { createDeployedFunctions } from '../../lib/adapters/lambda';
import type { HandlerContext } from '../../local/aws/lambda';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const ADMIN = 'anthropic-keys-prod-admin';
const ORDERS = `${ADMIN}:orders`;
const list = () =>
  createDeployedFunctions(embedded.client(LambdaClient)).admin('prod', { verb: 'inspect-fleet' });

/** Deploys the function with Admin access, and notes by which names it is invoked. */
function deploy({ withDoor }: { withDoor: boolean }): readonly string[] {
  const doors: string[] = [];
  embedded.aws.lambda.register(ADMIN, async (_: unknown, { invokedFunctionArn }: HandlerContext) => {
    doors.push(invokedFunctionArn.split(':function:')[1]!);
    return { outcome: 'fleet', records: [] };
  });
  if (withDoor) embedded.aws.lambda.addAlias(ADMIN, 'orders');
  return doors;
}

test('people reach Admin access by the door for orders, and by no other', async () => {
  const doors = deploy({ withDoor: true });
  await list();
  expect(doors).toEqual([ORDERS]);
});

test('a deployment of the release before, which has no such door, is reached as it was', async () => {
  const doors = deploy({ withDoor: false });
  expect(await list()).toEqual({ outcome: 'fleet', records: [] });
  expect(doors).toEqual([ADMIN]);
});

test('so is one whose policies do not know the door', async () => {
  const doors = deploy({ withDoor: true });
  embedded.aws.faults.on(
    { service: 'lambda', where: ({ params }) => params.FunctionName === ORDERS, times: 1 },
    { kind: 'error', code: 'AccessDeniedException', message: 'not authorized', status: 403 },
  );
  await list();
  expect(doors).toEqual([ADMIN]);
});

test('a function that was reached is not invoked again by its other name, whatever it answers', async () => {
  embedded.aws.lambda.register(ADMIN, async () => {
    throw new Error('invalid_grant');
  });
  embedded.aws.lambda.addAlias(ADMIN, 'orders');
  await expect(list()).rejects.toMatchObject({ name: 'FunctionError', failure: 'failed' });
  expect(embedded.aws.lambda.invocations).toHaveLength(1);
});

test('where there is no Admin access, that is the answer', async () => {
  await expect(list()).rejects.toMatchObject({ name: 'FunctionError', failure: 'missing' });
});
