import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZodError } from 'zod';
import { linesFor } from './prove/documents';
import { proofDocument } from './prove/proof';

const read = (path: string) => readFileSync(path, 'utf8');
const page = (name: string) => read(join(__dirname, '../docs', name));

/** Prints what the documents are to say after a proof. It writes nothing. */
function main([path]: readonly string[]): number {
  if (!path) {
    console.error('Usage: npm run prove:docs -- FILE, where FILE is one of out/proofs');
    return 2;
  }
  try {
    const judged = proofDocument.safeParse(JSON.parse(read(path)));
    if (!judged.success) throw new Error(`This is no file of a proof: ${inShort(judged.error)}.`);
    console.log(
      linesFor(judged.data, { 'anthropic.md': page('anthropic.md'), 'proven.md': page('proven.md') }),
    );
    return 0;
  } catch (error) {
    console.error(`${path}: ${error instanceof Error ? error.message : 'not a proof'}`);
    return 1;
  }
}

/** The first thing that is wrong, with where. */
const inShort = ({ issues: [first] }: ZodError) =>
  `${first!.path.join('.') || 'the document'}, ${first!.message}`;

process.exitCode = main(process.argv.slice(2));
