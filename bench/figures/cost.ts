import { dollars, unitsPerEnvironment, unitsPerKey } from '../cost/bill';
import { measureCosts, monthly } from '../cost/page';
import type { Figure } from '../figure';
import { PRICES_OF } from '../prices';

/** What a month costs at list prices, from what is counted in the embedded world: docs/cost.md has the parts. */
export async function measure(): Promise<readonly Figure[]> {
  const { hourly, quarterHourly, environment } = await measureCosts();
  const cost = (id: string, name: string, value: number, most?: number): Figure => ({
    id,
    name: `${name}, a month`,
    value,
    unit: '$',
    ...(most !== undefined && { goal: { most } }),
    note: `List prices of ${PRICES_OF}`,
  });
  return [
    cost('16', 'A key that is checked hourly', dollars(unitsPerKey(hourly, environment)), 0.43),
    cost(
      '16b',
      'A key that is checked every 15 minutes',
      dollars(unitsPerKey(quarterHourly, environment)),
      0.5,
    ),
    cost('16c', 'An environment, without its keys', dollars(unitsPerEnvironment(hourly, environment)), 6.5),
    cost('16d', '20 keys that are checked hourly', monthly(20, hourly, environment)),
    cost(
      '16e',
      '20 keys that are checked hourly, less the free tier',
      monthly(20, hourly, environment, true),
    ),
  ];
}
