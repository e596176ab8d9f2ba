import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run golden:words -- OLD NEW` shows that two folders of mails differ in their words only. Exits 1 where a mail is missing, or a fact of one
 * differs: header, part, command, link, id, date or number.
 */

/** The facts of a mail, by kind. Commands and links must keep their order; the order of the others is free, as sentences change. */
function factsOf(mail: string): ReadonlyMap<string, readonly string[]> {
  const [head = '', ...blocks] = mail.split(/\n{2,}/);
  const commands = blocks
    .filter((block) => /^ {4,}(?:npm run|aws |\((?:unset|F=|A=))/.test(block))
    .map(joined);
  const prose = blocks.map(joined).filter((block) => !commands.includes(block));
  const subject = /^Subject: .*$/m.exec(head)?.[0] ?? '';
  const words = [subject, ...prose].join('\n');
  const found = (pattern: RegExp, text = words) => [...text.matchAll(pattern)].map(([match]) => match);
  return new Map([
    ['header', head.split('\n').filter((line) => !line.startsWith('Subject: '))],
    ['key in subject', found(/\[[^\]]+\]/g, subject)],
    [
      'parts',
      blocks.filter((block) => /^[A-Z].*$/.test(block)).map((part) => (PARTS.test(part) ? part : '…')),
    ],
    ['command', [...commands, ...found(/npx --no -- anthropic-keys [a-z]+ \S+/g)]],
    ['link', found(/https?:\/\/\S+/g)],
    ['id', found(ID).sort()],
    ['name', found(/[\w.+-]+@[\w.-]+\w|docs\/\S+\.md|section "[^"]+"|\b[A-Z][A-Z_]*_[A-Z_]+\b/g).sort()],
    ['date', found(DATE).sort()],
    ['number', found(/\d+(?:[.,]\d+)*/g, words.replace(ID, '').replace(DATE, '')).sort()],
  ]);
}

/** The parts of a notice. The headings of a report may be reworded, so they are only counted. */
const PARTS =
  /^(?:What is true|What to do|What happens if|About the new|Which key|How this was|In a checkout|In the repository where|Is this mail real)/;

const DATE = /\d{4}-\d\d-\d\d(?: \d\d:\d\d(?: UTC)?)?/g;

const ID =
  /\b(?:AKR-\w{4}-\w{4}|(?:apikey|wrkspc|req)_\w+|org[-_]\w+|arn:\S+|sk-ant-[\w-]+…\S{4}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12})\b/g;

/** A block without its line breaks. */
const joined = (block: string) => block.replace(/ *\\?\n */g, ' ').trim();

function differences(name: string, before: string, after: string): readonly string[] {
  const facts = factsOf(after);
  return [...factsOf(before)].flatMap(([kind, was]) => {
    const is = facts.get(kind) ?? [];
    if (was.join('\n') === is.join('\n')) return [];
    return [`${name}: ${kind}\n  before: ${was.join(' | ')}\n  after:  ${is.join(' | ')}`];
  });
}

const [oldDir = '', newDir = ''] = process.argv.slice(2);
const before = readdirSync(oldDir).sort();
const after = readdirSync(newDir).sort();
const read = (dir: string, name: string) => readFileSync(join(dir, name), 'utf8');
const missing = [
  ...before.filter((name) => !after.includes(name)).map((name) => `${name}: missing in ${newDir}`),
  ...after.filter((name) => !before.includes(name)).map((name) => `${name}: missing in ${oldDir}`),
];
const both = before.filter((name) => after.includes(name));
const faults = [
  ...missing,
  ...both.flatMap((name) => differences(name, read(oldDir, name), read(newDir, name))),
];
for (const fault of faults) console.error(fault);
const reworded = both.filter((name) => read(oldDir, name) !== read(newDir, name)).length;
console.log(`${both.length} mails compared, ${reworded} reworded, ${faults.length} with another fact.`);
process.exitCode = faults.length > 0 ? 1 : 0;
