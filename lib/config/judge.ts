import { findContradictions } from './contradictions';
import type { Path } from './fault';
import { type Judged, judgeShape } from './shape';

/** Everything that is wrong with a fleet as it is written: each part by itself, and what contradicts another. */
export function judgeFleet(data: unknown, now?: Date): Judged {
  const { misfits, sound } = judgeShape(data);
  const contradictions = (sound ? findContradictions(sound, now) : []).filter(
    ({ path, instead = [] }) =>
      !misfits.some((misfit) => [path, ...instead].some((one) => touches(one, misfit.path))),
  );
  return { misfits: [...misfits, ...contradictions], sound };
}

/** What was taken out as wrong in itself must not be missed a second time. */
const touches = (one: Path, other: Path) => leadsTo(one, other) || leadsTo(other, one);

const leadsTo = (from: Path, to: Path) => from.every((part, index) => part === to[index]);
