import { createVerify } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { embeddedAws } from './embedded-aws';

const embedded = embeddedAws();
const invoke = (input: ConstructorParameters<typeof InvokeCommand>[0]) =>
  embedded.client(LambdaClient).send(new InvokeCommand(input));

test('a function gets its event as JSON and answers as JSON, by name and by ARN', async () => {
  const arn = embedded.aws.lambda.register('echo', async (event) => ({ event }));
  for (const FunctionName of ['echo', arn]) {
    const answer = await invoke({ FunctionName, Payload: JSON.stringify({ at: new Date(0) }) });
    expect(JSON.parse(answer.Payload!.transformToString())).toEqual({
      event: { at: '1970-01-01T00:00:00.000Z' },
    });
  }
});

test('a handler that throws is a function error in an answer that succeeded', async () => {
  embedded.aws.lambda.register('broken', async () => {
    throw new TypeError('boom');
  });
  const answer = await invoke({ FunctionName: 'broken' });
  expect([answer.StatusCode, answer.FunctionError]).toEqual([200, 'Unhandled']);
  expect(JSON.parse(answer.Payload!.transformToString())).toMatchObject({
    errorType: 'TypeError',
    errorMessage: 'boom',
  });
});

test('a function that does not exist is not found', async () => {
  await expect(invoke({ FunctionName: 'nobody' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('an alias is another door to the same code, and the function is told which one was used', async () => {
  const arn = embedded.aws.lambda.register('echo', async (_, { invokedFunctionArn }) => invokedFunctionArn);
  embedded.aws.lambda.addAlias('echo', 'orders');
  const invokedBy = async (FunctionName: string) =>
    JSON.parse((await invoke({ FunctionName })).Payload!.transformToString());
  for (const name of ['echo', arn]) {
    expect(await invokedBy(name)).toBe(arn);
    expect(await invokedBy(`${name}:orders`)).toBe(`${arn}:orders`);
    expect(await invokedBy(`${name}:$LATEST`)).toBe(`${arn}:$LATEST`);
  }
  const qualified = await invoke({ FunctionName: 'echo', Qualifier: 'orders' });
  expect(JSON.parse(qualified.Payload!.transformToString())).toBe(`${arn}:orders`);
  expect(
    embedded.aws.lambda.invocations.slice(0, 3).map(({ functionName, alias }) => [functionName, alias]),
  ).toEqual([
    ['echo', undefined],
    ['echo', 'orders'],
    ['echo', undefined],
  ]);
});

test.each(['echo:elsewhere', 'other:orders'])('an alias that %s does not have is not found', async (name) => {
  for (const one of ['echo', 'other']) embedded.aws.lambda.register(one, async () => 'ran');
  embedded.aws.lambda.addAlias('echo', 'orders');
  for (const InvocationType of ['RequestResponse', 'DryRun'] as const)
    await expect(invoke({ FunctionName: name, InvocationType })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
});

test('a dry run says that the function is there, and runs nothing', async () => {
  embedded.aws.lambda.register('echo', async (event) => event);
  const answer = await invoke({ FunctionName: 'echo', InvocationType: 'DryRun' });
  expect(answer.StatusCode).toBe(204);
  expect(embedded.aws.lambda.invocations).toEqual([]);
});

test('an asynchronous invocation is answered at once and tried three times', async () => {
  embedded.aws.lambda.register('broken', async () => {
    throw new Error('boom');
  });
  const answer = await invoke({ FunctionName: 'broken', InvocationType: 'Event' });
  expect(answer.StatusCode).toBe(202);
  await embedded.aws.settle();
  expect(embedded.aws.lambda.invocations.map(({ error }) => error)).toEqual(['boom', 'boom', 'boom']);
  expect(embedded.clock.now()).toEqual(new Date('2026-11-21T00:03:00Z'));
});

test.each(['ES384', 'RS256'] as const)(
  'STS vouches for the caller with a token signed by %s',
  async (algorithm) => {
    const sts = embedded.client(STSClient, 'admin-function');
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    const { WebIdentityToken, Expiration } = await sts.send(
      new GetWebIdentityTokenCommand({
        Audience: ['https://api.anthropic.com'],
        SigningAlgorithm: algorithm,
      }),
    );
    const [header, claims, signature] = WebIdentityToken!.split('.') as [string, string, string];
    const verified = createVerify(algorithm === 'ES384' ? 'sha384' : 'sha256')
      .update(`${header}.${claims}`)
      .verify(
        { key: embedded.aws.sts.publicKey(algorithm), dsaEncoding: 'ieee-p1363' },
        signature,
        'base64url',
      );
    expect(verified).toBe(true);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      iss: embedded.aws.sts.issuer,
      sub: Arn,
      aud: 'https://api.anthropic.com',
      iat: embedded.clock.now().getTime() / 1000,
      exp: Expiration!.getTime() / 1000,
    });
  },
);
