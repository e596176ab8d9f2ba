import type { AuditReport } from '../../domain/audit/audit';
import { scrub } from '../../domain/key';
import { utcDay } from '../../domain/time';
import { controls } from './controls';
import { exceptions } from './exceptions';
import { history } from './history';
import { keysTable } from './keys-table';
import { html, Markup } from './markup';
import { STYLE } from './style';
import { summary } from './summary';
import { timeline } from './timeline';
import { section } from './words';

/** Allows the page nothing but its own style: it loads, runs and sends nothing, whatever a name on it contains. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const CONTENTS = [
  ['keys', 'Keys'],
  ['timeline', 'Timeline'],
  ['history', 'History'],
  ['exceptions', 'Exemptions'],
  ['controls', 'Controls'],
  ['method', 'Method'],
] as const;

/** The audit as one self-contained page, for a screen or for paper. */
export function renderHtml(report: AuditReport): string {
  const day = utcDay(report.generatedAt);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Anthropic API keys, ${day}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#keys">Skip to the keys</a>
<nav aria-label="Contents"><ul>${CONTENTS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
${summary(report)}
${keysTable(report)}
${timeline(report)}
${history(report)}
${exceptions(report)}
${controls(report)}
${method(report)}
</main>
</body>
</html>
`;
  return page.text;
}

/** The audit for machines: the same content under a versioned schema, dates as ISO 8601. */
export const toJson = (report: AuditReport): string => scrub(JSON.stringify(report, null, 2));

/** How the page was made, what it cannot show, and lines to sign on paper. */
const method = ({ schema }: AuditReport): Markup => html`${section(
  'method',
  'How this was established',
  'What the words on this page mean, and their limits.',
  html`<ul class="plain">
<li>The keys were listed from AWS Secrets Manager by their tags. No secret value was read for this page.</li>
<li>A verdict is the Anthropic API’s answer to the key itself. A key counts as dead only after two refusals at least a minute apart, each beside another key that was accepted.</li>
<li>The age of a key counts from the day its value first appeared, not from the last edit of its secret.</li>
<li>“Proven dead” means that the old key was refused while the new one worked in the same run, or that its record at Anthropic was off in two runs, or that a person attested it. The check’s log says which, under “Key proven dead”.</li>
<li>Only the day of a check is kept, not its hour. Whoever may edit the tags of a secret can delete what it remembers of notices and rotations. AWS CloudTrail records every change of a secret independently of this project.</li>
<li>The same content for machines: <code>npm run -s keys -- report --audit</code> (schema <code>${schema}</code>).</li>
</ul>`,
)}
<div class="signature"><p>Prepared by</p><p>Reviewed by</p><p>Date</p></div>`;
