import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
import { type BundledFunction, functionFiles } from './function-bundle';

/** What all functions have alike. @throws Error if esbuild refuses the source of one */
export const bundled = (role: BundledFunction) =>
  ({
    code: codeOfFunctions(),
    handler: `${role}.handler`,
    // By its name, since a CDK of the peer range need not have it as a constant.
    runtime: new Runtime(`nodejs${FUNCTION_NODE}.x`, RuntimeFamily.NODEJS, { supportsInlineCode: true }),
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
  }) satisfies Partial<FunctionProps>;

/**
 * The code of all functions, as one asset whose hash is that of the bundles alone. For a command that deploys nothing, such as `cdk ls`, the CDK asks
 * for no bundles.
 */
const codeOfFunctions = (): Code =>
  Code.fromAsset(__dirname, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled, because the bundles are made here.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(folder) {
          for (const [file, contents] of functionFiles()) {
            mkdirSync(dirname(join(folder, file)), { recursive: true });
            writeFileSync(join(folder, file), contents);
          }
          return true;
        },
      },
    },
  });
