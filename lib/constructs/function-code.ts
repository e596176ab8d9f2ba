import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type BundledFunction, bundleOf } from './function-bundle';

export type { BundledFunction };

/**
 * The code of a function, as an asset whose hash is that of the bundle alone. The CDK asks for it only where the stack of `scope` is deployed: for
 * `cdk ls` nothing is bundled. @throws Error if there is no such function, or esbuild refuses its source
 */
export const functionCode = (_scope: Construct, role: BundledFunction): Code =>
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
