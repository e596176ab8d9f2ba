import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledFunction } from '../lib/constructs/function-bundle';

/** The bundle that came with the package: the counterpart of `lib/constructs/function-bundle.ts`, which bundles from source. */
export const bundleOf = (role: BundledFunction): Uint8Array =>
  readFileSync(join(__dirname, 'functions', role, 'index.mjs'));
