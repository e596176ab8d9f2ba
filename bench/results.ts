import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Figure, Missing } from './figure';

const FILE = join(__dirname, 'results.json');

/** What the last whole run measured, and on what. */
export interface Results {
  /** Day of the run. */
  readonly date: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  readonly missing: readonly Missing[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly platform: string;
  /** Versions of the programs that were measured, by their names. */
  readonly programs: Readonly<Record<string, string>>;
}

/** This machine, without what tells one from another of its kind. */
export const machineHere = (programs: Machine['programs']): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  programs,
});

export const readResults = (): Results => JSON.parse(readFileSync(FILE, 'utf8')) as Results;

export const writeResults = (results: Results): void =>
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 2)}\n`);

/** 2 before 5, 5 before 5b, 5b before 10. */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id.localeCompare(b.id, 'en', { numeric: true });
