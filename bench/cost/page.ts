import { PRICES, PRICES_OF, type Price, type PriceName } from '../prices';
import { BILLED, dollars, type Units, unitsOfFleet, unitsPerEnvironment, unitsPerKey } from './bill';
import type { MonthlyUsage } from './counted';
import { type Environment, environmentTemplate } from './template';
import { monthlyUsage } from './usage';

/** All that the page is written from. */
export interface Costs {
  readonly hourly: MonthlyUsage;
  readonly quarterHourly: MonthlyUsage;
  readonly environment: Environment;
}

export async function measureCosts(): Promise<Costs> {
  const environment = environmentTemplate();
  return {
    hourly: await monthlyUsage('rate(1 hour)'),
    quarterHourly: await monthlyUsage('rate(15 minutes)'),
    environment,
  };
}

/** Dollars of a month for so many keys in one environment. */
export function monthly(
  keys: number,
  usage: MonthlyUsage,
  environment: Environment,
  withFreeTier = false,
): number {
  const units = unitsOfFleet(keys, unitsPerKey(usage, environment), unitsPerEnvironment(usage, environment));
  return dollars(units, undefined, withFreeTier);
}

/** One probe of the live key, by the first model and by the one that follows if it is not to be had. */
export const probeCost = {
  first: dollars({ haikuInput: BILLED.inputTokens, haikuOutput: BILLED.outputTokens }),
  // Eight tokens by the tokenizer of its time.
  second: dollars({ olderHaikuInput: 8, olderHaikuOutput: BILLED.outputTokens }),
};

const START = '<!-- cost: `npm run cost` writes what follows -->';
const END = '<!-- cost: end -->';

/** The page with the numbers of today between its two marks. @throws Error if it has no marks */
export function writeInto(page: string, costs: Costs): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error('docs/cost.md has lost its marks.');
  return `${page.slice(0, start)}${START}\n${sections(costs).join('\n\n')}\n\n${page.slice(end)}`;
}

type Row = readonly [
  what: string,
  names: readonly PriceName[],
  counted: (each: Units, usage: MonthlyUsage) => string,
];

const PER_KEY: readonly Row[] = [
  ['The secret', ['secret'], () => ''],
  ['Calls to Secrets Manager', ['secretCalls'], ({ secretCalls = 0 }) => count(secretCalls)],
  [
    'Lambda',
    ['invocations', 'gbSeconds'],
    ({ invocations = 0, gbSeconds = 0 }) => `${count(invocations)} runs, ${count(gbSeconds)} GB-seconds`,
  ],
  ['Scheduler', ['schedules'], ({ schedules = 0 }) => count(schedules)],
  ['Probes at Anthropic', ['haikuInput', 'haikuOutput'], (_, { perKey }) => count(perKey.messages)],
  ['Logs, written and kept', ['logBytes', 'keptBytes'], ({ logBytes = 0 }) => `${megabytes(logBytes)} MB`],
  [
    'Mails, events and metrics of a rotation',
    ['publishes', 'mails', 'events', 'metrics'],
    ({ mails = 0 }) => `${mails.toFixed(1)} mails`,
  ],
];

const FLEETS = [1, 20, 100, 1000];

function sections({ hourly, quarterHourly, environment }: Costs): readonly string[] {
  const both = [hourly, quarterHourly];
  const keys = both.map((usage) => unitsPerKey(usage, environment));
  const fixed = unitsPerEnvironment(hourly, environment);
  const reports = Object.keys(fixed).filter((name) => name !== 'alarms' && name !== 'metrics') as PriceName[];
  return [
    `About ${whole(monthly(20, hourly, environment))} a month for 20 keys that are checked hourly in one region, with a rotation a quarter. ` +
      `${whole(dollars({ secret: 20 }))} of that are the secrets, which you may pay for anyway. ` +
      `If nothing else in the account uses what AWS gives for free, it is ${whole(monthly(20, hourly, environment, true))}.`,
    table(
      ['Per key and month', 'Counted: hourly · every 15 minutes', 'Hourly', 'Every 15 minutes'],
      [
        ...PER_KEY.map(([what, names, counted]) => [
          what,
          [...new Set(keys.map((units, index) => counted(units, both[index]!)))].join(' · '),
          ...keys.map((units) => cents(dollars(units, [...names]))),
        ]),
        ['**Together**', '', ...keys.map((units) => `**${cents(dollars(units))}**`)],
      ],
    ),
    table(
      ['Per environment and month', 'Counted', 'About'],
      [
        [
          'Alarms',
          `${environment.alarms}, which read ${environment.alarmMetrics} metrics`,
          cents(dollars(fixed, ['alarms'])),
        ],
        [
          'Metrics, never per key',
          `${count(hourly.perEnvironment.metricHours)} hours with a value; one metric has 720 in a month`,
          cents(dollars(fixed, ['metrics'])),
        ],
        ['The daily report', '30 runs, 4.3 of them mailed', cents(dollars(fixed, reports))],
        ['**Together**', '', `**${cents(dollars(fixed))}**`],
      ],
    ),
    `Most metrics count what is wrong, and have no value as long as nothing is. If all ${environment.ownMetrics} had one in every hour, they would be ` +
      `${cents(dollars({ metrics: environment.ownMetrics }))}.`,
    table(
      ['One environment with', 'Hourly', 'less the free tier', 'Every 15 minutes', 'less the free tier'],
      FLEETS.map((size) => [
        `${size.toLocaleString('en')} ${size === 1 ? 'key' : 'keys'}`,
        ...both.flatMap((usage) =>
          [false, true].map((free) => `$${monthly(size, usage, environment, free).toFixed(2)}`),
        ),
      ]),
    ),
    `Calls, runs, mails, events, bytes and hours are counted: a key is played in the embedded world, through the real functions, with all defaults. Alarms and ` +
      `memory (${environment.memory} MB) are those of the synthesised template. What nobody can count there is assumed: ${BILLED.seconds} s for a run, ` +
      `which includes a cold start each time; ${BILLED.platformBytes} bytes of Lambda's own in the log of a run, and ${BILLED.lineBytes} more for each line; ` +
      `and ${BILLED.inputTokens} tokens to and ${BILLED.outputTokens} from the model for a probe, which make it $${probeCost.first.toFixed(7)}.`,
    `## Prices\n\nList prices of us-east-1 and of Anthropic, looked up on ${PRICES_OF}. What was not read at the source may have changed.`,
    table(
      ['What', 'Price', 'Free each month', 'Read', 'Source'],
      Object.values<Price>(PRICES).map(({ what, usd, per, free, seen, source }) => [
        what,
        `$${usd < 0.01 ? usd : usd.toFixed(2)}${per === 1 ? '' : ` for ${amount(per)}`}`,
        free === undefined ? '–' : amount(free),
        seen,
        `[page](${source})`,
      ]),
    ),
  ];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const count = (value: number) => Math.round(value).toLocaleString('en');
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
const whole = (usd: number) => `$${Math.round(usd)}`;
const cents = (usd: number) => (usd < 0.0005 ? 'less than $0.001' : `$${usd.toFixed(3)}`);

function amount(units: number): string {
  if (units >= 1e9) return `${units / 1e9} billion`;
  return units >= 1e6 ? `${units / 1e6} million` : units.toLocaleString('en');
}
