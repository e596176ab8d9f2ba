import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  changesBetween,
  described,
  gravest,
  isAtLeast,
  type Level,
  lastBefore,
  leastVersion,
  type ReleaseInterface,
  reported,
  type SectionName,
} from '../../packaging/release-changes';
import { interfaceOf } from '../../packaging/release-interface';
import { ROOT } from '../root';

const SNAPSHOTS = readdirSync(__dirname).filter((name) => /^\d+\.\d+\.\d+\.json$/.test(name));
const LAST = SNAPSHOTS.map((name) => name.replace('.json', '')).reduce((a, b) => (isAtLeast(a, b) ? a : b));
const REFERENCE = join(ROOT, 'packaging/reference.yaml');
const last: ReleaseInterface = JSON.parse(readFileSync(join(__dirname, `${LAST}.json`), 'utf8'));

const now = interfaceOf(last.fleet);

/** What breaks the last release on purpose, as `described` prints it, and what CHANGELOG.md says of it. */
const INTENDED: Readonly<Record<string, string>> = {};

test('nothing that others rely on breaks without an entry in the changelog', () => {
  const changes = changesBetween(last, now);
  const breaking = changes.filter(({ level }) => level === 'major').map(described);
  expect(breaking.filter((change) => !(change in INTENDED))).toEqual([]);
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  expect(Object.values(INTENDED).filter((words) => !changelog.includes(words))).toEqual([]);
  expect(Object.keys(INTENDED).filter((change) => !breaking.includes(change))).toEqual([]);
});

test('the snapshot has every part of the interface, and none is empty', () => {
  const { sections } = now;
  expect(Object.entries(sections).filter(([, entries]) => Object.keys(entries).length < 3)).toEqual([]);
  expect(sections.keptResources).toMatchObject({
    'AnthropicKeys-prod/KeyAnthropicProdApiGatewayb85f3647':
      expect.stringContaining('"ANTHROPIC_API_KEY":""'),
  });
  expect(sections.constructs).toMatchObject({
    'KeyRotationProps.keys': 'required',
    'KeyRotationProps.tags': 'optional',
  });
  expect(sections.fleetFields).toMatchObject({ 'environments.*.keys.*.owner': 'required' });
});

const release = (section: SectionName, entries: Readonly<Record<string, string>>): ReleaseInterface => ({
  release: '1.2.3',
  fleet: '',
  sections: { [section]: entries },
});

test.each<[string, SectionName, Record<string, string>, Record<string, string>, Level]>([
  ['a secret with another logical id', 'keptResources', { a: 's' }, { b: 's' }, 'major'],
  [
    'another text for a secret to be deployed with',
    'keptResources',
    { a: 'with {}' },
    { a: 'with x' },
    'major',
  ],
  ['an alarm less', 'namedResources', { a: '' }, {}, 'major'],
  ['an alarm more', 'namedResources', {}, { a: '' }, 'minor'],
  ['a policy of the topic with another id', 'otherResources', { a: 't' }, { b: 't' }, 'patch'],
  ['a right more for a function', 'functionPermissions', {}, { a: 'always' }, 'minor'],
  ['a right less for a function', 'functionPermissions', { a: 'always' }, {}, 'patch'],
  ['a right less for people', 'peoplePermissions', { a: 'always' }, {}, 'major'],
  ['a right of people under another condition', 'peoplePermissions', { a: 'always' }, { a: 'if' }, 'major'],
  ['a variable less', 'variables', { a: '' }, {}, 'patch'],
  ['a tag less', 'tags', { a: '' }, {}, 'major'],
  ['a label more', 'labels', {}, { a: '' }, 'minor'],
  ['an event by another name', 'events', { due: 'Key Due' }, { due: 'Key Old' }, 'major'],
  ['another number of a document', 'documents', { notice: '1' }, { notice: '2' }, 'major'],
  ['an option less', 'commands', { 'show --x': '' }, {}, 'major'],
  ['a command more', 'commands', {}, { restart: '' }, 'minor'],
  ['another default', 'defaultPolicy', { graceHours: '48' }, { graceHours: '24' }, 'major'],
  [
    'a field that may be there',
    'fleetFields',
    { e: 'optional' },
    { e: 'optional', 'e.*.x': 'optional' },
    'minor',
  ],
  [
    'a field that has to be there',
    'fleetFields',
    { e: 'optional' },
    { e: 'optional', 'e.*.x': 'required' },
    'major',
  ],
  [
    'a field that has to be there, of a new one',
    'fleetFields',
    { e: '' },
    { e: '', 'e.*.x': 'optional', 'e.*.x.*.y': 'required' },
    'minor',
  ],
  ['a field that may be left out now', 'fleetFields', { a: 'required' }, { a: 'optional' }, 'minor'],
  ['a prop that has to be given', 'constructs', { P: 'I' }, { P: 'I', 'P.a': 'required' }, 'major'],
  ['a member more', 'constructs', { C: 'I' }, { C: 'I', 'C.a': 'given' }, 'minor'],
  ['an export less', 'constructs', { C: 'I' }, {}, 'major'],
])('%s', (_, section, before, after, level) => {
  expect(gravest(changesBetween(release(section, before), release(section, after)))).toBe(level);
});

test('what is the same is no change, and a part that the older snapshot does not know breaks nothing', () => {
  expect(changesBetween(last, last)).toEqual([]);
  expect(reported([])).toBe('Nothing that others rely on has changed.');
  expect(changesBetween({ ...last, sections: {} }, last)).toEqual([]);
});

test.each<[string, Level | undefined, string]>([
  ['0.1.0', undefined, '0.1.0'],
  ['0.1.0', 'patch', '0.1.1'],
  ['0.1.0', 'minor', '0.1.1'],
  ['0.1.0', 'major', '0.2.0'],
  ['1.4.2', 'patch', '1.4.3'],
  ['1.4.2', 'minor', '1.5.0'],
  ['1.4.2', 'major', '2.0.0'],
])('after %s a %s change may be %s', (before, level, least) => {
  expect(leastVersion(before, level)).toBe(least);
  expect(isAtLeast(least, before)).toBe(true);
  expect(isAtLeast('0.0.9', least)).toBe(false);
});

test('the last release is the newest one before this version', () => {
  expect(lastBefore('0.3.0', ['0.1.0', '0.2.0', '0.10.0', '0.3.0'])).toBe('0.2.0');
  expect(lastBefore('0.1.0', ['0.1.0'])).toBe('0.1.0');
});

test('the release that package.json names has its snapshot', () => {
  expect(SNAPSHOTS).toContain(`${now.release}.json`);
});

describe('the command', () => {
  const compare = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'packaging/compare-release.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, CDK_VALIDATION: 'false' },
    });
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'release-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('takes the snapshot out of a tarball, and fails where the version is too low for what breaks', () => {
    const before = {
      ...last,
      release: '7.0.0',
      sections: { ...last.sections, tags: { ...last.sections.tags, 'anthropic-key:colour': '' } },
    };
    mkdirSync(join(folder, 'package'));
    writeFileSync(join(folder, 'package/interface.json'), JSON.stringify(before));
    const tarball = join(folder, 'old.tgz');
    expect(spawnSync('tar', ['-czf', tarball, '-C', folder, 'package/interface.json']).status).toBe(0);
    const { status, stdout } = compare(tarball);
    expect(stdout).toContain('tags: - anthropic-key:colour');
    expect(stdout).toContain('From 7.0.0, this may be 8.0.0 or higher.');
    expect(status).toBe(2);
  });

  test('writes the snapshot of this checkout over the reference', () => {
    const file = join(folder, 'now.json');
    expect(compare('--write', file)).toMatchObject({ status: 0, stderr: '' });
    const written: ReleaseInterface = JSON.parse(readFileSync(file, 'utf8'));
    expect(written.fleet).toBe(readFileSync(REFERENCE, 'utf8'));
    expect(Object.keys(written.sections)).toEqual(Object.keys(now.sections));
    expect(written.sections.commands).toEqual(now.sections.commands);
  });

  test('says what it expects', () => {
    expect(compare()).toMatchObject({ status: 1, stderr: expect.stringContaining('Usage: ') });
  });
});
