import { OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/** How the functions are bundled. The test of what a bundle may hold builds with the same options. */
export const BUNDLE = {
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  target: 'node24',
  minify: true,
  // The AWS SDK inside an ESM bundle still calls `require` for Node's own modules.
  banner:
    "import{createRequire as anthropicKeysRequire}from'node:module';const require=anthropicKeysRequire(import.meta.url);",
};
