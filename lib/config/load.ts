import type { ConfigFault } from './fault';
import type { FleetConfig } from './fleet';
import { judgeFile } from './judge';
import { readSource } from './source';
import { findWarnings } from './warnings';

export interface LoadedFleet {
  /** Absent where there is any error. */
  readonly fleet?: FleetConfig;
  /** Everything that is wrong, in the order of the file. */
  readonly errors: readonly ConfigFault[];
  readonly warnings: readonly string[];
}

/** Reads and judges a fleet file. Pure: the caller reads the file, and prints. Without `now` no date is held to be yet to come. */
export function loadFleet(text: string, file: string, now?: Date): LoadedFleet {
  const source = readSource(text, file);
  if (source.data === undefined) return { errors: source.faults, warnings: [] };
  const { misfits, fleet } = judgeFile(source.data, now);
  const errors = [...source.faults, ...misfits.map((misfit) => source.locate(misfit))].sort(
    (a, b) => a.line - b.line,
  );
  if (errors.length > 0 || !fleet) return { errors, warnings: [] };
  return { fleet, errors: [], warnings: findWarnings(fleet) };
}
