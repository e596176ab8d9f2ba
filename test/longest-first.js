const Sequencer = require('@jest/test-sequencer').default;

/** What takes longest, in that order: more than ten seconds on two cores. What waits for programs and clocks comes first, so that others fill the gaps. */
const LONG = [
  /\/cli\/(completion|npm-flags|tickets|github-workflow)\./,
  /\/release\/compare-release\./,
  /\/notices\/(every-command|commands)\./,
  /\/demo\//,
  /\/lifecycle\/(crash-|two-courses)/,
  /\/cli\/(terminal|surroundings)\//,
  /\/notices\/grace-/,
  /\/lifecycle\/model-/,
  /\/cli\/(init|verbs|screen)\./,
  /\/docs\/snippets\./,
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
