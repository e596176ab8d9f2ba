import type { AuditReport } from '../../domain/audit/audit';
import { html, type Markup } from './markup';
import { section } from './words';

/** How the page was made, what it cannot show, and lines to sign on paper. */
export const method = ({ schema }: AuditReport): Markup => html`${section(
  'method',
  'How this was established',
  'What the words on this page mean, and their limits.',
  html`<ul class="plain">
<li>The keys were listed from AWS Secrets Manager by their tags. No secret value was read for this page.</li>
<li>A verdict is the Anthropic API’s answer to the key itself. A key counts as dead only after two refusals at least a minute apart.</li>
<li>The age of a key counts from the day its value first appeared, not from the last edit of its secret.</li>
<li>“Proven dead” means that the old key was refused while the new one worked in the same run, or that its record at Anthropic was off in two runs, or that a person attested it. The check’s log says which, under “Key proven dead”.</li>
<li>Only the day of a check is kept, not its hour. Whoever may edit the tags of a secret can delete what it remembers of notices and rotations. AWS CloudTrail records every change of a secret independently of this project.</li>
<li>The same content for machines: run the report with <code>--json</code> (schema <code>${schema}</code>).</li>
</ul>`,
)}
<div class="signature"><p>Prepared by</p><p>Reviewed by</p><p>Date</p></div>`;
