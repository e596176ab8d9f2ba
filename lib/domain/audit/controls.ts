import { diesWithItsOwner } from '../findings/kinds/dies-with-its-owner';
import { unwatched } from '../findings/kinds/unwatched';
import { zombie } from '../findings/kinds/zombie';
import type { UnmatchedKeys } from '../fleet/console-match';
import type { FleetListing } from '../fleet/fleet';
import type { FleetRow } from '../fleet/row';
import { keyName } from '../policy';
import { utcDay } from '../time';

/** A key or secret that does not meet a control now, and why; what a person has decided about it is part of the why. */
interface ControlException {
  readonly key: string;
  readonly why: string;
}

/** One control of a framework that auditors ask for: what the policy says, what shows it, what falls short. It is for them to judge. */
export interface Control {
  readonly framework: string;
  readonly id: string;
  /** What the control asks for, in our words. */
  readonly asks: string;
  readonly policy: string;
  readonly evidence: string;
  readonly exceptions: readonly ControlException[];
}

/** Maps the fleet's policy and state to the controls that a rotation of keys serves. */
export function controlsOf(fleet: FleetListing, unmatched?: UnmatchedKeys): readonly Control[] {
  const { rows } = fleet;
  const age = ageFacts(rows);
  const ended = endFacts(rows);
  const unreadable = fleet.unreadable.map(({ secretName, faults }) => ({
    key: secretName,
    why: `its policy tags cannot be read: ${faults.join('; ')}`,
  }));
  const unchecked = where(
    rows,
    unwatched.kind,
    (row) => `no check since ${row.checkedOn ?? 'it was deployed'}`,
  );
  const shared = fleet.shared.map(({ secrets }) => ({
    key: secrets.join(', '),
    why: 'one key in several secrets',
  }));
  const personal = where(
    rows,
    diesWithItsOwner.kind,
    () => 'it belongs to a person and dies when they leave',
  );
  const stray = (unmatched?.keys ?? []).map(({ name, id }) => ({
    key: `${name} (${id})`,
    why: 'active in the Claude Console, and matched to no managed secret',
  }));
  return [
    {
      framework: 'AWS Security Hub',
      id: 'SecretsManager.1',
      asks: 'Secrets have automatic rotation enabled.',
      policy: 'Every managed secret has a rotation function and schedule.',
      evidence: share(rows, ({ rotationEnabled }) => rotationEnabled, 'have rotation enabled'),
      exceptions: [
        ...rows
          .filter((row) => !row.rotationEnabled)
          .map((row) => ({ key: keyName(row.key), why: 'rotation is off' })),
        ...unreadable,
      ],
    },
    {
      framework: 'AWS Security Hub',
      id: 'SecretsManager.4',
      asks: 'Secrets are rotated within a specified number of days.',
      policy: age.policy,
      evidence: age.evidence,
      exceptions: age.exceptions,
    },
    {
      framework: 'SOC 2',
      id: 'CC6.1',
      asks: 'Logical access is protected; credentials are issued, managed and removed under control.',
      policy: 'One key per service, a named owner for each, stored in AWS Secrets Manager only.',
      evidence: `${share(rows, ({ key }) => key.owner !== '', 'have a named owner')} ${ended.evidence}`,
      exceptions: [...shared, ...personal, ...stray, ...ended.exceptions, ...unreadable],
    },
    {
      framework: 'ISO/IEC 27001:2022',
      id: 'A.5.17',
      asks: 'Authentication information is allocated and managed by a process.',
      policy: 'A key is tested before it becomes live; an owner is told of each deadline.',
      evidence: share(rows, ({ verdict }) => verdict?.kind === 'ALIVE', 'hold a key proven to work'),
      exceptions: [...notAlive(rows), ...personal],
    },
    {
      framework: 'ISO/IEC 27001:2022',
      id: 'A.8.24',
      asks: 'Keys are managed over their whole life: generation, storage, change, withdrawal.',
      policy: `${age.policy} ${gracePolicy(rows)}`,
      evidence: `${age.evidence} ${ended.evidence} ${share(rows, ({ unwatchedSince }) => !unwatchedSince, 'are checked on schedule')}`,
      exceptions: [...age.exceptions, ...ended.exceptions, ...unchecked, ...unreadable],
    },
    {
      framework: 'PCI DSS 4.0.1',
      id: '8.6.3',
      asks: 'Credentials of application accounts are changed periodically, and upon suspicion of compromise.',
      policy: `${age.policy} A suspected leak is contained by one command, without waiting for a new key.`,
      evidence: age.evidence,
      exceptions: age.exceptions,
    },
  ];
}

function ageFacts(rows: readonly FleetRow[]) {
  const limits = new Map<number, number>();
  for (const { maxAgeDays } of rows) limits.set(maxAgeDays, (limits.get(maxAgeDays) ?? 0) + 1);
  const stated = [...limits]
    .sort(([a], [b]) => a - b)
    .map(([days, keys]) => (limits.size === 1 ? `${days} days` : `${days} days (${keys})`));
  const inTime = rows.filter(({ phase }) => phase === 'fresh' || phase === 'due').length;
  const ages = rows.flatMap(({ ageDays }) => ageDays ?? []);
  return {
    policy: stated.length > 0 ? `Highest age of a key: ${stated.join(', ')}.` : 'No keys.',
    evidence: `${inTime} of ${rows.length} keys are within their highest age${ages.length > 0 ? `; the oldest is ${Math.max(...ages)} days old` : ''}.`,
    exceptions: rows.flatMap((row) => {
      const why = notInTime(row);
      return why ? [{ key: keyName(row.key), why: why + exemption(row) }] : [];
    }),
  };
}

function notInTime({ phase, ageDays = 0, maxAgeDays }: FleetRow): string | undefined {
  if (phase === 'overdue') return `${ageDays} days old, ${maxAgeDays} allowed`;
  if (phase === 'unknown') return 'its age is not known until the next check';
  return undefined;
}

/** Superseded keys: still within grace is no exception. */
function endFacts(rows: readonly FleetRow[]) {
  const proven = rows.filter(({ timeline }) => timeline.provenAt).length;
  const open = rows.filter(({ retirable }) => retirable);
  return {
    evidence: `${proven} of ${rows.length} secrets ended their latest rotation with the old key proven dead; ${open.length === 0 ? 'none has' : `${open.length} ${open.length === 1 ? 'has' : 'have'}`} an old key past its grace without that proof.`,
    exceptions: open.map((row) => ({
      key: keyName(row.key),
      why: row.findings.includes(zombie.kind)
        ? 'the old key still works after its grace'
        : 'the old key is not yet proven dead after its grace',
    })),
  };
}

const notAlive = (rows: readonly FleetRow[]) =>
  rows
    .filter(({ verdict }) => verdict?.kind !== 'ALIVE')
    .map((row) => ({
      key: keyName(row.key),
      why: row.verdict
        ? `${row.verdict.kind}${row.verdict.reason ? ` (${row.verdict.reason})` : ''} since ${utcDay(row.verdict.since)}`
        : 'no key was proven to work yet',
    }));

const exemption = ({ snooze }: FleetRow) =>
  snooze ? `; exempt until ${utcDay(snooze.until)}: ${snooze.reason}` : '';

const where = (
  rows: readonly FleetRow[],
  kind: FleetRow['findings'][number],
  why: (row: FleetRow) => string,
) =>
  rows
    .filter(({ findings }) => findings.includes(kind))
    .map((row) => ({ key: keyName(row.key), why: why(row) }));

function gracePolicy(rows: readonly FleetRow[]): string {
  const hours = rows.map(({ policy }) => policy.graceHours);
  return hours.length > 0
    ? `A superseded key is switched off and proven dead after at most ${Math.max(...hours)} hours of grace, extensions apart.`
    : '';
}

const share = (rows: readonly FleetRow[], holds: (row: FleetRow) => boolean, what: string) =>
  `${rows.filter(holds).length} of ${rows.length} keys ${what}.`;
