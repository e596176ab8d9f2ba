import type { FindingKind } from '../findings/catalogue';
import { diesWithItsOwner } from '../findings/kinds/dies-with-its-owner';
import { unwatched } from '../findings/kinds/unwatched';
import { zombie } from '../findings/kinds/zombie';
import type { FleetListing } from '../fleet/fleet';
import type { FleetRow } from '../fleet/row';
import { keyName } from '../policy';
import { utcDay } from '../time';

/** A key or secret that does not meet a control now, and why, including what a person decided about it. */
interface ControlException {
  readonly key: string;
  readonly why: string;
}

/** One control of a framework: what the policy says, what shows it, what falls short. Auditors judge it. */
export interface Control {
  readonly framework: string;
  readonly id: string;
  readonly asks: string;
  readonly policy: string;
  readonly evidence: string;
  readonly exceptions: readonly ControlException[];
}

/** Maps the fleet's policy and state to the controls that a rotation of keys serves. */
export function controlsOf(fleet: FleetListing, unmanaged = 0): readonly Control[] {
  const { rows } = fleet;
  const age = ageFacts(rows);
  const ended = endFacts(rows);
  const unreadable = fleet.unreadable.map(({ secretName, faults }) => ({
    key: secretName,
    why: `its policy tags cannot be read: ${faults.join('; ')}`,
  }));
  const has = (kind: FindingKind) => (row: FleetRow) => row.findings.includes(kind);
  const unchecked = where(
    rows,
    has(unwatched.kind),
    ({ checkedOn }) => `no check since ${checkedOn ?? 'it was deployed'}`,
  );
  const shared = fleet.shared.map(({ secrets }) => ({
    key: secrets.join(', '),
    why: 'one key in several secrets',
  }));
  const dies = 'it belongs to a person and dies when they leave';
  const personal = where(rows, has(diesWithItsOwner.kind), () => dies);
  const rotationOff = where(
    rows,
    ({ rotationEnabled }) => !rotationEnabled,
    () => 'rotation is off',
  );
  const stray =
    unmanaged > 0
      ? [
          {
            key: unmanaged === 1 ? '1 key of the organization' : `${unmanaged} keys of the organization`,
            why: 'active at Anthropic, and matched to no managed secret',
          },
        ]
      : [];
  return [
    {
      framework: 'AWS Security Hub',
      id: 'SecretsManager.1',
      asks: 'Secrets have automatic rotation enabled.',
      policy: 'Every managed secret has a rotation function and schedule.',
      evidence: share(rows, ({ rotationEnabled }) => rotationEnabled, 'have rotation enabled'),
      exceptions: [...rotationOff, ...unreadable],
    },
    {
      framework: 'AWS Security Hub',
      id: 'SecretsManager.4',
      asks: 'Secrets are rotated within a specified number of days.',
      ...age,
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
      ...age,
      policy: `${age.policy} A suspected leak is contained by one command, without waiting for a new key.`,
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
    exceptions: where(
      rows,
      (row) => notInTime(row) !== undefined,
      (row) => notInTime(row) + exemption(row),
    ),
  };
}

function notInTime({ phase, ageDays = 0, maxAgeDays }: FleetRow): string | undefined {
  if (phase === 'overdue') return `${ageDays} days old, ${maxAgeDays} allowed`;
  if (phase === 'unknown') return 'its age is not known until the next check';
  return undefined;
}

/** Superseded keys. One within its grace period is no exception. */
function endFacts(rows: readonly FleetRow[]) {
  const proven = rows.filter(({ timeline }) => timeline.provenAt).length;
  const open = where(
    rows,
    ({ retirable }) => retirable,
    ({ findings }) =>
      findings.includes(zombie.kind)
        ? 'the old key still works after its grace'
        : 'the old key is not yet proven dead after its grace',
  );
  return {
    evidence: `${proven} of ${rows.length} secrets ended their latest rotation with the old key proven dead; ${open.length === 0 ? 'none has' : `${open.length} ${open.length === 1 ? 'has' : 'have'}`} an old key past its grace without that proof.`,
    exceptions: open,
  };
}

const notAlive = (rows: readonly FleetRow[]) =>
  where(
    rows,
    ({ verdict }) => verdict?.kind !== 'ALIVE',
    ({ verdict }) =>
      verdict
        ? `${verdict.kind}${verdict.reason ? ` (${verdict.reason})` : ''} since ${utcDay(verdict.since)}`
        : 'no key was proven to work yet',
  );

const exemption = ({ snooze }: FleetRow) =>
  snooze ? `; exempt until ${utcDay(snooze.until)}: ${snooze.reason}` : '';

const where = (
  rows: readonly FleetRow[],
  holds: (row: FleetRow) => boolean,
  why: (row: FleetRow) => string,
): readonly ControlException[] => rows.filter(holds).map((row) => ({ key: keyName(row.key), why: why(row) }));

function gracePolicy(rows: readonly FleetRow[]): string {
  const hours = rows.map(({ policy }) => policy.graceHours);
  return hours.length > 0
    ? `A superseded key is switched off and proven dead after at most ${Math.max(...hours)} hours of grace, extensions apart.`
    : '';
}

const share = (rows: readonly FleetRow[], holds: (row: FleetRow) => boolean, what: string) =>
  `${rows.filter(holds).length} of ${rows.length} keys ${what}.`;
