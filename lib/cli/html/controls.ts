import type { AuditReport } from '../../domain/audit/audit';
import type { Control } from '../../domain/audit/controls';
import { count } from '../../domain/wording/text';
import { html, type Markup } from './markup';
import { cards, columnRow, namedRow, scrolling } from './table';
import { badge, missingParts, section } from './words';

/** Exceptions listed per control. The JSON has them all. */
const MOST = 12;

const COLUMNS = ['Control', 'Policy', 'Evidence', 'Exceptions'];

/** What each control asks for, what the policy says, and the evidence. */
export function controls(report: AuditReport): Markup {
  const missing = missingParts(report);
  return section(
    {
      id: 'controls',
      title: 'Control mapping',
      shows:
        'Controls that key rotation supports, in our words. All exceptions are named, including those that a person has exempted.',
      restsOn:
        'The policies and states under “Keys”, counted. The control texts are summaries, not quotations.',
      unknown: `${missing}Whether a control is met: that is for the auditor to say.`,
    },
    scrolling(
      'Controls',
      cards(
        'controls',
        columnRow(COLUMNS),
        report.controls.map((control) => controlRow(control, missing !== '')),
      ),
    ),
  );
}

const controlRow = ({ framework, id, asks, policy, evidence, exceptions }: Control, isIncomplete: boolean) =>
  namedRow(COLUMNS, [
    html`${framework} ${id}<span class="aside">${asks}</span>`,
    policy,
    evidence,
    exceptions.length > 0
      ? list(exceptions)
      : isIncomplete
        ? badge('calm', 'none where it was read')
        : badge('good', 'none'),
  ]);

const list = (
  exceptions: Control['exceptions'],
) => html`${badge('bad', count(exceptions.length, 'exception'))}
<ul>${exceptions.slice(0, MOST).map(({ key, why }) => html`<li><strong>${key}</strong>: ${why}</li>`)}
${exceptions.length > MOST && html`<li>and ${exceptions.length - MOST} more, all in the data of this page</li>`}</ul>`;
