const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** The kernel counts in hundredths of a second. */
const TICKS = 100;

/** CPU-seconds of this process and of all that it started and that have ended, as the workers and what tests spawn. Only Linux tells. */
function cpuSeconds() {
  let stat;
  try {
    stat = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return undefined;
  }
  // The name of the program may have blanks: counting begins after it. utime, stime, cutime and cstime are the fields 14 to 17 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** Says what a run took, and writes it to `out/test-report.json`. */
module.exports = class {
  #config;

  constructor(config) {
    this.#config = config;
  }

  onRunComplete(_, { numTotalTests, numTotalTestSuites, startTime }) {
    // At the exit all workers have ended, and are counted.
    process.once('exit', () => {
      const report = {
        tests: numTotalTests,
        files: numTotalTestSuites,
        seconds: Math.round((Date.now() - startTime) / 100) / 10,
        cpuSeconds: cpuSeconds(),
      };
      // Beside Jest's own summary: standard output is for `--json`.
      process.stderr.write(`CPU:         ${report.cpuSeconds ?? 'not known here,'} s\n`);
      const out = join(this.#config.rootDir, 'out');
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, 'test-report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    });
  }
};
