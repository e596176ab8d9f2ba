import { DEMO_FLEET, parseOptions, WrongUsage } from '../../local/demo/options';

test('without flags it plays its own fleet for a hundred days, and shows its course', () => {
  expect(parseOptions([])).toEqual({
    keys: DEMO_FLEET,
    days: 100,
    output: 'course',
    out: 'out/demo',
    mails: undefined,
    overHttp: false,
    help: false,
  });
});

test.each([
  [['--json', '--days', '7'], { output: 'json', days: 7 }],
  [['--quiet', '--mails', 'out/'], { output: 'quiet', mails: 'out/' }],
  [['--out', 'elsewhere', '--over-http'], { out: 'elsewhere', overHttp: true }],
  [['--verbose'], { output: 'full' }],
  [['--keys', 'keys.yaml'], { keys: 'keys.yaml' }],
  [['-h'], { help: true }],
])('%j is understood', (argv, expected) => {
  expect(parseOptions(argv)).toMatchObject(expected);
});

test.each([
  [['--bogus'], /--bogus/],
  [['extra'], /extra/],
  [['--days'], /--days/],
  [['--days', '0'], /"0": expected a whole number from 1 to 3650/],
  [['--days', '1.5'], /expected a whole number/],
  [['--days', 'many'], /expected a whole number/],
  [['--json', '--quiet'], /exclude each other/],
  [['--verbose', '--quiet'], /exclude each other/],
])('%j is refused by name', (argv, message) => {
  expect(() => parseOptions(argv)).toThrow(WrongUsage);
  expect(() => parseOptions(argv)).toThrow(message);
});
