import { parseArgs } from 'node:util';

/** What the demo was asked to do. */
export interface DemoOptions {
  readonly keys: string;
  readonly days: number;
  /** `course` is one line per event and some whole mails; `full` has all of them whole, `quiet` none. */
  readonly output: 'course' | 'full' | 'quiet' | 'json';
  /** Folder for everything that is written. */
  readonly out: string;
  /** Folder for the mails, one file each. @default `mails` in `out` */
  readonly mails?: string;
  /** Whether AWS and Anthropic are talked to over HTTP on loopback, instead of inside this process. */
  readonly overHttp: boolean;
  readonly help: boolean;
}

export const DEMO_FLEET = 'examples/demo/keys.yaml';

/** Where everything is written unless somebody names another folder. */
export const DEFAULT_OUT = 'out/demo';

export const USAGE = `Usage: npm run demo -- [options]

  --days N      simulate N days, 1 to 3650 (default 100)
  --keys FILE   play another fleet file than ${DEMO_FLEET}
  --verbose     print every mail whole, as it would arrive
  --quiet       print no mail whole
  --json        one JSON object per notice and line, and nothing else
  --out DIR     write the page for auditors and the mails to DIR, instead of ${DEFAULT_OUT}
  --mails DIR   write each mail to DIR as a .txt file, instead of ${DEFAULT_OUT}/mails
  --over-http   talk to AWS and Anthropic over HTTP on loopback: the same course, more slowly
  --help        show this
`;

/** Said to whoever typed the command wrongly. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

const OUTPUTS = [
  ['json', 'json'],
  ['quiet', 'quiet'],
  ['verbose', 'full'],
] as const;

/** Reads the command line. @throws WrongUsage for anything it does not know */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const { values } = understood(argv);
  const [output = 'course', ...others] = OUTPUTS.flatMap(([flag, output]) => (values[flag] ? [output] : []));
  if (others.length > 0) throw new WrongUsage('--json, --quiet and --verbose exclude each other.');
  return {
    keys: values.keys ?? DEMO_FLEET,
    days: daysOf(values.days),
    output,
    out: values.out ?? DEFAULT_OUT,
    mails: values.mails,
    overHttp: values['over-http'] ?? false,
    help: values.help ?? false,
  };
}

function understood(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        days: { type: 'string' },
        keys: { type: 'string' },
        out: { type: 'string' },
        mails: { type: 'string' },
        'over-http': { type: 'boolean' },
        json: { type: 'boolean' },
        quiet: { type: 'boolean' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

function daysOf(text = '100'): number {
  const days = Number(text);
  if (/^\d{1,4}$/.test(text) && days >= 1 && days <= 3650) return days;
  throw new WrongUsage(`--days is ${JSON.stringify(text)}: expected a whole number from 1 to 3650.`);
}
