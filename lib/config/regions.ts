import { closest } from 'fastest-levenshtein';
import { KNOWN_REGIONS } from './known-regions';

/** The region that is written most like this one; undefined if the CDK knows this one. */
export const likestRegion = (region: string): string | undefined =>
  KNOWN_REGIONS.includes(region) ? undefined : closest(region, KNOWN_REGIONS);
