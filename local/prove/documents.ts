import type { ProofDocument } from './proof';
import { QUESTIONS, type Question, type QuestionId } from './questions';

export type Page = Question['page'];

/** A question as its document asks it. */
export interface Asked {
  readonly id: string;
  /** Its row, or its item of the list with all lines. */
  readonly text: string;
  /** Whether the document names a proof as what settles it. */
  readonly byProof: boolean;
}

/** What the documents ask: rows of the table *Not established*, and items of the lists *Not yet proven …*. */
export const asked: Readonly<Record<Page, (document: string) => readonly Asked[]>> = {
  'anthropic.md': (document) =>
    [...sectionsOf(document, /^Not established$/).matchAll(/^\| (.*) \|$/gm)]
      .map(([text, inside]) => ({ text, cells: inside!.split(/(?<!\\) \| /) }))
      .slice(2)
      .map(({ text, cells }) => ({
        id: idIn(cells[0]!),
        text,
        byProof: cells.at(-1)!.includes('`prove:anthropic`'),
      })),
  'proven.md': (document) =>
    [...sectionsOf(document, /^Not yet proven /).matchAll(/^- \[[ x]\] .*(?:\n {2,}.*)*/gm)].map(
      ([text]) => ({
        id: idIn(text.slice('- [ ] '.length)),
        text,
        byProof: text.includes('*(proof)*'),
      }),
    ),
};

/** The id at its beginning, or what stands there instead. */
const idIn = (text: string) => /^`([a-z0-9-]+)`/.exec(text)?.[1] ?? text.slice(0, 60);

function sectionsOf(document: string, title: RegExp): string {
  return document
    .split(/^## /m)
    .filter((section) => title.test(section.split('\n')[0]!))
    .join('\n');
}

/** Hosts whose word counts. Whatever else answered is a fake, an emulator or somebody in between. */
const REAL: Readonly<Record<ProofDocument['proof'], RegExp>> = {
  'prove:anthropic': /^api\.anthropic\.com$/,
  'prove:aws': /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)$/,
};

/** @throws Error unless the real Anthropic or AWS, and nobody else, gave the answers */
export function requireReal({ proof, hosts }: ProofDocument): void {
  const others = hosts.filter((host) => !REAL[proof].test(host));
  if (hosts.length > 0 && others.length === 0) return;
  const who = others.join(', ') || 'nobody';
  throw new Error(`The answers came from ${who}: this settles nothing in the documents.`);
}

/** What the documents are to say instead: each settled row or item with its answer, and below what is still open. @throws Error for a fake run */
export function linesFor(proof: ProofDocument, pages: Readonly<Record<Page, string>>): string {
  requireReal(proof);
  const outcomes = Object.entries(proof.questions);
  const written = (Object.keys(asked) as Page[]).flatMap((page) => {
    const lines = asked[page](pages[page]).flatMap((one) => {
      const outcome = proof.questions[one.id];
      return outcome?.settled === 'yes' ? [settled(page, one, `${stamp(proof)}: ${outcome.answer}`)] : [];
    });
    return lines.length > 0 ? [`docs/${page}:\n\n${lines.join('\n')}\n`] : [];
  });
  const open = outcomes.flatMap(([id, outcome]) =>
    outcome.settled === 'yes' ? [] : [`- \`${id}\`: ${outcome.why}`],
  );
  const unknown = outcomes.filter(([id]) => QUESTIONS[id as QuestionId] === undefined).map(([id]) => id);
  return [
    ...written,
    ...(open.length > 0 ? [`Still open:\n\n${open.join('\n')}\n`] : []),
    ...(unknown.length > 0 ? [`Not asked by this release: ${unknown.join(', ')}\n`] : []),
  ].join('\n');
}

const stamp = ({ date, proof, release }: ProofDocument) =>
  `${date.slice(0, 10)}, \`${proof}\` of release ${release}`;

function settled(page: Page, { text }: Asked, answer: string): string {
  if (page === 'proven.md') return `${text.replace('- [ ]', '- [x]')}\n      **${answer}.**`;
  const cells = text.slice(2, -2).split(/(?<!\\) \| /);
  return `| ${[...cells.slice(0, -1), answer.replaceAll('|', '\\|')].join(' | ')} |`;
}
