import { count } from '../domain/wording/text';
import { surveyFleet } from '../workflows/fetch-secret';
import { auditEverywhere, gatherAudit, writeAudit, writePage } from './audit';
import type { CliContext } from './context';
import { missingInWords } from './everywhere';
import { EXIT } from './exit-code';
import { toJson, whole } from './style';
import { refuseUnknown } from './suggest';
import { waitFor } from './terminal';
import type { Outcome } from './verb';

/** A page for auditors, or its content as JSON. */
export interface PageIntent {
  readonly environment?: string;
  /** The file. Absent for JSON. */
  readonly html?: string;
  readonly everywhere?: true;
  readonly noHistory?: true;
  readonly inventory?: true;
}

export const makePage = (intent: PageIntent, context: CliContext): Promise<Outcome> =>
  (intent.everywhere ? pageEverywhere : pageHere)(intent, context);

async function pageHere(
  { environment, html, noHistory, inventory }: PageIntent,
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

async function pageEverywhere(
  { environment, html, noHistory, inventory }: PageIntent,
  context: CliContext,
): Promise<Outcome> {
  const { audit, parts, complete, fleet } = await auditEverywhere(
    { ...(environment && { environment }), noHistory, inventory },
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
