const Sequencer = require('@jest/test-sequencer').default;

const LONG =
  /\/(lifecycle\/(crash-|model-|two-courses)|notices\/every-(grace|command)|demo\/(demo|command-line)|cli\/(terminal\/|completion|surroundings\/))/;

/** Starts the longest files first, also on a fresh clone, where Jest knows no durations and takes the largest first. */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const long = ({ path }) => LONG.test(path);
    return [...sorted.filter(long), ...sorted.filter((test) => !long(test))];
  }
};
