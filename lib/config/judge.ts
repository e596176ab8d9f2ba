import { findContradictions } from './contradictions';
import type { Path } from './fault';
import { type Judged, judgeShape } from './shape';

/** Everything that is wrong with a fleet as it is written: each part by itself, and what contradicts another. */
export function judgeFleet(data: unknown): Judged {
  const { misfits, sound } = judgeShape(data);
  const contradictions = (sound ? findContradictions(sound) : []).filter(
    ({ path }) => !misfits.some((misfit) => leadsTo(path, misfit.path) || leadsTo(misfit.path, path)),
  );
  return { misfits: [...misfits, ...contradictions], sound };
}

/** What was taken out as wrong in itself must not be missed a second time. */
const leadsTo = (from: Path, to: Path) => from.every((part, index) => part === to[index]);
