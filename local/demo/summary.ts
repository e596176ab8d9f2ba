import { memoryFromTags } from '../../lib/contract/memory-tags';
import { rotated } from '../../lib/domain/findings/kinds/rotated';
import { daysBetween } from '../../lib/domain/time';
import type { Mail } from './journal';
import type { Played } from './play';
import { plural } from './show';

const COLUMNS = ['key', 'age', 'max', 'verdict', 'rotations', 'retiring', 'mails'] as const;

/** What became of every key, at the end. */
export function summary(played: Played): string {
  const { journal, people, checks, end, sandbox } = played;
  const rows = [...people].map(([key, { hands }]) => {
    const tags = hands.site.aws.secretsManager.inspect(hands.charge.secretName)?.tags ?? {};
    const { verdict } = memoryFromTags(tags);
    const mails = journal.mails.filter(({ environment, about }) =>
      about.some(({ service }) => `${environment}/${service}` === key),
    );
    return [
      key,
      verdict ? `${daysBetween(verdict.keyCreatedAt, end)} d` : '-',
      `${tags['anthropic-key:max-age-days']} d`,
      verdict?.kind ?? 'no key',
      String(rotationsIn(mails)),
      String(new Set(hands.retiring).size),
      String(mails.length),
    ];
  });
  const others = journal.mails.filter(({ about }) => about.length === 0).length;
  const calls = sandbox.clouds.reduce((sum, aws) => sum + aws.calls.all().length, 0);
  const probes = sandbox.organizations.reduce((sum, one) => sum + one.requests.length, 0);
  const failed = sandbox.deployed
    .flatMap(({ failures }) => failures)
    .filter(({ functionName }) => !functionName.endsWith('-rotate'));
  return [
    table([[...COLUMNS], ...rows]),
    '',
    ...(failed.length > 0 ? [`${plural(failed.length, 'invocation')} ended in an error.`] : []),
    `${plural(checks, 'check')} made ${plural(calls, 'AWS call')} and ${plural(probes, 'Anthropic call')}.`,
    `${plural(journal.mails.length, 'mail')}, ${others} of them about a whole environment: reports and alarms.`,
  ].join('\n');
}

/** Promotions of another key than the first one. */
const rotationsIn = (mails: readonly Mail[]) =>
  mails.filter(({ kind, subject }) => kind === rotated.kind && !/first key/i.test(subject)).length;

/** Columns as wide as they must be; all but the first are set to the right, words to the left. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cell = (text: string, column: number) =>
    column === 0 || column === 3 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  const lines = rows.map((row) => row.map(cell).join('  ').trimEnd());
  return [lines[0], '-'.repeat(lines[0]!.length), ...lines.slice(1)].join('\n');
}
