const LIGHT = `
--ground: #f7f5f1; --sheet: #fffefb; --ink: #22201c; --soft: #5d574e; --line: #ddd7cb; --faint: #efebe3;
--good: #2c6a4a; --good-tint: #d5e8dc; --soon: #855600; --soon-tint: #f6e3b8; --bad: #a5281c; --bad-tint: #f6d8d2;
--calm: #4d5f78; --calm-tint: #d9e0ea; --link: #1d4f86;`;

const DARK = `
--ground: #161513; --sheet: #1e1d1a; --ink: #ece8e0; --soft: #aca599; --line: #3a372f; --faint: #282622;
--good: #84cda2; --good-tint: #21402f; --soon: #e8bb67; --soon-tint: #4a3a15; --bad: #ff9d90; --bad-tint: #54241d;
--calm: #a9bcd8; --calm-tint: #2b3647; --link: #93bff0;`;

/** The page’s look: on a screen, light or dark as the reader prefers, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 78rem; margin: 0 auto; padding: 0 2rem 4rem; }
a { color: var(--link); }
code { font: 0.9em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 2; padding: .5rem 1rem; background: var(--sheet); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }

nav { position: sticky; top: 0; z-index: 1; background: var(--ground); border-bottom: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; max-width: 78rem; margin: 0 auto; padding: .7rem 2rem; list-style: none; }
nav a { color: var(--soft); text-decoration: none; font-size: .88rem; }
nav a:hover { color: var(--ink); text-decoration: underline; }

header { padding: 3rem 0 1rem; }
.eyebrow { margin: 0; color: var(--soft); font-size: .78rem; letter-spacing: .12em; text-transform: uppercase; }
h1 { margin: .2rem 0 1rem; font-family: Charter, "Bitstream Charter", Georgia, "DejaVu Serif", serif; font-size: 2.5rem; font-weight: 600; line-height: 1.1; letter-spacing: -.01em; }
h2 { margin: 0 0 .3rem; font-family: Charter, "Bitstream Charter", Georgia, "DejaVu Serif", serif; font-size: 1.5rem; font-weight: 600; }
section { margin-top: 3.5rem; }
.lead { max-width: 50rem; margin: 0 0 1.2rem; color: var(--soft); }
.scope { display: flex; flex-wrap: wrap; gap: .2rem 2.2rem; margin: 0; font-size: .9rem; }
.scope div { display: flex; gap: .5rem; }
.scope dt { color: var(--soft); }
.scope dd { margin: 0; }
.verdict { margin: 1.8rem 0 1.4rem; padding: .9rem 1.2rem; border-left: 4px solid var(--good); background: var(--sheet); font-size: 1.2rem; }
.verdict.soon { border-color: var(--soon); }
.verdict.bad { border-color: var(--bad); }
.partial { margin: -.6rem 0 1.4rem; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; margin: 0; background: var(--line); border: 1px solid var(--line); }
.tiles div { display: flex; flex-direction: column-reverse; padding: .9rem 1.1rem; background: var(--sheet); }
.tiles dt { color: var(--soft); font-size: .82rem; }
.tiles dd { margin: 0; font-size: 1.9rem; line-height: 1.2; }
.tiles .bad dd { color: var(--bad); }
.tiles .soon dd { color: var(--soon); }

.scroll { overflow-x: auto; border: 1px solid var(--line); background: var(--sheet); }
table { width: 100%; border-collapse: collapse; background: var(--sheet); font-size: .88rem; }
th, td { padding: .6rem .8rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-size: .76rem; font-weight: 500; letter-spacing: .03em; white-space: nowrap; }
tbody th { min-width: 13.5rem; font-weight: 600; overflow-wrap: break-word; }
tr.now > th:first-child { box-shadow: inset 3px 0 var(--bad); }
tr.soon > th:first-child { box-shadow: inset 3px 0 var(--soon); }
.number { text-align: right; white-space: nowrap; }
time, .whole { white-space: nowrap; }
.aside { display: block; color: var(--soft); font-size: .92em; font-weight: 400; }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .92em; white-space: nowrap; }
.badge.good { background: var(--good-tint); color: var(--good); }
.badge.soon { background: var(--soon-tint); color: var(--soon); }
.badge.bad { background: var(--bad-tint); color: var(--bad); }
.badge.calm { background: var(--calm-tint); color: var(--calm); }
.empty { padding: 1rem 1.2rem; border: 1px dashed var(--line); color: var(--soft); }
.plain { max-width: 60rem; padding-left: 1.1rem; }
.plain li { margin: .35rem 0; }
.history .group { padding-top: 1.1rem; background: var(--faint); }
.history .planned td { color: var(--soft); }
.history td { min-width: 8rem; }
.history td:nth-child(2) { min-width: 15rem; }
.history td:nth-child(4) { min-width: 13rem; overflow-wrap: anywhere; }
.history td:nth-child(6) { min-width: 11rem; overflow-wrap: anywhere; }
.history td:nth-child(5) { min-width: 10rem; }
.when { white-space: nowrap; }
.controls th { min-width: 13rem; }
.controls td { min-width: 12rem; }
.controls ul { margin: .5rem 0 0; padding-left: 1rem; }

.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: 0 0 .8rem; padding: 0; list-style: none; color: var(--soft); font-size: .84rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.patterns { position: absolute; }
.timeline { border: 1px solid var(--line); table-layout: fixed; }
.timeline th:first-child { width: 15rem; }
.timeline th, .timeline td { padding: 0 .8rem; vertical-align: middle; }
.timeline thead th { vertical-align: bottom; padding-bottom: .2rem; }
.timeline td, .timeline thead th:last-child { padding: 0; }
.timeline svg { display: block; }
.axis { overflow: visible; }
.axis text { fill: var(--soft); font-size: 11px; }
.axis .today { fill: var(--ink); font-weight: 600; }
.month { stroke: var(--faint); }
.now { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 3 2; }
.left { fill: var(--good-tint); }
.used { fill: var(--good); }
.warned { fill: var(--soon-tint); stroke: var(--soon); stroke-width: .6; }
.over { fill: url(#hatch-bad); stroke: var(--bad); }
.grace { fill: url(#hatch); stroke: var(--calm); }
.late { fill: var(--bad); }
.hatch-ground { fill: var(--calm-tint); }
.hatch-line { stroke: var(--calm); stroke-width: 2; }
.bad-ground { fill: var(--bad-tint); }
.bad-line { stroke: var(--bad); stroke-width: 3; }
.mark { fill: var(--sheet); stroke: var(--ink); stroke-width: 1.4; }
.mark.proven, .mark.deactivated { fill: var(--ink); }
.signature { display: none; }

@media (max-width: 46rem) {
main { padding: 0 1rem 3rem; }
nav ul { padding: .6rem 1rem; }
.timeline th:first-child { width: 8.5rem; min-width: 0; overflow-wrap: anywhere; }
h1 { font-size: 2rem; }
}

@media print {
:root { ${LIGHT} --ground: #fff; --sheet: #fff; color-scheme: light; }
@page { size: A4 landscape; margin: 14mm 12mm 16mm; @bottom-left { content: "Anthropic API keys: evidence report"; font: 7.5pt system-ui, sans-serif; color: #5d574e; } @bottom-right { content: counter(page) " / " counter(pages); font: 7.5pt system-ui, sans-serif; color: #5d574e; } }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { font-size: 9pt; }
.keys td:nth-child(4) { min-width: 7.5rem; }
nav, .skip { display: none; }
main { max-width: none; padding: 0; }
header { padding: 0; }
h1 { font-size: 22pt; }
section { margin-top: 9mm; }
h2, .lead { break-after: avoid; }
tr, .legend, .tiles { break-inside: avoid; }
thead { display: table-header-group; }
.scroll { overflow: visible; border-width: 1px 0; }
.group { break-after: avoid; }
a { color: inherit; text-decoration: none; }
th, td { padding: .35rem .5rem; }
tbody th, .history td, .controls th, .controls td { min-width: 0; }
.history td:nth-child(2), .history td:nth-child(5) { min-width: 0; }
.history code { white-space: normal; overflow-wrap: anywhere; }
.signature { display: grid; grid-template-columns: 1fr 1fr 12rem; gap: 2rem; margin-top: 16mm; break-inside: avoid; }
.signature p { margin: 0; padding-top: .3rem; border-top: 1px solid var(--ink); color: var(--soft); }
}
`;
