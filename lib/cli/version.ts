import { version } from '../../package.json';

/** The release of this program, such as `0.1.0`. */
export const VERSION: string = version;

/** A deployed release in words. Earlier ones did not say which they are. */
export const releaseInWords = (release: string | undefined) =>
  release ? `release ${release}` : 'a release that does not say which one it is';

/** What to do where another release is deployed than this one. */
export const MATCH_RELEASES = 'Deploy again, or use the command line of that release.';
