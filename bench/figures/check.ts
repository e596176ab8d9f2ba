import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { checkOn } from '../../lambda/check';
import { rotateOn } from '../../lambda/rotate';
import type { Runtime } from '../../lib/adapters/runtime';
import { systemClock } from '../../lib/adapters/system-clock';
import { clientConfig } from '../../local/aws';
import { countCalls, sumOf } from '../../test/lifecycle/count-calls';
import type { Figure } from '../figure';
import { median } from '../measure';
import { openSlowWorld, type SlowWorld } from '../slow-world';

/** Milliseconds that each call takes more than this machine needs. */
const DELAY = 20;

/** Checks whose CPU time is measured at a time. */
const FEW = 30;

/** Checks until the code is as fast as it gets. */
const HUNDREDS = 400;

const ROUNDS = 60;
const ROTATIONS = 9;

/** Warm checks and rotations: what they wait for, what they compute, and what they ask. */
export async function measure(): Promise<readonly Figure[]> {
  return [...(await counted()), ...(await measuredApart())];
}

/** Figures by the flow that they count. */
const COUNTED: Readonly<Record<string, Pick<Figure, 'id' | 'goal'>>> = {
  'steady check': { id: '3', goal: { most: 4 } },
  'check in grace': { id: '3b', goal: { most: 6 } },
  'check that proves the old key dead': { id: '3c' },
  'check with a forgotten old key': { id: '3d' },
  'a day of hourly checks with a forgotten old key': { id: '3e' },
  rotation: { id: '3f', goal: { most: 36 } },
  'daily report': { id: '3g' },
};

async function counted(): Promise<readonly Figure[]> {
  return (await countCalls()).flatMap((count) => {
    const figure = COUNTED[count.flow];
    const value = sumOf(count) + count.anthropic;
    const note = `${value - count.anthropic} of AWS and ${count.anthropic} of Anthropic, in an account of 152 secrets`;
    return figure ? [{ ...figure, name: `Calls: ${count.flow}`, value, unit: 'calls' as const, note }] : [];
  });
}

/** In a process of its own, whose log goes nowhere: functions write theirs to standard output, which takes time that is to be measured. */
async function measuredApart(): Promise<readonly Figure[]> {
  const child = fork(__filename, [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The measurement of checks ended with ${code}.`);
  });
  const [figures] = await Promise.race([once(child, 'message'), ended]);
  return figures;
}

async function main(): Promise<void> {
  const world = await openSlowWorld();
  const functions = functionsIn(world);
  try {
    const key = await world.newKey();
    const check = () => functions.check({ secretId: key.secretId }, {});
    const cpu = await cpuOfChecks(check);
    await functions.delay(DELAY);
    const waits = await checksAgainstRoundTrips(check, functions.roundTrips(key));
    process.send!([...cpu, ...waits, ...(await rotations(world, functions))]);
  } finally {
    world.close();
  }
}

async function cpuOfChecks(check: () => Promise<unknown>): Promise<readonly Figure[]> {
  const few = async () => {
    const before = process.cpuUsage();
    for (let n = 0; n < FEW; n++) await check();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / FEW;
  };
  await check();
  const first = await few();
  for (let n = 0; n < HUNDREDS; n++) await check();
  const note = 'All of its threads, with the collection of garbage';
  return [
    {
      ...{ id: '6', name: `CPU time of a warm check, the first ${FEW}`, value: first, unit: 'ms' },
      note,
    },
    {
      ...{ id: '6b', name: `CPU time of a warm check, after ${HUNDREDS}`, value: await few(), unit: 'ms' },
      note,
    },
  ];
}

/** A steady check makes three calls at once, and then one more: it cannot take less than two round trips. */
async function checksAgainstRoundTrips(
  check: () => Promise<unknown>,
  roundTrips: () => Promise<unknown>,
): Promise<readonly Figure[]> {
  const [ours, raw]: number[][] = [[], []];
  await roundTrips();
  for (let round = 0; round < ROUNDS; round++) {
    raw!.push(await timed(roundTrips));
    ours!.push(await timed(check));
  }
  return [
    {
      ...{ id: '2', name: `Warm steady check at ${DELAY} ms a call, against two bare round trips` },
      ...{ value: median(ours!) / median(raw!), unit: '×', goal: { most: 1.1 } },
      note: `${median(ours!).toFixed(1)} and ${median(raw!).toFixed(1)} ms`,
    },
  ];
}

/** The four steps one after the other, as Secrets Manager calls them, against the same without the time that they sleep. */
async function rotations(world: SlowWorld, functions: Functions): Promise<readonly Figure[]> {
  const [all, awake]: number[][] = [[], []];
  for (let n = 0; n < ROTATIONS; n++) {
    await functions.delay(0);
    const { secretId } = await world.newKey();
    const { token } = await world.submit(secretId);
    await functions.delay(DELAY);
    const slept = functions.slept();
    const taken = await timed(async () => {
      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
        await functions.rotate({ Step, SecretId: secretId, ClientRequestToken: token }, {});
    });
    if (!(await world.isAccepted(secretId, token))) throw new Error('A rotation has not come to its end.');
    all!.push(taken);
    awake!.push(taken - (functions.slept() - slept));
  }
  return [
    {
      ...{ id: '4', name: `Four steps of a rotation at ${DELAY} ms a call, against the same without pauses` },
      ...{ value: median(all!) / median(awake!), unit: '×', goal: { most: 1.3 } },
    },
    {
      ...{ id: '4b', name: `Four steps of a rotation at ${DELAY} ms a call` },
      ...{ value: median(all!), unit: 'ms' },
    },
  ];
}

type Functions = ReturnType<typeof functionsIn>;

/** The functions in this process, and what they could do at best. Answers of Anthropic are late here, those of AWS in its own process. */
function functionsIn(world: SlowWorld) {
  let late = 0;
  let slept = 0;
  const lateFetch: typeof fetch = async (...asked) => {
    await wait(late);
    return fetch(...asked);
  };
  const runtime = (role: 'check' | 'rotate'): Runtime => ({
    vars: world.variables[role],
    clock: {
      now: systemClock.now,
      async sleep(milliseconds) {
        slept += milliseconds;
        await systemClock.sleep(milliseconds);
      },
    },
    aws: clientConfig(world.aws, `anthropic-keys-prod-${role}`),
    fetch: lateFetch,
  });
  return {
    check: checkOn(runtime('check')),
    rotate: rotateOn(runtime('rotate')),
    roundTrips: ({ secretId, live }: { secretId: string; live: string }) => {
      const agent = new Agent({ keepAlive: true });
      return async () => {
        await describe(secretId, world, agent);
        await askAnthropic(live, world, lateFetch);
      };
    },
    /** Milliseconds, of all functions so far. */
    slept: () => slept,
    async delay(milliseconds: number) {
      late = milliseconds;
      await world.delay(milliseconds);
    },
  };
}

/** One call over the client's own kind of socket, with nothing around it. */
async function describe(secretId: string, { aws }: SlowWorld, agent: Agent): Promise<void> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.DescribeSecret',
    authorization: 'AWS4-HMAC-SHA256 Credential=bench/local',
  };
  const asked = request(aws.endpoint, { method: 'POST', agent, headers });
  const answered = once(asked, 'response');
  asked.end(JSON.stringify({ SecretId: secretId }));
  const [answer] = await answered;
  const said = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`DescribeSecret: ${answer.statusCode} ${said}`);
}

async function askAnthropic(key: string, { anthropic }: SlowWorld, ask: typeof fetch): Promise<void> {
  const answer = await ask(`${anthropic}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': key },
    body: JSON.stringify({
      ...{ model: 'claude-haiku-5-5', max_tokens: 1 },
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  });
  await answer.text();
  if (answer.status !== 200) throw new Error(`/v1/messages: ${answer.status}`);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

if (require.main === module)
  main().then(
    () => process.exit(0),
    (error: Error) => {
      console.error(error.stack);
      process.exit(1);
    },
  );
