import type { AuditReport } from '../../domain/audit/audit';
import type { Control } from '../../domain/audit/controls';
import { count } from '../../domain/wording/text';
import { html, type Markup } from './markup';
import { badge, scrolling, section } from './words';

/** Exceptions listed per control. The JSON has them all. */
const MOST = 12;

/** What each control asks for, what the policy says, and the evidence. */
export const controls = ({ controls }: AuditReport): Markup =>
  section(
    'controls',
    'Control mapping',
    'Controls that key rotation supports, in our words. Whether a control is met is for the auditor to say. All exceptions are named, including those that a person has exempted.',
    scrolling(
      'Controls',
      html`<table class="controls">
<thead><tr><th scope="col">Control</th><th scope="col">Policy</th><th scope="col">Evidence</th><th scope="col">Exceptions</th></tr></thead>
<tbody>${controls.map(controlRow)}</tbody>
</table>`,
    ),
  );

const controlRow = ({ framework, id, asks, policy, evidence, exceptions }: Control) => html`
<tr>
<th scope="row">${framework} ${id}<span class="aside">${asks}</span></th>
<td>${policy}</td>
<td>${evidence}</td>
<td>${exceptions.length === 0 ? badge('good', 'none') : list(exceptions)}</td>
</tr>`;

const list = (
  exceptions: Control['exceptions'],
) => html`${badge('bad', count(exceptions.length, 'exception'))}
<ul>${exceptions.slice(0, MOST).map(({ key, why }) => html`<li><strong>${key}</strong>: ${why}</li>`)}
${exceptions.length > MOST && html`<li>and ${exceptions.length - MOST} more, all in the JSON of this report</li>`}</ul>`;
