import { RegionInfo } from 'aws-cdk-lib/region-info';

/** The regions that the CDK knows. The package has their names, so that its command line needs no CDK. */
export const KNOWN_REGIONS: readonly string[] = RegionInfo.regions.map(({ name }) => name);
