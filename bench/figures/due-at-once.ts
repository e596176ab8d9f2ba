import { ASSUMED, type Assumption, CONCURRENT, REQUESTS_PER_MINUTE } from '../due-at-once/limits';
import { type Outcome, quantile, type Scenario, simulate, spread } from '../due-at-once/simulate';
import type { Figure } from '../figure';

const KEYS = 10_000;

interface Case {
  readonly id: string;
  readonly checkEvery: string;
  readonly tier: keyof typeof REQUESTS_PER_MINUTE;
  readonly lambda: keyof typeof CONCURRENT;
  /** Whether no key may starve. Elsewhere the figure shows what a limit does. */
  readonly promised: boolean;
}

const CASES: readonly Case[] = [
  { id: '15', checkEvery: 'rate(1 hour)', tier: 'start', lambda: 'usual', promised: true },
  { id: '15e', checkEvery: 'rate(1 hour)', tier: 'start', lambda: 'newAccount', promised: true },
  { id: '15f', checkEvery: 'rate(1 hour)', tier: 'evaluation', lambda: 'usual', promised: false },
  { id: '15g', checkEvery: 'rate(15 minutes)', tier: 'start', lambda: 'usual', promised: false },
  { id: '15h', checkEvery: 'rate(15 minutes)', tier: 'scale', lambda: 'usual', promised: true },
  { id: '15i', checkEvery: 'rate(15 minutes)', tier: 'scale', lambda: 'newAccount', promised: false },
];

/** 10,000 keys that are due in one moment, twice. It is simulated: nobody has so many keys to try it with. */
export async function measure(): Promise<readonly Figure[]> {
  console.info('10,000 keys due at once rest on these assumptions:');
  for (const table of [ASSUMED, REQUESTS_PER_MINUTE, CONCURRENT])
    for (const { value, says, source } of Object.values<Assumption>(table))
      console.info(`  ${value} ${says} (${source})`);
  return CASES.flatMap((one) => {
    const scenario: Scenario = {
      keys: KEYS,
      checkEvery: one.checkEvery,
      requestsPerMinute: REQUESTS_PER_MINUTE[one.tier].value,
      concurrency: CONCURRENT[one.lambda].value,
      periods: 2,
      seed: 1,
    };
    const outcome = simulate(scenario);
    const starved: Figure = {
      id: one.id,
      name: `${KEYS.toLocaleString('en')} keys due at once, ${nameOf(scenario)}: not found alive before they are due again`,
      value: outcome.starved,
      unit: 'count',
      ...(one.promised && { goal: { most: 0 } }),
      note: sentence(outcome),
    };
    return one.id === '15' ? [starved, ...parts(outcome)] : [starved];
  });
}

function nameOf({ checkEvery, requestsPerMinute, concurrency }: Scenario): string {
  const { window } = spread(checkEvery);
  return `${checkEvery} within ${window} minutes, ${requestsPerMinute} probes a minute, ${concurrency} Lambda environments`;
}

const parts = ({ rateLimited, delays, concurrent }: Outcome): readonly Figure[] => [
  { id: '15b', name: 'Answers 429 to two checks of each of these keys', value: rateLimited, unit: 'count' },
  {
    id: '15c',
    name: 'From the invocation of a check to the verdict, 99 % of these keys',
    value: quantile(delays, 0.99) / 1000,
    unit: 's',
  },
  { id: '15d', name: 'Most Lambda environments busy at once', value: concurrent, unit: 'count' },
];

function sentence({ rateLimited, throttled, failed, undelivered, concurrent, delays }: Outcome): string {
  const seconds = (share: number) => `${(quantile(delays, share) / 1000).toFixed(1)} s`;
  return [
    `verdicts after ${seconds(0.5)} (99 %: ${seconds(0.99)})`,
    `${rateLimited} answers 429`,
    `${throttled} calls throttled by Secrets Manager`,
    `${failed} checks run again after an error`,
    `${undelivered} given up`,
    `${concurrent} environments at once`,
  ].join(', ');
}
