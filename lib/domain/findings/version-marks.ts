import { versionMark } from '../key';
import type { Memory } from '../memory';
import { rowNamed } from './catalogue';
import { readFindingId } from './finding';

/**
 * An earlier release remembered versions by the first 8 characters of their ids, which may all begin alike. Such a name counts where exactly one
 * version fits; otherwise it is forgotten, at the cost of one repeated mail.
 */
export function withVersionMarks(memory: Memory, versionIds: readonly string[]): Memory {
  const markOf = (name: string): string | undefined => {
    if (versionIds.some((id) => versionMark(id) === name)) return name;
    const [first, ...others] = versionIds.filter((id) => id.startsWith(name));
    return first !== undefined && others.length === 0 ? versionMark(first) : undefined;
  };
  const notices = Object.entries(memory.notices).flatMap(([id, reminder]) => {
    const { kind, about } = readFindingId(id);
    if (about === undefined || rowNamed(kind)?.about !== 'version') return [[id, reminder] as const];
    const mark = markOf(about);
    return mark === undefined ? [] : [[`${kind}.${mark}`, reminder] as const];
  });
  const { pendingRejection, timeline } = memory;
  const rejected = pendingRejection && markOf(pendingRejection.version);
  const { undone: known, undos, ...rest } = timeline;
  const undone = known && markOf(known);
  return {
    ...memory,
    notices: Object.fromEntries(notices),
    pendingRejection: rejected === undefined ? undefined : { ...pendingRejection!, version: rejected },
    timeline: undone === undefined ? rest : { ...rest, undone, ...(undos && { undos }) },
  };
}
