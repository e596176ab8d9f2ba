import type { AuditReport } from '../../domain/audit/audit';
import { html, type Markup } from './markup';
import { section } from './words';

/** How the page came about, what it can't show, and room to sign it on paper. */
export const method = ({ schema }: AuditReport): Markup => html`${section(
  'method',
  'How this was established',
  'What stands behind the words on this page, and where it ends.',
  html`<ul class="plain">
<li>The keys were listed from AWS Secrets Manager by their tags. No secret value was read for this page.</li>
<li>A verdict is the answer of the Anthropic API to the key itself. A key counts as dead only after two refusals at least a minute apart.</li>
<li>The age of a key counts from the day its value first appeared, not from the last edit of its secret.</li>
<li>“Proven dead” means that the old key was refused while the new one worked in the same run, or that its record at Anthropic was off in two runs, or that a person attested it. The check’s log says which: “Key proven dead”.</li>
<li>The day of a check is kept, not its hour, and what secrets remember of notices and rotations can be deleted by whoever may edit their tags. AWS CloudTrail records every change of a secret independently of this project.</li>
<li>The same content for machines: run the report with <code>--json</code> (schema <code>${schema}</code>).</li>
</ul>`,
)}
<div class="signature"><p>Prepared by</p><p>Reviewed by</p><p>Date</p></div>`;
