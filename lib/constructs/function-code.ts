import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Architecture,
  Code,
  type FunctionProps,
  LoggingFormat,
  Runtime,
  RuntimeFamily,
} from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import { FUNCTION_NODE } from '../contract/names';
import { type BundledFunction, bundleOf } from './function-bundle';

/** What all functions have alike. @throws Error if there is no such function, or esbuild refuses its source */
export const bundled = (role: BundledFunction) =>
  ({
    code: codeOf(role),
    handler: 'index.handler',
    // By its name, since a CDK of the peer range need not have it as a constant.
    runtime: new Runtime(`nodejs${FUNCTION_NODE}.x`, RuntimeFamily.NODEJS, { supportsInlineCode: true }),
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
  }) satisfies Partial<FunctionProps>;

/**
 * The code of a function, as an asset whose hash is that of the bundle alone. For a command that deploys nothing, such as `cdk ls`, the CDK asks for no
 * bundle.
 */
const codeOf = (role: BundledFunction): Code =>
  Code.fromAsset(__dirname, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled, because the bundle is made here.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(folder) {
          writeFileSync(join(folder, 'index.mjs'), bundleOf(role));
          return true;
        },
      },
      // Never run. Without it, the CDK would take all functions for the same asset.
      command: [role],
    },
  });
