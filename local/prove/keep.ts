import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ProofDocument, renderProof } from './proof';

/** Where proofs are kept: git ignores it. */
const FOLDER = join(__dirname, '../../out/proofs');

/** Writes what was found out, and says what to do with it. */
export function keep(proof: ProofDocument, folder = FOLDER): string {
  if (proof.hosts.length === 0) return '\nNothing was asked, so nothing is written.';
  mkdirSync(folder, { recursive: true });
  const of = proof.proof.slice('prove:'.length);
  const path = join(folder, `${of}-${proof.date.slice(0, 16).replace(':', '')}.json`);
  writeFileSync(path, `${JSON.stringify(proof, null, 2)}\n`);
  const shown = relative('', path);
  return [
    `\n${proof.proof}, answered by ${proof.hosts.join(', ')}:`,
    renderProof(proof),
    `\nWritten to ${shown}. For the documents: npm run prove:docs -- ${shown}\n`,
  ].join('\n');
}
