import type { AuditPart, AuditReport } from '../../domain/audit/audit';
import { count } from '../../domain/wording/text';
import { html, type Markup } from './markup';
import { accountOf, minute, missingParts } from './words';

/** The head of the page: its scope, its result in one sentence, and the figures. */
export function summary(report: AuditReport, sha256: string): Markup {
  const { scope, rows, unreadable, exemptions, generatedAt, maker, parts } = report;
  const missing = missingParts(report);
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
${!parts && html`<div><dt>Made by</dt><dd>${maker ? identity(maker.identity) : 'not recorded'}</dd></div>`}
${!parts && maker && html`<div><dt>Maker’s account</dt><dd>${maker.account}</dd></div>`}
${maker && html`<div><dt>Made with</dt><dd>anthropic-key-rotation ${maker.version}</dd></div>`}
<div><dt>SHA-256 of its data</dt><dd><a href="#method"><code>${sha256.slice(0, 16)}…</code></a></dd></div>
</dl>
${parts && places(parts)}
${missing !== '' && html`<p class="partial">This page is not complete. Not known: ${missing}</p>`}
<p class="verdict ${now > 0 ? 'bad' : soon > 0 || missing !== '' ? 'soon' : 'good'}">${sentence(rows.length + unreadable.length, now, soon, missing !== '')}</p>
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

/** Each place of a page about several: who read it, or why nobody did. */
const places = (parts: readonly AuditPart[]) => html`<dl class="scope">
${parts.map((part) => html`<div><dt>${part.environments.join(', ')}</dt><dd>${accountOf(part)}${'unread' in part ? html`<span class="aside">not read: ${part.unread.words}</span>` : html`<span class="aside">read by ${identity(part.identity)}</span>${part.absent.length > 0 && html`<span class="aside">no key of ${part.absent.join(', ')} is there</span>`}`}</dd></div>`)}
</dl>`;

function sentence(all: number, now: number, soon: number, isIncomplete: boolean): string {
  if (isIncomplete && all === 0) return 'No managed key was found where it was read.';
  if (isIncomplete && now + soon === 0)
    return `${count(all, 'key')} that could be read ${all === 1 ? 'needs' : 'need'} nobody. Of the others nothing is known.`;
  if (all === 0) return 'There is no managed key here.';
  if (now > 0)
    return `${now} of ${count(all, 'key')}${isIncomplete ? ' that could be read' : ''} ${now === 1 ? 'needs' : 'need'} someone now.`;
  if (soon > 0)
    return `No key ${isIncomplete ? 'that could be read ' : ''}is in trouble; ${soon} of ${all} ${soon === 1 ? 'needs' : 'need'} someone soon.`;
  return all === 1 ? 'The key is fine.' : `All ${all} keys are fine.`;
}
