import type { FleetFilter, FleetListing } from '../../domain/fleet/fleet';
import { surveyFleet } from '../../workflows/fetch-secret';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { renderFleet, renderFleets } from '../fleet-table';
import type { JoinedFleets } from '../fleets';
import { EVERYWHERE, NO_HISTORY, readNoHistory } from '../shared-options';
import { refuseUnknown } from '../suggest';
import { waitFor } from '../terminal';
import type { Outcome, Verb } from '../verb';

interface Intent {
  readonly filter: FleetFilter;
  readonly everywhere?: true;
  readonly html?: string;
  readonly noHistory?: true;
}

/** Lists all managed keys of an account and region. */
export const status: Verb<Intent> = {
  name: 'status',
  summary: 'list all managed keys, the most urgent first',
  about:
    'Lists the managed keys of this account and region, or with --everywhere those of every environment of keys.yaml, side by side. It makes one listing of each place, not a call per key. Exit code 3 means that a key, or a name that several secrets have, needs a person now; 4 that a place could not be read, whatever the others say; and 2 that there is no key at all, or none of the given environment or owner. --html also writes the page for auditors.',
  options: [
    ['--needs-attention', 'only keys that need a person, now or soon'],
    ['-e, --environment <name>', 'only keys of this environment'],
    ['--owner <address>', 'only keys of this owner'],
    EVERYWHERE,
    ['--html <file>', 'also write the page with timelines and evidence to a file'],
    NO_HISTORY,
  ],
  examples: [
    'status',
    'status --needs-attention --environment prod',
    'status --json',
    'status --everywhere',
    'status --html fleet.html',
  ],
  seeAlso: ['show', 'report', 'doctor'],
  document: 'status/1',
  offline: ({ everywhere }) => everywhere === true,
  read: (_, { environment, owner, needsAttention, everywhere, html, ...options }) => ({
    ...(everywhere === true && { everywhere }),
    filter: {
      ...(typeof environment === 'string' && { environment }),
      ...(typeof owner === 'string' && { owner }),
      ...(needsAttention === true && { needsAttention }),
    },
    ...(typeof html === 'string' && { html }),
    ...readNoHistory(options, html !== undefined),
  }),
  async prepare({ filter, everywhere, html, noHistory }, context) {
    return {
      steps: html ? [`List the keys, and write the page for auditors to ${html}.`] : undefined,
      readsOnly: true,
      async execute() {
        if (everywhere) return statusEverywhere({ filter, html, noHistory }, context);
        const { account, region } = await context.place();
        const fleet = await waitFor(context.terminal, 'Listing the keys', () => surveyFleet(context, filter));
        await refuseUnknown(filter, fleet, context);
        if (html) {
          const { writeAudit } = await import('../audit.ts');
          await writeAudit(html, fleet, { account, region, ...filter, noHistory }, context);
        }
        return {
          exit: pressing(fleet) ? EXIT.attention : EXIT.fine,
          json: { account, region, ...filterOf(filter), ...fleet },
          text: (style) => renderFleet(fleet, { account, region, filter }, style),
        };
      },
    };
  },
};

/** Says of a document that keys are left out on purpose, so that nobody takes them for gone. */
const filterOf = (filter: FleetFilter) => (Object.keys(filter).length > 0 ? { filter } : {});

async function statusEverywhere(
  { filter, html, noHistory }: Omit<Intent, 'everywhere'>,
  context: CliContext,
): Promise<Outcome> {
  const { fleetsJson, surveyEverywhere } = await import('../fleets.ts');
  const joined = html
    ? await pageEverywhere(html, { ...filter, noHistory }, context)
    : await surveyEverywhere(context, filter, async () => ({}));
  const { parts, fleet, complete } = joined;
  const absent = parts.some((part) => 'known' in part && part.known.absent.length > 0);
  return {
    exit: complete ? (pressing(fleet) || absent ? EXIT.attention : EXIT.fine) : EXIT.incomplete,
    document: 'fleets/1',
    json: { ...filterOf(filter), ...fleetsJson(joined) },
    text: (style) => renderFleets(joined, filter, style),
  };
}

async function pageEverywhere(
  html: string,
  wanted: FleetFilter & Pick<Intent, 'noHistory'>,
  context: CliContext,
): Promise<JoinedFleets> {
  const { auditEverywhere, writePage } = await import('../audit.ts');
  const joined = await auditEverywhere(wanted, context);
  await writePage(html, joined.audit, context);
  return joined;
}

const pressing = ({ rows, unreadable, twins, claimed }: FleetListing) =>
  unreadable.length + twins.length + claimed.length > 0 || rows.some(({ needs }) => needs === 'now');
