import { EventField, type EventPattern } from 'aws-cdk-lib/aws-events';

/** What opens an incident, and what closes it. */
export interface Incident {
  readonly name: string;
  readonly opens: EventPattern;
  /** The same for every event about the same trouble, at most 255 characters. */
  readonly openKey: string;
  readonly closes: readonly EventPattern[];
  readonly closeKey: string;
}

/** Troubles of the live key. They end when another key, or the same one again, is live, or when they are resolved. */
const LIVE = [
  'dead',
  'refused',
  'foreign',
  'direct-edit-refused',
  'not-a-key',
  'unaccepted',
  'blocked',
  'overdue',
];
const GOOD_AGAIN = ['Key Promoted', 'Key Rolled Back', 'Key Put Again'];

/** All that is critical in an environment, by what it is about: the live key, an old key, the checks, or something that just happened. */
export function incidentsOf(environment: string): readonly Incident[] {
  const secret = EventField.fromPath('$.detail.secretArn');
  const of = (detail: object, detailType?: string[]): EventPattern => ({
    source: ['anthropic-key-rotation'],
    ...(detailType && { detailType }),
    detail: { environment: [environment], ...detail },
  });
  const resolved = (was: string[]) => of({ details: { was } }, ['Key Resolved']);
  const oldKey = (kind: string, field: string): Incident => ({
    name: kind,
    opens: of({ kind: [kind] }),
    openKey: `${secret}/${EventField.fromPath(`$.detail.details.${field}.fingerprint`)}`,
    closes: [of({}, ['Key Proven Dead'])],
    closeKey: `${secret}/${EventField.fromPath('$.detail.details.retired.fingerprint')}`,
  });
  return [
    {
      name: 'live',
      opens: of({ kind: LIVE }),
      openKey: `${secret}/live`,
      closes: [of({}, GOOD_AGAIN), resolved(LIVE)],
      closeKey: `${secret}/live`,
    },
    oldKey('zombie', 'retiring'),
    oldKey('contained', 'leaked'),
    {
      name: 'unwatched',
      opens: of({ kind: ['unwatched'] }),
      openKey: `${secret}/unwatched`,
      closes: [resolved(['unwatched'])],
      closeKey: `${secret}/unwatched`,
    },
    {
      // A person closes these.
      name: 'happened',
      opens: of({ kind: ['rolled-back', 'usage-spike', 'lost-track'] }),
      openKey: EventField.fromPath('$.detail.id'),
      closes: [],
      closeKey: '',
    },
  ];
}
