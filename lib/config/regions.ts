import { RegionInfo } from 'aws-cdk-lib/region-info';
import { closest } from 'fastest-levenshtein';

/** The region that is written most like this one; undefined if the CDK knows this one. */
export function likestRegion(region: string): string | undefined {
  const known = RegionInfo.regions.map(({ name }) => name);
  return known.includes(region) ? undefined : closest(region, known);
}
