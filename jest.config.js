const { availableParallelism } = require('node:os');

// Unit tests synthesise many small apps: CDK's own template validation (3.6 s a synth) runs in `npm run synth`.
process.env.CDK_VALIDATION ??= 'false';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = {
  testEnvironment: '<rootDir>/test/jest/environment.js',
  runtime: '<rootDir>/test/jest/runtime.js',
  // Flows play many days: all cores, and time enough where other work runs beside them.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // A worker keeps the modules of every file that it ran. Beyond this, collecting them costs more than a new worker. It counts garbage, too, of which `npm test`
  // lets 64 MB gather: a third of the young generation's collections, and 6 % less CPU.
  workerIdleMemoryLimit: '1500MB',
  testSequencer: '<rootDir>/test/longest-first.js',
  reporters: ['default', '<rootDir>/test/jest/report.js'],
  testTimeout: 60_000,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.tsx?$': ['@swc/jest'] },
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
};
