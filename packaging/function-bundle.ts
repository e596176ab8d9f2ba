import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../lib/constructs/function-bundle';

const FOLDER = join(__dirname, 'functions');

/** The bundles that came with the package: the counterpart of `lib/constructs/function-bundle.ts`, which bundles from source. */
export const functionFiles = (): Files =>
  new Map(
    readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.mjs'))
      .map((file) => [file, readFileSync(join(FOLDER, file))]),
  );
