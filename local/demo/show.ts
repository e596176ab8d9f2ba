import { absolute, wordWrap } from '../../lib/domain/wording/text';
import { dayOf } from './days';
import type { Deed, Entry, Mail } from './journal';

/** SNS sends its mails from this address. */
const FROM = 'AWS Notifications <no-reply@sns.amazonaws.com>';

/** One entry of the timeline as people read it. */
export const showEntry = (entry: Entry, whole: boolean): string =>
  entry.type === 'deed' ? showDeed(entry) : whole ? `\n${showMail(entry)}\n` : showLine(entry);

const stamp = (at: Date) => `day ${String(dayOf(at)).padStart(3)}  ${absolute(at)}`;

function showDeed({ at, who, key, text }: Deed): string {
  const about = key ? `[${key}] ` : '';
  return wrap(`${about}${who}: ${text}.`, '      ', `* ${stamp(at)}  `);
}

const showLine = ({ at, kind, subject }: Mail) =>
  wrap(kind === 'alarm' ? alarmInShort(subject) : subject, '      ', `  ${stamp(at)}  `);

/** Without what all alarms of the demo have in common, so that it fits on a line: `ALARM: prod-key-dead`. */
const alarmInShort = (subject: string) => subject.replace(/"anthropic-keys-(\S+)" in \S+$/, '$1');

function showMail(mail: Mail): string {
  const title = `-- mail ${mail.number} - ${stamp(mail.at)} `;
  const body = mail.body.trimEnd().replace(/^(?=.)/gm, '  ');
  return `${title.padEnd(WIDTH, '-')}\n${headOf(mail)}\n\n${body}`;
}

/** A mail as it lies in a mailbox: for `--mails` and for the timeline. */
const headOf = ({ at, to, subject }: Mail) =>
  [
    `  From:    ${FROM}`,
    wrap(`To:      ${to.join(', ')}`, '           ', '  '),
    `  Date:    ${at.toUTCString()}`,
    `  Subject: ${subject}`,
  ].join('\n');

/** A mail as a file of its own. */
export const mailFile = (mail: Mail): string =>
  `${headOf(mail).replace(/^ {2}/gm, '')}\n\n${mail.body.trimEnd()}\n`;

/** A name that sorts by time: `0001-2026-11-21T0600Z-prod-api-gateway-due.txt`. */
export function mailFileName({ number, at, environment, service, kind }: Mail): string {
  const time = at.toISOString().slice(0, 16).replace(':', '');
  return `${String(number).padStart(4, '0')}-${time}Z-${[environment, service, kind].filter(Boolean).join('-')}.txt`;
}

/** One notice as a machine reads it, on one line. What CloudWatch mails has the kind `alarm` and no service. */
export const jsonLine = ({ at, kind, environment, service, severity, subject }: Mail): string =>
  JSON.stringify({
    at: at.toISOString().replace(/\.\d+Z$/, 'Z'),
    kind,
    environment,
    service: service ?? null,
    severity,
    subject,
  });

const WIDTH = 80;

/** Words of a text on lines that fit, the first after `first`, the others after `rest`. */
export const wrap = (text: string, rest = '', first = rest) => wordWrap(text, { width: WIDTH, first, rest });

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
