import { completeFleet } from './complete';
import { findContradictions } from './contradictions';
import type { ConfigFault, Path } from './fault';
import type { Fleet } from './fleet';
import { judgeShape } from './shape';
import { readSource } from './source';
import { findWarnings } from './warnings';

export interface LoadedFleet {
  /** Absent where there is any error. */
  readonly fleet?: Fleet;
  /** Everything that is wrong, in the order of the file. */
  readonly errors: readonly ConfigFault[];
  readonly warnings: readonly string[];
}

/** Reads and judges a fleet file. Pure: the caller reads the file, and prints. */
export function loadFleet(text: string, file: string): LoadedFleet {
  const source = readSource(text, file);
  if (source.data === undefined) return { errors: source.faults, warnings: [] };
  const { misfits, sound } = judgeShape(source.data);
  const contradictions = (sound ? findContradictions(sound) : []).filter(
    ({ path }) => !misfits.some((misfit) => leadsTo(path, misfit.path) || leadsTo(misfit.path, path)),
  );
  const errors = [
    ...source.faults,
    ...[...misfits, ...contradictions].map((misfit) => source.locate(misfit)),
  ].sort((a, b) => a.line - b.line);
  if (errors.length > 0 || !sound) return { errors, warnings: [] };
  const fleet = completeFleet(sound);
  return { fleet, errors: [], warnings: findWarnings(fleet) };
}

/** Whether one path lies within the other: a contradiction about a field that is already reported as malformed is not reported too. */
const leadsTo = (from: Path, to: Path) => from.every((part, index) => part === to[index]);
