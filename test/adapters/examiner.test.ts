import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openOperator } from '../../lib/adapters/operator';
import { systemClock } from '../../lib/adapters/system-clock';

/** A client with a scripted answer that records its calls. */
interface Exchange {
  asked: string;
  status: number;
  body: string;
  /** Answered first, to the first call. */
  before?: string;
}

let server: Server;
let exchange: Exchange;
let examiner: ReturnType<typeof openOperator>['examiner'];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      exchange.asked = `${request.url} ${decodeURIComponent(body)}`;
      const { status } = exchange;
      const answer = exchange.before ?? exchange.body;
      exchange.before = undefined;
      const type = /"(?:__type|Code)":"(\w+)"/.exec(answer)?.[1];
      response.writeHead(status, type ? { 'x-amzn-errortype': type } : {}).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'ada', secretAccessKey: 'none' };
  const aws = { endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
  ({ examiner } = openOperator({ aws, anthropicUrl: endpoint, clock: systemClock }));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const answering = (status: number, body: string) => {
  exchange = { asked: '', status, body };
};

const decisions = (rows: Record<string, string>) =>
  `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><EvaluationResults>${Object.entries(
    rows,
  )
    .map(
      ([action, decision]) =>
        `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`,
    )
    .join('')}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;

describe('permissions', () => {
  const ACTIONS = ['secretsmanager:PutSecretValue', 'secretsmanager:RotateSecret'];
  const SECRET = { arn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x', environment: 'prod' };
  const SESSION = 'arn:aws:sts::111122223333:assumed-role/Operators/ada@example.com';

  test('are simulated for the role of the session, with its path, and refused ones are named', async () => {
    answering(200, decisions({ [ACTIONS[0]!]: 'allowed', [ACTIONS[1]!]: 'implicitDeny' }));
    const arn = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Operators';
    exchange.before = `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><RoleName>Operators</RoleName><Arn>${arn}</Arn></Role></GetRoleResult></GetRoleResponse>`;
    expect(await examiner.refused(SESSION, ACTIONS, SECRET)).toEqual({ known: [ACTIONS[1]] });
    expect(exchange.asked).toContain(`PolicySourceArn=${arn}&`);
    expect(exchange.asked).toContain('ContextKeyName=aws:ResourceTag/anthropic-key:environment');
  });

  test('are unknown when the simulation is denied', async () => {
    answering(
      403,
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform iam:SimulatePrincipalPolicy</Message></Error></ErrorResponse>',
    );
    expect(await examiner.refused(SESSION, ACTIONS, SECRET)).toEqual({
      unknown: expect.stringContaining('iam:SimulatePrincipalPolicy'),
      denial: { action: 'iam:SimulatePrincipalPolicy' },
    });
  });
});

describe('a schedule', () => {
  test.each([
    [200, '{"State":"ENABLED"}', { known: 'enabled' }],
    [200, '{"State":"DISABLED"}', { known: 'disabled' }],
    [404, '{"__type":"ResourceNotFoundException","Message":"no"}', { known: 'missing' }],
    [
      403,
      '{"__type":"AccessDeniedException","Message":"no"}',
      { unknown: 'AccessDeniedException: no', denial: { action: 'scheduler:GetSchedule' } },
    ],
  ])('%s %s', async (status, body, seen) => {
    answering(status, body);
    expect(await examiner.schedule('anthropic-keys-prod', 'api-gateway')).toEqual(seen);
    expect(exchange.asked).toContain('/schedules/api-gateway?groupName=anthropic-keys-prod');
  });
});

describe('a function', () => {
  test.each([
    [204, '', { known: 'invocable' }],
    [404, '{"__type":"ResourceNotFoundException","Message":"no"}', { known: 'missing' }],
    [403, '{"__type":"AccessDeniedException","Message":"no"}', { known: 'denied' }],
    [500, '{"__type":"ServiceException","Message":"oh"}', { unknown: 'ServiceException: oh' }],
  ])('%s %s, asked for without running it', async (status, body, seen) => {
    answering(status, body);
    expect(await examiner.function('anthropic-keys-prod-check')).toEqual(seen);
  });
});

test('names of deleted secrets and broken replicas are found', async () => {
  answering(200, '{"SecretList":[{"Name":"anthropic/prod/a"},{"Name":"anthropic/prod/b","DeletedDate":1}]}');
  expect(await examiner.tombstones('anthropic/prod/')).toEqual({ known: ['anthropic/prod/b'] });
  expect(exchange.asked).toContain('"IncludePlannedDeletion":true');
  answering(200, '{"ReplicationStatus":[{"Region":"a","Status":"InSync"},{"Region":"b","Status":"Failed"}]}');
  expect(await examiner.brokenReplicas('arn')).toEqual({ known: ['b'] });
});

test('the clock is compared with the Date of the last answer', async () => {
  answering(200, '{}');
  await examiner.brokenReplicas('arn');
  const seen = await examiner.clockAhead();
  expect('known' in seen && Math.abs(seen.known)).toBeLessThan(5_000);
});

test('any answer shows that Anthropic can be reached, none that it cannot', async () => {
  answering(401, '{}');
  expect(await examiner.anthropic()).toEqual({ known: 'answers-bare' });
  const desk = openOperator({ aws: {}, anthropicUrl: 'http://127.0.0.1:9', clock: systemClock });
  expect(await desk.examiner.anthropic()).toEqual({ known: 'does-not-answer' });
});

describe('the deployed release', () => {
  test.each([
    ['that says so', 'Reports on the Anthropic keys of prod, by release 1.2.3', '1.2.3'],
    ['of a release before', 'Reports on the Anthropic keys of prod', undefined],
  ])('%s', async (_, Description, known) => {
    answering(200, JSON.stringify({ Description, State: 'ENABLED' }));
    expect(await examiner.release('prod')).toEqual({ known });
    expect(exchange.asked).toContain('/schedules/daily.report?groupName=anthropic-keys-prod');
  });

  test('that cannot be seen', async () => {
    answering(403, '{"__type":"AccessDeniedException","Message":"no"}');
    expect(await examiner.release('prod')).toEqual({
      unknown: expect.stringContaining('AccessDenied'),
      denial: { action: 'scheduler:GetSchedule' },
    });
  });
});

test.each(['AWS_ENDPOINT_URL', 'the option'])(
  'nothing is sent over a network in the clear, by %s',
  async (way) => {
    const endpoint = 'http://aws.example.com';
    const credentials = { accessKeyId: 'ada', secretAccessKey: 'none' };
    const { AWS_ENDPOINT_URL: before } = process.env;
    if (way === 'AWS_ENDPOINT_URL') process.env.AWS_ENDPOINT_URL = endpoint;
    try {
      const aws = {
        region: 'eu-central-1',
        credentials,
        maxAttempts: 1,
        ...(way === 'the option' && { endpoint }),
      };
      const { store, place } = openOperator({ aws, anthropicUrl: 'https://example.com', clock: systemClock });
      const refused = /would be sent unencrypted to http:\/\/aws\.example\.com/;
      const version = { token: 't'.repeat(32), value: 'x', labels: ['SUBMITTED'] };
      await expect(store.put('x', version)).rejects.toThrow(refused);
      await expect(store.describe('x')).rejects.toThrow(refused);
      await expect(place()).rejects.toThrow(refused);
    } finally {
      if (before === undefined) delete process.env.AWS_ENDPOINT_URL;
      else process.env.AWS_ENDPOINT_URL = before;
    }
  },
);
