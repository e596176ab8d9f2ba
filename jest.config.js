const { availableParallelism } = require('node:os');

// Unit tests synthesise many small apps: CDK's own template validation (3.6 s a synth) runs in `npm run synth`.
process.env.CDK_VALIDATION ??= 'false';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = {
  testEnvironment: '<rootDir>/test/jest/environment.js',
  runtime: '<rootDir>/test/jest/runtime.js',
  // Half as many workers more than cores, since a file that waits for a program, or for a second of the clock, leaves its core to others.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // A worker has to load and compile everything anew: it is replaced only where it would crowd the machine. The CDK keeps the tokens of every app that was made,
  // 25 MB for a file of constructs. It counts garbage, too, of which `npm test` lets 64 MB gather: a third of the young generation's collections, and 6 % less CPU.
  workerIdleMemoryLimit: '1500MB',
  // A worker that has ended takes a gigabyte of memory apart: on a busy machine more than the half second after which Jest speaks of a leak. One that leaks
  // never ends.
  workerGracefulExitTimeout: 10_000,
  testSequencer: '<rootDir>/test/longest-first.js',
  reporters: ['default', '<rootDir>/test/jest/report.js'],
  // Ends a test that hangs, and decides nothing else: a machine may be ten times slower than another, and busy. No test has a limit of its own.
  testTimeout: 900_000,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.tsx?$': ['@swc/jest'] },
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
};
