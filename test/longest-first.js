const Sequencer = require('@jest/test-sequencer').default;

/**
 * What takes longest, in that order: more than ten seconds on two cores. What starts other programs comes first, so that others fill the gaps where it waits,
 * and since a worker has to copy the map of its memory for each: it has 200 MB at first, and a gigabyte at the end.
 */
const LONG = [
  /\/cli\/(completion|npm-flags|tickets|github-workflow)\./,
  /\/notices\/(every-command|commands|real-aws)\./,
  /\/docs\/(shell-blocks|tickets|snippets)\./,
  /\/cli\/(terminal|surroundings)\//,
  /\/cli\/init\./,
  /\/package\//,
  /\/release\/compare-release\./,
  /\/notices\/grace-/,
  /\/demo\//,
  /\/lifecycle\/(crash-|two-courses)/,
  /\/lifecycle\/model-/,
  /\/cli\/(verbs|screen)\./,
];

/** What makes CDK apps, whose tokens stay in the worker: with them the garbage of everything after takes longer to collect. */
const CROWDING = /\/(constructs|iam|examples)\//;

/** Starts the longest files first, also on a fresh clone, where Jest knows no durations and takes the largest first: what comes last leaves a core idle. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((long) => long.test(path));
      return at >= 0 ? at : LONG.length + Number(CROWDING.test(path));
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
