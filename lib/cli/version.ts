import { version } from '../../package.json';

/** The release of this checkout, such as `0.1.0`. */
export const VERSION: string = version;
