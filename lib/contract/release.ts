import { sharedName } from './names';

/**
 * The release that deployed an environment stands at the end of the description of its daily report's schedule: whoever may see schedules may see
 * it, under the policies of every release, and no function has to answer.
 */
export const releasedBy = (description: string, release: string) => `${description}, by release ${release}`;

/** The release in a description; undefined for one of a release that did not say. */
export const releaseIn = (description: string | undefined) =>
  / by release (\d+\.\d+\.\d+\S*)$/.exec(description ?? '')?.[1];

/** The schedule of an environment's daily report. The dot keeps its name distinct from all services. */
export const reportSchedule = (environment: string) => ({
  group: sharedName(environment),
  name: 'daily.report',
});
