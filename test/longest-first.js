const Sequencer = require('@jest/test-sequencer').default;

/** What takes longest, in that order: more than ten seconds on two cores. */
const LONG = [
  /\/cli\/completion\./,
  /\/cli\/npm-flags\./,
  /\/release\/compare-release\./,
  /\/notices\/(every-command|commands)\./,
  /\/demo\//,
  /\/lifecycle\/(crash-|two-courses)/,
  /\/cli\/(terminal|surroundings)\//,
  /\/notices\/grace-/,
  /\/lifecycle\/model-/,
  /\/examples\//,
  /\/cli\/(init|verbs|screen)\./,
  /\/docs\/snippets\./,
];

/** Starts the longest files first, also on a fresh clone, where Jest knows no durations and takes the largest first: what comes last leaves a core idle. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((long) => long.test(path));
      return at < 0 ? LONG.length : at;
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
