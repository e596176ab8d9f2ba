/** How much a change asks of whoever upgrades: nothing, a look, or work. */
export type Level = 'patch' | 'minor' | 'major';

/** A part of the interface: names, and what each of them is. */
export type Section = Readonly<Record<string, string>>;

interface Rule {
  /** What a release has to be that adds, removes or changes an entry. */
  readonly added: Level;
  readonly removed: Level;
  readonly changed: Level;
}

const GROWS: Rule = { added: 'minor', removed: 'major', changed: 'major' };

/** The parts of what others rely on, and how their changes count. docs/releasing.md explains each. */
export const RULES = {
  fleetFields: GROWS,
  defaultPolicy: GROWS,
  keptResources: GROWS,
  namedResources: GROWS,
  otherResources: { added: 'patch', removed: 'patch', changed: 'patch' },
  outputs: GROWS,
  // More rights are for whoever deploys to see. Fewer harm nobody: the functions come with them.
  functionPermissions: { added: 'minor', removed: 'patch', changed: 'minor' },
  peoplePermissions: GROWS,
  resourcePolicies: GROWS,
  // Functions and their variables are deployed together.
  variables: { added: 'patch', removed: 'patch', changed: 'patch' },
  tags: GROWS,
  labels: GROWS,
  metrics: GROWS,
  events: GROWS,
  documents: GROWS,
  commands: GROWS,
  constructs: GROWS,
} as const satisfies Readonly<Record<string, Rule>>;

export type SectionName = keyof typeof RULES;

/** What others rely on in a release, in plain words, so that two releases can be compared. */
export interface ReleaseInterface {
  readonly release: string;
  /** The fleet file whose templates these are. */
  readonly fleet: string;
  readonly sections: Readonly<Partial<Record<SectionName, Section>>>;
}

export interface Change {
  readonly level: Level;
  readonly section: SectionName;
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

const ORDER: readonly Level[] = ['patch', 'minor', 'major'];

/** All differences of two releases, the gravest first. A section that the older one does not know yet is new as a whole, and breaks nothing. */
export function changesBetween(before: ReleaseInterface, after: ReleaseInterface): readonly Change[] {
  const names = Object.keys(RULES) as SectionName[];
  return names
    .filter((section) => before.sections[section] !== undefined)
    .flatMap((section) => changesOf(section, before.sections[section]!, after.sections[section] ?? {}))
    .sort((a, b) => ORDER.indexOf(b.level) - ORDER.indexOf(a.level));
}

function changesOf(section: SectionName, before: Section, after: Section): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): Change[] => {
    const [old, now] = [before[name], after[name]];
    if (old === now) return [];
    const level =
      old === undefined && isNewAsAWhole(name, before)
        ? RULES[section].added
        : levelOf(section, name, old, after);
    return [{ level, section, name, before: old, after: now }];
  });
}

/** Whether the entry is a field of something that is as new: nobody fills in `ManagedKeyProps.key` who does not know `ManagedKeyProps`. */
function isNewAsAWhole(name: string, before: Section): boolean {
  const [, owner] = /^(.*?)(?:\.\*)*\.[^.]+$/.exec(name) ?? [];
  return owner !== undefined && before[owner] === undefined;
}

function levelOf(section: SectionName, name: string, before: string | undefined, after: Section): Level {
  const rule: Rule = RULES[section];
  const now = after[name];
  if (before === undefined) return now === 'required' ? 'major' : rule.added;
  if (now === undefined) return rule.removed;
  // What had to be there may be left out now.
  return before === 'required' && now === 'optional' ? 'minor' : rule.changed;
}

/** The gravest level; undefined where nothing changed. */
export const gravest = (changes: readonly Change[]): Level | undefined => changes[0]?.level;

/** The least version that may carry such a change. Before 1.0.0 what breaks raises the second number, and everything else the third. */
export function leastVersion(last: string, level: Level | undefined): string {
  const [major = 0, minor = 0, patch = 0] = last.split('-')[0]!.split('.').map(Number);
  if (level === undefined) return last;
  if (major === 0) return level === 'major' ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`;
  if (level === 'major') return `${major + 1}.0.0`;
  return level === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** Whether a version is at least another: three numbers each. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => text.split('-')[0]!.split('.').map(Number);
  const [ours, theirs] = [numbers(version), numbers(least)];
  const differing = [0, 1, 2].find((index) => ours[index] !== theirs[index]);
  return differing === undefined || ours[differing]! > theirs[differing]!;
}

/** The newest release that is older than a version; of those that are out where none is. */
export function lastBefore(version: string, releases: readonly string[]): string {
  const older = releases.filter((release) => !isAtLeast(release, version));
  return (older.length > 0 ? older : releases).reduce((a, b) => (isAtLeast(a, b) ? a : b));
}

/** The report for people: by level, a line per change. */
export function reported(changes: readonly Change[]): string {
  const lines = [...ORDER].reverse().flatMap((level) => {
    const those = changes.filter((change) => change.level === level);
    return those.length === 0
      ? []
      : [`${level}: ${those.length}`, ...those.map((change) => `  ${described(change)}`)];
  });
  return lines.length === 0 ? 'Nothing that others rely on has changed.' : lines.join('\n');
}

export function described({ section, name, before, after }: Change): string {
  if (before === undefined) return `${section}: + ${name}${after === '' ? '' : ` = ${after}`}`;
  if (after === undefined) return `${section}: - ${name}${before === '' ? '' : ` = ${before}`}`;
  return `${section}: ${name}: ${before} → ${after}`;
}
