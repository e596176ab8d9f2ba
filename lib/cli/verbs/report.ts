import { count } from '../../domain/wording/text';
import { surveyFleet } from '../../workflows/fetch-secret';
import type { Reported } from '../../workflows/report';
import {
  auditEverywhere,
  gatherAudit,
  NO_HISTORY,
  readInventory,
  readNoHistory,
  WITH_INVENTORY,
  writeAudit,
  writePage,
} from '../audit';
import type { CliContext } from '../context';
import { EVERYWHERE, missingInWords } from '../everywhere';
import { EXIT, UsageError } from '../exit-code';
import { toJson, whole } from '../style';
import { noKeyHere, refuseUnknown } from '../suggest';
import { waitFor } from '../terminal';
import type { Outcome, Verb } from '../verb';

interface Intent {
  readonly environment?: string;
  readonly send: boolean;
  readonly html?: string;
  readonly audit: boolean;
  readonly everywhere?: true;
  readonly noHistory?: true;
  readonly inventory?: true;
}

/** Has the fleet report written, or writes the page for auditors. */
export const report: Verb<Intent> = {
  name: 'report',
  summary: 'show the fleet report, mail it, or write the page for auditors',
  about:
    'Without options it has the deployed function write the report on an environment and prints it, so that you can compare a mail with it. Nothing is mailed or remembered. --send does what the daily run does, and mails the report on any day. --html writes one self-contained page with timelines, evidence and controls; --audit prints the same content as JSON. With --everywhere the page is about every environment of keys.yaml, side by side; what could not be read stands on it, and the exit code is 4.',
  argument: ['[environment]', 'such as prod; default: all that have keys here'],
  options: [
    ['--send', 'mail it now, and alert owners whose key nobody checks'],
    ['--html <file>', 'write the page for auditors to a file instead'],
    ['--audit', 'print the content of that page as JSON instead'],
    EVERYWHERE,
    NO_HISTORY,
    WITH_INVENTORY,
  ],
  examples: [
    'report prod',
    'report prod --send',
    'report --html keys-2026.html',
    'report --everywhere --html keys-2026.html',
    'report --audit > keys.json',
  ],
  seeAlso: ['status', 'show', 'doctor'],
  document: 'report/1',
  offline: ({ everywhere }) => everywhere === true,
  read(environment, { send, html, audit, everywhere, ...options }) {
    if (send && (html || audit))
      throw new UsageError('--send mails the report and writes no page: leave --html and --audit out.');
    if (everywhere && !(html || audit))
      throw new UsageError(
        '--everywhere is for the page for auditors: give --html <file> or --audit, too. The mail is written by the function of one environment.',
      );
    return {
      environment,
      ...(everywhere === true && { everywhere }),
      send: send === true,
      html: typeof html === 'string' ? html : undefined,
      audit: audit === true,
      ...readNoHistory(options, html !== undefined || audit === true),
      ...readInventory(options, html !== undefined || audit === true),
    };
  },
  async prepare({ environment, send, html, audit, everywhere, noHistory, inventory }, context) {
    if (html || audit)
      return {
        steps: html ? [`Write the page for auditors to ${html}.`] : undefined,
        readsOnly: true,
        execute: () =>
          (everywhere ? pageEverywhere : page)({ environment, html, noHistory, inventory }, context),
      };
    const names = environment ? [environment] : await environments(context);
    return {
      steps: names.map((name) =>
        send
          ? `Do the daily run of the report on ${name} now, and mail the report.`
          : `Have the report on ${name} written, and show it. Nothing is mailed.`,
      ),
      readsOnly: !send,
      execute: () => run(names, send, context),
    };
  },
};

async function environments(context: CliContext): Promise<readonly string[]> {
  const { rows, unreadable } = await surveyFleet(context);
  const keys = [...rows.map(({ key }) => key), ...unreadable];
  const names = [...new Set(keys.map(({ environment }) => environment))].sort();
  if (names.length === 0) throw await noKeyHere(context);
  return names;
}

async function run(names: readonly string[], send: boolean, context: CliContext): Promise<Outcome> {
  const reported: (Reported & { readonly environment: string })[] = [];
  for (const name of names) {
    const answer = await waitFor(context.terminal, `Reporting on ${name}`, () =>
      context.functions.report(name, send ? { force: true } : { preview: true }),
    );
    reported.push({ environment: name, ...answer });
  }
  const unsent = send && reported.some(({ mailed }) => !mailed);
  return {
    exit: unsent ? EXIT.failed : reported.some(({ unwatched }) => unwatched > 0) ? EXIT.attention : EXIT.fine,
    json: { reports: reported },
    text: ({ bold, dim }) =>
      reported
        .map(({ id, subject, text, mailed }) =>
          [bold(subject), dim(`${id}, ${mailed ? 'mailed' : 'not mailed'}`), '', whole(text)].join('\n'),
        )
        .join('\n\n'),
  };
}

type Page = Pick<Intent, 'environment' | 'html' | 'noHistory' | 'inventory'>;

async function page(
  { environment, html, noHistory, inventory }: Page,
  context: CliContext,
): Promise<Outcome> {
  const { account, region } = await context.place();
  const filter = environment ? { environment } : {};
  const fleet = await waitFor(context.terminal, 'Listing the keys', () => surveyFleet(context, filter));
  await refuseUnknown(filter, fleet, context);
  const wanted = { account, region, ...filter, noHistory, inventory };
  if (html) {
    const sha256 = await writeAudit(html, fleet, wanted, context);
    return {
      exit: EXIT.fine,
      document: 'page/1',
      json: { html, keys: fleet.rows.length, sha256 },
      text: () => `The page lists ${count(fleet.rows.length, 'key')}.`,
    };
  }
  const audit = await gatherAudit(fleet, wanted, context);
  return { exit: EXIT.fine, json: { ...audit }, text: () => whole(toJson(audit)) };
}

async function pageEverywhere({ environment, html, noHistory }: Page, context: CliContext): Promise<Outcome> {
  const { audit, parts, complete, fleet } = await auditEverywhere(
    { ...(environment && { environment }), noHistory },
    context,
  );
  const exit = complete ? EXIT.fine : EXIT.incomplete;
  const missing = missingInWords(parts);
  if (!html) {
    if (!complete) context.terminal.complain(missing.join('\n'));
    return { exit, json: { ...audit }, text: () => whole(toJson(audit)) };
  }
  const sha256 = await writePage(html, audit, context);
  return {
    exit,
    document: 'page/1',
    json: { html, keys: fleet.rows.length, sha256, complete },
    text: (style) =>
      [
        ...missing.map(style.bad),
        `The page lists ${count(fleet.rows.length, 'key')}${complete ? '' : ', and says what is missing'}.`,
      ].join('\n'),
  };
}
