import { version } from '../../package.json';

/** The release of this package. */
export const release = (): string => version;
