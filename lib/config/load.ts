import type { ConfigFault } from './fault';
import type { FleetConfig } from './fleet';
import { judgeFile } from './judge';
import { readSource } from './source';
import { findWarnings } from './warnings';

export interface LoadedFleet {
  /** Absent if there is any error. */
  readonly fleet?: FleetConfig;
  /** In the order of the file. */
  readonly errors: readonly ConfigFault[];
  readonly warnings: readonly string[];
}

/** Parses and judges the text of a fleet file. Without `now` dates may be in the future. */
export function loadFleet(text: string, file: string, now?: Date): LoadedFleet {
  const source = readSource(text, file);
  if (source.data === undefined) return { errors: source.faults, warnings: [] };
  const { problems, fleet } = judgeFile(source.data, now);
  const errors = [...source.faults, ...problems.map((problem) => source.locate(problem))].sort(
    (a, b) => a.line - b.line,
  );
  if (errors.length > 0 || !fleet) return { errors, warnings: [] };
  return { fleet, errors: [], warnings: findWarnings(fleet) };
}
