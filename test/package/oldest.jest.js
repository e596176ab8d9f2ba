const base = require('../../jest.config.js');

// Where the oldest CDK of the range is installed: `apps.package.ts` says it.
const oldest = `${process.env.OLDEST_CDK}/node_modules`;

/** The tests of the constructs, with the oldest CDK that the package allows. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: ['**/test/constructs/*.test.ts'],
  moduleNameMapper: {
    // The package has the regions of the CDK that it was built with.
    '^aws-cdk-lib/region-info$': '<rootDir>/node_modules/aws-cdk-lib/region-info',
    '^(aws-cdk-lib|constructs)(/.*)?$': `${oldest}/$1$2`,
  },
  testPathIgnorePatterns: [
    // Of the CDK that this repository deploys with: its recommended flags, its way of writing templates, and what cdk-nag needs.
    '/feature-flags.test',
    '/snapshots.test',
    '/nag.test',
    // Of sizes that need thousands of keys, and no CDK changes.
    '/growth.test',
    '/spread.test',
  ],
};
