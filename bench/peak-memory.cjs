// Loaded into a program whose memory is measured: tells the most that it had, in KiB, on the descriptor that bench/measure.ts reads.
const { writeSync } = require('node:fs');

process.on('exit', () => {
  try {
    writeSync(3, `${process.resourceUsage().maxRSS}\n`);
  } catch {
    // A program that it started has no such descriptor.
  }
});
