import type { FleetFilter, FleetListing } from '../../domain/fleet/fleet';
import { surveyFleet } from '../../workflows/fetch-secret';
import { NO_HISTORY, readNoHistory, writeAudit } from '../audit';
import { EXIT } from '../exit-code';
import { renderFleet } from '../fleet-table';
import { refuseUnknown } from '../suggest';
import { waitFor } from '../terminal';
import type { Verb } from '../verb';

interface Intent {
  readonly filter: FleetFilter;
  readonly html?: string;
  readonly noHistory?: true;
}

/** Lists all managed keys of an account and region. */
export const status: Verb<Intent> = {
  name: 'status',
  summary: 'list all managed keys, the most urgent first',
  about:
    'Lists the managed keys of this account and region. It makes one listing, not a call per key. Exit code 3 means that a key, or a name that several secrets have, needs a person now, and 2 that there is no key at all, or none of the given environment or owner. --html also writes the page for auditors.',
  options: [
    ['--needs-attention', 'only keys that need a person, now or soon'],
    ['-e, --environment <name>', 'only keys of this environment'],
    ['--owner <address>', 'only keys of this owner'],
    ['--html <file>', 'also write the page with timelines and evidence to a file'],
    NO_HISTORY,
  ],
  examples: [
    'status',
    'status --needs-attention --environment prod',
    'status --json',
    'status --html fleet.html',
  ],
  seeAlso: ['show', 'report', 'doctor'],
  document: 'status/1',
  read: (_, { environment, owner, needsAttention, html, ...options }) => ({
    filter: {
      ...(typeof environment === 'string' && { environment }),
      ...(typeof owner === 'string' && { owner }),
      ...(needsAttention === true && { needsAttention }),
    },
    ...(typeof html === 'string' && { html }),
    ...readNoHistory(options, html !== undefined),
  }),
  async prepare({ filter, html, noHistory }, context) {
    return {
      steps: html ? [`List the keys, and write the page for auditors to ${html}.`] : undefined,
      readsOnly: true,
      async execute() {
        const { account, region } = await context.place();
        const fleet = await waitFor(context.terminal, 'Listing the keys', () => surveyFleet(context, filter));
        await refuseUnknown(filter, fleet, context);
        if (html) await writeAudit(html, fleet, { account, region, ...filter, noHistory }, context);
        return {
          exit: pressing(fleet) ? EXIT.attention : EXIT.fine,
          json: { account, region, ...(Object.keys(filter).length > 0 && { filter }), ...fleet },
          text: (style) => renderFleet(fleet, { account, region, filter }, style),
        };
      },
    };
  },
};

const pressing = ({ rows, unreadable, twins, claimed }: FleetListing) =>
  unreadable.length + twins.length + claimed.length > 0 || rows.some(({ needs }) => needs === 'now');
