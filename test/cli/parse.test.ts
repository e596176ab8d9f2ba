import { parse } from '../../lib/cli/parse';
import { VERBS } from '../../lib/cli/verbs';
import { keyText } from '../keys';

const read = (line: string) => parse(line === '' ? [] : line.split(' '), VERBS);
const NO_GLOBALS = { json: false, yes: false, dryRun: false };

describe('what a command line means', () => {
  test.each<[string, string, object]>([
    ['status', 'status', { filter: {} }],
    [
      'status --needs-attention --environment prod --owner a@b.io',
      'status',
      { filter: { needsAttention: true, environment: 'prod', owner: 'a@b.io' } },
    ],
    ['status --html fleet.html', 'status', { filter: {}, html: 'fleet.html' }],
    ['status --no-history --html fleet.html', 'status', { filter: {}, html: 'fleet.html', noHistory: true }],
    [
      'report --audit --no-history',
      'report',
      { environment: undefined, send: false, html: undefined, audit: true, noHistory: true },
    ],
    ['show prod/api', 'show', { key: 'prod/api' }],
    ['submit prod/api', 'submit', { key: 'prod/api', replace: false, untested: false }],
    ['submit prod/api --replace', 'submit', { key: 'prod/api', replace: true, untested: false }],
    ['rollback prod/api --key 4f2c', 'rollback', { key: 'prod/api', fingerprint: '4f2c' }],
    ['extend prod/api', 'extend', { key: 'prod/api', end: 24, shorten: false }],
    ['extend prod/api --hours 48', 'extend', { key: 'prod/api', end: 48, shorten: false }],
    ...['2026-12-01T08:00Z', '2026-12-01T08:00:00.000Z', '2026-12-01T09:00+01:00', '2026-12-01T08:00'].map(
      (until): [string, string, object] => [
        `extend prod/api --until ${until} --shorten`,
        'extend',
        { key: 'prod/api', end: new Date('2026-12-01T08:00Z'), shorten: true },
      ],
    ),
    ['retire prod/api', 'retire', { key: 'prod/api' }],
    ['retire prod/api --deactivate', 'retire', { key: 'prod/api', deactivate: true }],
    ['retire prod/api --no-deactivate', 'retire', { key: 'prod/api', deactivate: false }],
    ['retire prod/api --attest Ada-saw-it', 'retire', { key: 'prod/api', attest: 'Ada-saw-it' }],
    [
      'reactivate prod/api --key 4f2c91aa03d7',
      'reactivate',
      { key: 'prod/api', fingerprint: '4f2c91aa03d7' },
    ],
    [
      'snooze prod/api --until 2026-12-01 --reason freeze',
      'snooze',
      { key: 'prod/api', until: new Date('2026-12-01T00:00:00Z'), reason: 'freeze' },
    ],
    ['snooze prod/api --end', 'snooze', { key: 'prod/api' }],
    ['leak prod/api --reason ticket', 'leak', { key: 'prod/api', reason: 'ticket', replaceFirst: false }],
    [
      'leak prod/api --reason ticket --replace-first --record i.json',
      'leak',
      { key: 'prod/api', reason: 'ticket', replaceFirst: true, record: 'i.json' },
    ],
    ['check prod/api', 'check', { key: 'prod/api' }],
    [
      'adopt old/claude --environment prod --service api --owner a@b.io --max-age-days 60',
      'adopt',
      {
        secretId: 'old/claude',
        environment: 'prod',
        service: 'api',
        owner: 'a@b.io',
        policy: { maxAgeDays: 60 },
      },
    ],
    ['doctor', 'doctor', {}],
    ['doctor prod/api', 'doctor', { key: 'prod/api' }],
    ['report prod --send', 'report', { environment: 'prod', send: true, audit: false }],
  ])('`%s` is %s', (line, name, intent) => {
    const parsed = read(line);
    expect(parsed).toMatchObject({ kind: 'run', verb: { name }, globals: NO_GLOBALS });
    expect(parsed.kind === 'run' && parsed.intent).toEqual(intent);
  });

  test('global options stand before or behind the command', () => {
    const globals = {
      ...NO_GLOBALS,
      profile: 'p',
      region: 'eu-central-1',
      json: true,
      dryRun: true,
      yes: true,
    };
    expect(read('--profile p --json --yes status --region eu-central-1 --dry-run')).toMatchObject({
      globals,
    });
    expect(read('-p p -jy status -r eu-central-1 -n')).toMatchObject({ globals });
  });
});

test.each(['--version', '-V', '--json --version', 'version'])('`%s` is the version', (line) => {
  expect(read(line)).toMatchObject({ kind: 'run', verb: { name: 'version' } });
});

describe('what makes no sense is refused with exit code 2', () => {
  test.each<[string, string]>([
    ['submt prod/api', 'Did you mean submit?'],
    ['statsu', 'Did you mean status?'],
    ['help nope', 'There is no command nope.'],
    ['help statsu', 'Did you mean status?'],
    ['status --endpoint-url foo', 'an https URL, or one of this machine such as http://localhost:5000'],
    ['status --endpoint-url http://aws.example', 'because keys are sent there; not "http://aws.example".'],
    ['submit', "missing required argument 'key'"],
    ['submit prod/api more', 'too many arguments'],
    ['submit api', 'expected <environment>/<service>'],
    ['status --needs-atention', 'Did you mean --needs-attention?'],
    ['extend prod/api --hours 400', 'a whole number from 1 to 336'],
    ['extend prod/api --hours many', 'not "many"'],
    ['extend prod/api --until 2026-12-01', 'a moment in UTC such as 2026-12-01T08:00Z'],
    ['extend prod/api --until 2026-11-31T08:00Z', 'not "2026-11-31T08:00Z"'],
    ['extend prod/api --until 2026-12-01T08:61Z', 'not "2026-12-01T08:61Z"'],
    ['extend prod/api --until 2026-12-01T08:00Z --hours 4', 'give one of them'],
    ['rollback prod/api --key xyz', 'the first 4 to 12 hex digits of a fingerprint'],
    ['snooze prod/api', 'an exemption has an end'],
    ['snooze prod/api --until soon --reason x', 'a day such as 2026-12-01'],
    ['snooze prod/api --until 2026-02-30 --reason x', 'not "2026-02-30"'],
    ['snooze prod/api --until 2026-12-01', 'readers of the report want to know why'],
    ['snooze prod/api --end --reason x', '--end takes neither --until nor --reason'],
    ['leak prod/api', 'where did it leak?'],
    ['retire prod/api --attest no', 'who saw what'],
    ['adopt x --owner nobody', 'an e-mail address'],
    ['adopt x --environment Prod', 'lower-case letters'],
    ['adopt x --fingerprint 4f2c91aa03d7', '--fingerprint needs --created-at'],
    ['report prod --send --html x.html', '--send mails the report'],
    ['status --no-history', '--no-history is for the page for auditors'],
    ['report prod --no-history', '--no-history is for the page for auditors'],
  ])('`%s`: %s', (line, message) => {
    const parsed = read(line);
    expect(parsed).toMatchObject({ kind: 'say', exit: 2 });
    expect(parsed.kind === 'say' && parsed.text).toContain(message);
  });

  test('no command at all', () => {
    expect(read('')).toMatchObject({ kind: 'say', exit: 2, text: expect.stringContaining('Commands:') });
  });
});

describe('a key as an argument counts as leaked', () => {
  const key = keyText('argv');
  test.each<[string, string[]]>([
    ['alone', [key]],
    ['behind a command', ['submit', 'prod/api', key]],
    ['in an option', ['submit', 'prod/api', `--key=${key}`]],
    ['in a reason', ['leak', 'prod/api', '--reason', `the key ${key} was in a log`]],
    ['of another vendor', ['submit', 'prod/api', `sk-proj-${'x1'.repeat(20)}`]],
    ['an admin key', ['submit', 'prod/api', keyText('argv', 'admin01')]],
  ])('%s', (_, argv) => {
    const parsed = parse(argv, VERBS);
    expect(parsed).toMatchObject({ kind: 'say', exit: 2 });
    expect(parsed.kind === 'say' && parsed.text).toContain('consider it leaked');
    expect(JSON.stringify(parsed)).not.toContain(key.slice(0, 30));
  });

  test('its short form, as lists and mails show it, does not', () => {
    const reason = 'sk-ant-api03-R2D…igAA and sk-ant-api03-R2D...igAA were seen';
    expect(parse(['leak', 'prod/api', '--reason', reason], VERBS)).toMatchObject({ kind: 'run' });
  });
});

describe('help', () => {
  const help = (line: string, columns = 80) => {
    const parsed = parse(line.split(' '), VERBS, columns);
    if (parsed.kind !== 'say') throw new Error('Help was expected.');
    expect(parsed.exit).toBe(0);
    return parsed.text;
  };

  test.each(VERBS.map(({ name }) => [name]))(
    'of %s has examples that parse, and names commands that exist',
    (name) => {
      const text = help(`${name} --help`);
      const verb = VERBS.find((each) => each.name === name)!;
      for (const example of verb.examples) {
        expect(text).toContain(`npx --no -- anthropic-keys ${example}`);
        const words = example.replace(/ [<>] .*/, '').match(/"[^"]*"|\S+/g)!;
        expect(
          parse(
            words.map((word) => word.replaceAll('"', '')),
            VERBS,
          ),
        ).toMatchObject({
          kind: 'run',
          verb: { name },
        });
      }
      expect(VERBS.map((each) => each.name)).toEqual(expect.arrayContaining([...verb.seeAlso]));
      expect(text).toContain('--dry-run');
    },
  );

  test('fits 80 columns', () => {
    const texts = ['--help', ...VERBS.map(({ name }) => `${name} --help`)].map((line) => help(line));
    const prose = texts.flatMap((text) => text.split('\n')).filter((line) => !line.includes('npx --no'));
    expect(prose.filter((line) => line.length > 80)).toEqual([]);
  });
});
