import type { Place } from '../../workflows/operator-ports';
import type { CliContext } from '../context';
import { type Style, toJson, whole } from '../style';

/** Version of the incident record. A change of meaning or shape needs a new one. */
const SCHEMA = 'anthropic-key-rotation/incident/1';

/** The course of a leak, for whoever must account for it. It names the key by hint and fingerprint, never by value. */
export interface Incident {
  readonly schema: typeof SCHEMA;
  readonly key: string;
  readonly secretArn: string;
  readonly leaked: { readonly fingerprint: string; readonly hint?: string; readonly live: boolean };
  readonly reason: string;
  readonly mode: 'contain-now' | 'replace-first';
  readonly reportedBy: string;
  readonly reportedAt: Date;
  readonly stoppedBy: 'deactivation' | 'console' | 'nobody-yet';
  readonly recordId?: string;
  /** Absent while the key is not proven dead. */
  readonly provenDeadAt?: Date;
  /** It was refused in the end, without proof that it is dead. */
  readonly refused?: boolean;
  readonly steps: readonly { readonly at: Date; readonly what: string }[];
}

/** Collects the steps of an incident while it goes on. */
export class IncidentLog {
  readonly #steps: Incident['steps'][number][] = [];

  constructor(
    private readonly about: Pick<Incident, 'key' | 'secretArn' | 'leaked' | 'reason' | 'mode' | 'reportedAt'>,
    private readonly place: Place,
  ) {
    this.note(about.reportedAt, `Reported as leaked: ${about.reason}`);
  }

  note(at: Date, what: string): void {
    this.#steps.push({ at, what });
  }

  record(end: Pick<Incident, 'stoppedBy' | 'recordId' | 'provenDeadAt' | 'refused'>): Incident {
    return { schema: SCHEMA, ...this.about, reportedBy: this.place.caller, ...end, steps: this.#steps };
  }
}

/** Writes an incident record to the file named for it, if there is one. */
export async function keepRecord(
  incident: Incident,
  path: string | undefined,
  { writeFile }: CliContext,
): Promise<void> {
  if (path) await writeFile(path, `${JSON.stringify(incident, null, 2)}\n`);
}

/** The end of the text: where the record is, or the record itself. */
export const recordLines = (incident: Incident, path: string | undefined, { bold }: Style) =>
  path ? [`Incident record: ${path}`] : [bold('Incident record'), whole(toJson(incident))];
