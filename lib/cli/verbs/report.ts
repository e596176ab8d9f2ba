import { surveyFleet } from '../../workflows/fetch-secret';
import type { Reported } from '../../workflows/report';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import type { PageIntent } from '../report-page';
import { EVERYWHERE, NO_HISTORY, readInventory, readNoHistory, WITH_INVENTORY } from '../shared-options';
import { whole } from '../style';
import { noKeyHere } from '../suggest';
import { waitFor } from '../terminal';
import type { Outcome, Verb } from '../verb';

interface Intent extends PageIntent {
  readonly send: boolean;
  readonly audit: boolean;
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
        // Loaded then: most commands make no page.
        execute: async () =>
          (await import('../report-page.ts')).makePage(
            { environment, html, everywhere, noHistory, inventory },
            context,
          ),
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
