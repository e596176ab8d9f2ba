import type { AuditReport } from '../../domain/audit/audit';
import { DATA_COMMAND, inGroups } from './data';
import { html, type Markup } from './markup';
import { section } from './words';

/** What the words on the page mean, how to check the page, and lines to sign on paper. */
export const method = ({ schema, maker }: AuditReport, sha256: string): Markup => html`${section(
  {
    id: 'method',
    title: 'How this was established',
    shows: 'What the words on this page mean, and how to check the page itself.',
    restsOn: maker
      ? 'The credentials of whoever made the page. AWS named them, and decided what they may read.'
      : 'The credentials of whoever made the page.',
    unknown:
      'Whether somebody has changed this page since: it is not signed. Compare its SHA-256 with one that was kept elsewhere, such as in the ticket for which it was made.',
  },
  html`<ul class="plain">
<li>The keys were listed from AWS Secrets Manager by their tags. No secret value was read for this page.</li>
<li>A key counts as dead only after two refusals by Anthropic at least a minute apart, each beside another key that was accepted.</li>
<li>The age of a key counts from the day its value first appeared, not from the last edit of its secret.</li>
<li>“Proven dead” means that the old key was refused while the new one worked in the same run, or that its record at Anthropic was off in two runs, or that a person attested it. The check’s log says which, under “Key proven dead”.</li>
<li>Whoever may edit the tags of a secret can delete what it remembers of notices and rotations. AWS CloudTrail records every change of a secret independently of this project.</li>
<li>“–” means that nothing is known or nothing is due.</li>
<li>The same content for machines: <code>npx --no -- anthropic-keys report --audit</code> (schema <code>${schema}</code>).</li>
</ul>
<div class="check">
<h3>To check this page</h3>
<p>The data that the page was made from is in its file, as one line of JSON. This prints the SHA-256 of that line, for a page saved as <code>keys.html</code>:</p>
<pre tabindex="0">${DATA_COMMAND} keys.html | shasum -a 256</pre>
<p>It is ${inGroups(sha256)}</p>
</div>`,
)}
<div class="signature"><p>Prepared by</p><p>Reviewed by</p><p>Date</p></div>`;
