import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, type Missing, passes, rounded } from './figure';
import type { Machine, Results } from './results';

const ROOT = join(__dirname, '..');

/** `195 ms`, `7.1 ×`, `$0.43`. */
export function inUnits(value: number, unit: Figure['unit']): string {
  const number = rounded(value).toLocaleString('en');
  if (unit === '$') return `$${number}`;
  return unit === 'count' ? number : `${number} ${unit}`;
}

/** `≤ 1.0 ×`, or nothing. */
export function goalOf({ goal = {}, unit }: Figure): string {
  const { most, least } = goal;
  return [
    ...(most === undefined ? [] : [`≤ ${inUnits(most, unit)}`]),
    ...(least === undefined ? [] : [`≥ ${inUnits(least, unit)}`]),
  ].join(', ');
}

/** `pass`, `falls short`, or nothing where there is no goal. */
export function judgementOf(figure: Figure): string {
  const passed = passes(figure);
  return passed === undefined ? '' : passed ? 'pass' : 'falls short';
}

/** A figure in one line of a terminal. */
export const lineOf = (figure: Figure): string =>
  [
    figure.id.padStart(4),
    figure.name.padEnd(64),
    inUnits(figure.value, figure.unit).padStart(12),
    goalOf(figure).padStart(12),
    ` ${judgementOf(figure)}`,
  ]
    .join(' ')
    .trimEnd() + (figure.note ? `\n       ${figure.note}` : '');

export const missingLineOf = ({ id, name, missing }: Missing): string =>
  `${id.padStart(4)} ${name}: not measured. ${missing}`;

/** `2 cores of an AMD EPYC, 24 GB, linux x64`. */
export const kindOf = ({ cpu, cores, memoryGB, platform }: Machine): string =>
  `${cores} cores (${cpu}), ${memoryGB} GB, ${platform}`;

const cell = (text: string) => text.replaceAll('|', '\\|');

/** What docs/performance.md says of the last run. */
export function resultsTable({ date, machine, figures, missing }: Results): string {
  const programs = Object.entries(machine.programs).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date}: ${[kindOf(machine), ...programs].join(', ')}.`,
    '',
    '| # | Figure | Measured | Goal | |',
    '|---|---|---|---|---|',
    ...figures.map((figure) => {
      const { id, name, value, unit, note } = figure;
      const told = note ? `${name}. ${note}` : name;
      return `| ${[id, cell(told), inUnits(value, unit), goalOf(figure), judgementOf(figure)].join(' | ')} |`;
    }),
    ...(missing.length === 0 ? [] : ['', 'Not measured in this run:', '']),
    ...missing.map(({ id, name, missing }) => `- ${id}, ${name}: ${missing}`),
  ].join('\n');
}

/** Pages, and what stands in each between the marks. */
export const WRITTEN: Readonly<Record<string, (results: Results) => string>> = {
  'docs/performance.md': resultsTable,
};

const MARKED = /(<!-- figures: written by npm run bench -->\n\n)[\s\S]*?(\n\n<!-- \/figures -->)/;

/** The page with these results. @throws Error if the page has no marks */
export function withResults(page: string, results: Results): string {
  const text = readFileSync(join(ROOT, page), 'utf8');
  if (!MARKED.test(text)) throw new Error(`${page} has no place for figures.`);
  return text.replace(MARKED, (_, before: string, after: string) => before + WRITTEN[page]!(results) + after);
}

export function writePages(results: Results): void {
  for (const page of Object.keys(WRITTEN)) writeFileSync(join(ROOT, page), withResults(page, results));
}
