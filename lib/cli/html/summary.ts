import type { AuditReport } from '../../domain/audit/audit';
import { count } from '../../domain/wording/text';
import { html, type Markup } from './markup';
import { minute } from './words';

/** The head of the page: its scope, its result in one sentence, and the figures. */
export function summary(report: AuditReport, sha256: string): Markup {
  const { scope, rows, unreadable, exemptions, generatedAt, maker } = report;
  const place = [
    ['AWS account', scope.account],
    ['Region', scope.region],
    ['Environment', scope.environment ?? 'all'],
    ['Owner', scope.owner ?? 'all'],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined);
  const now = rows.filter(({ needs }) => needs === 'now').length + unreadable.length;
  const soon = rows.filter(({ needs }) => needs === 'soon').length;
  const oldest = Math.max(...rows.map(({ ageDays = 0 }) => ageDays), 0);
  const grace = rows.filter(({ inGrace }) => inGrace).length;
  return html`
<header>
<p class="eyebrow">Evidence report</p>
<h1>Anthropic API keys</h1>
<dl class="scope">
${place.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
<div><dt>As of</dt><dd>${minute(generatedAt)} UTC</dd></div>
</dl>
<dl class="scope">
<div><dt>Made by</dt><dd>${maker ? identity(maker.identity) : 'not recorded'}</dd></div>
${maker && html`<div><dt>Maker’s account</dt><dd>${maker.account}</dd></div><div><dt>Made with</dt><dd>anthropic-key-rotation ${maker.version}</dd></div>`}
<div><dt>SHA-256 of its data</dt><dd><a href="#method"><code>${sha256.slice(0, 16)}…</code></a></dd></div>
</dl>
<p class="verdict ${now > 0 ? 'bad' : soon > 0 ? 'soon' : 'good'}">${sentence(rows.length + unreadable.length, now, soon)}</p>
${scope.needsAttention && html`<p class="partial">This page lists only keys that need someone. It does not cover the whole fleet.</p>`}
<dl class="tiles">
${tile('Keys', rows.length + unreadable.length)}
${tile('Need someone now', now, now > 0 ? 'bad' : '')}
${tile('Need someone soon', soon, soon > 0 ? 'soon' : '')}
${tile('Old keys in grace', grace)}
${tile('Exemptions', exemptions.length)}
${tile('Oldest key, days', oldest)}
</dl>
</header>`;
}

/** An ARN, which may break after its slashes. */
const identity = (arn: string) => arn.split('/').map((part, index) => [index > 0 && html`/<wbr>`, part]);

const tile = (name: string, figure: number, tone = '') =>
  html`<div class="${tone}"><dt>${name}</dt><dd>${figure}</dd></div>`;

function sentence(all: number, now: number, soon: number): string {
  if (all === 0) return 'There is no managed key here.';
  if (now > 0) return `${now} of ${count(all, 'key')} ${now === 1 ? 'needs' : 'need'} someone now.`;
  if (soon > 0)
    return `No key is in trouble; ${soon} of ${all} ${soon === 1 ? 'needs' : 'need'} someone soon.`;
  return all === 1 ? 'The key is fine.' : `All ${all} keys are fine.`;
}
