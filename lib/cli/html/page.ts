import type { AuditReport } from '../../domain/audit/audit';
import { scrub } from '../../domain/key';
import { utcDay } from '../../domain/time';
import { controls } from './controls';
import { dataOf } from './data';
import { exceptions } from './exceptions';
import { history } from './history';
import { inventory } from './inventory';
import { keysTable } from './keys-table';
import { html, Markup } from './markup';
import { method } from './method';
import { STYLE } from './style';
import { footer } from './style-print';
import { summary } from './summary';
import { timeline } from './timeline';

/** Allows the page nothing but its own style: it loads, runs and sends nothing, whatever a name on it contains. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const CONTENTS = [
  ['keys', 'Keys'],
  ['timeline', 'Timeline'],
  ['history', 'History'],
  ['inventory', 'Inventory'],
  ['exceptions', 'Exemptions'],
  ['controls', 'Controls'],
  ['method', 'Method'],
] as const;

/** The audit as one self-contained page, for a screen or for paper, with the data that it was made from. */
export function renderHtml(report: AuditReport): string {
  const { block, sha256 } = dataOf(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Anthropic API keys, ${utcDay(report.generatedAt)}</title>
<style>${new Markup(STYLE + footer(report.generatedAt, sha256))}</style>
</head>
<body>
<a class="skip" href="#keys">Skip to the keys</a>
<nav aria-label="Contents"><ul>${CONTENTS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
${summary(report, sha256)}
${keysTable(report)}
${timeline(report)}
${history(report)}
${inventory(report)}
${exceptions(report)}
${controls(report)}
${method(report, sha256)}
</main>
${block}
</body>
</html>
`;
  return page.text;
}

/** The audit for machines: the same content under a versioned schema, dates as ISO 8601. */
export const toJson = (report: AuditReport): string => scrub(JSON.stringify(report, null, 2));
