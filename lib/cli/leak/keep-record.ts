import type { Desk } from '../desk';
import type { Style } from '../style';
import type { Incident } from './incident';

/** Writes an incident record to the file that was named for it, if one was. */
export async function keepRecord(
  incident: Incident,
  path: string | undefined,
  { writeFile }: Desk,
): Promise<void> {
  if (path) await writeFile(path, `${JSON.stringify(incident, null, 2)}\n`);
}

/** The end of what a person reads: where the record is, or the record itself. */
export const whereKept = (
  incident: Incident,
  path: string | undefined,
  { bold }: Style,
): readonly string[] =>
  path ? [`Incident record: ${path}`] : [bold('Incident record'), JSON.stringify(incident, null, 2)];
