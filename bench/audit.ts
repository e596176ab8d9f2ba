import { performance } from 'node:perf_hooks';
import { renderHtml, toJson } from '../lib/cli/html/page';
import { readListing } from '../lib/contract/read-secret';
import { auditOf } from '../lib/domain/audit/audit';
import { fleetOf } from '../lib/domain/fleet/fleet';
import { aKey, aKeyRef, aRememberedVerdict, daysAgo, NOW } from '../test/builders';
import { aListing, aMemory } from '../test/fleet-listing';

const RUNS = 7;

/** Middle of several runs, the first of which warms up. */
function median(work: () => unknown): number {
  const times = Array.from({ length: RUNS + 1 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.slice(1).sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}

const milliseconds = (time: number) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

console.info('From a listing to what people read, median of seven runs:');
for (const size of [1000, 10_000]) {
  const listing = Array.from({ length: size }, (_, n) => {
    const { fingerprint, hint } = aKeyRef(String(n));
    const verdict = aRememberedVerdict({ fingerprint, hint, keyCreatedAt: daysAgo(n % 95) });
    return aListing({ key: aKey({ service: `service-${n}` }), memory: aMemory({ verdict }) });
  });
  const survey = () => {
    const { listed, unreadable } = readListing(listing);
    return fleetOf(listed, unreadable, NOW);
  };
  const audit = auditOf(survey());
  const page = renderHtml(audit);
  console.info(
    [
      `${size} keys`,
      `fleet ${milliseconds(median(survey))}`,
      `page ${milliseconds(median(() => renderHtml(audit)))} (${(page.length / 1e6).toFixed(1)} MB)`,
      `JSON ${milliseconds(median(() => toJson(audit)))}`,
    ].join(' · '),
  );
}
