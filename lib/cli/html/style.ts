import { DARK, LIGHT } from './colours';
import { NARROW } from './style-narrow';
import { PRINT } from './style-print';

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
h3 { margin: 1.6rem 0 .3rem; font-size: 1rem; font-weight: 600; }
section { margin-top: 3.5rem; }
.lead { max-width: 50rem; margin: 0 0 .6rem; }
.reading { max-width: 60rem; margin: 0 0 1.2rem; color: var(--soft); font-size: .88rem; }
.reading div { display: flex; gap: .8rem; margin: .2rem 0; }
.reading dt { flex: 0 0 5.5rem; font-weight: 600; }
.reading dd { margin: 0; }
.reading em { font-style: normal; font-weight: 600; }
.scope { display: flex; flex-wrap: wrap; gap: .2rem 2.2rem; margin: 0; font-size: .9rem; }
.scope + .scope { margin-top: .2rem; }
.scope div { display: flex; gap: .5rem; }
.scope dt { color: var(--soft); white-space: nowrap; }
.scope dd { margin: 0; overflow-wrap: anywhere; }
.verdict { margin: 1.8rem 0 1.4rem; padding: .9rem 1.2rem; border-left: 4px solid var(--good); background: var(--sheet); font-size: 1.2rem; }
.verdict.soon { border-color: var(--soon); }
.verdict.bad { border-color: var(--bad); }
.partial { margin: -.6rem 0 1.4rem; font-weight: 600; }
.scope + .partial { margin-top: .9rem; }
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
.history + .history { border-top: 1px solid var(--line); }
.history { min-width: 60rem; }
.history .group { padding-top: 1.1rem; background: var(--faint); color: var(--ink); font-size: .88rem; font-weight: 600; letter-spacing: 0; }
.history .planned td { color: var(--soft); }
.history td { overflow-wrap: anywhere; }
.history .columns th:nth-child(1) { width: 12%; }
.history .columns th:nth-child(2) { width: 25%; }
.history .columns th:nth-child(3) { width: 11%; }
.history .columns th:nth-child(4) { width: 18%; }
.history .columns th:nth-child(5) { width: 16%; }
.history .columns th:nth-child(6) { width: 18%; }
.history code { white-space: normal; }
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
.check pre { max-width: 60rem; margin: .4rem 0; padding: .7rem 1rem; overflow-x: auto; border: 1px solid var(--line); background: var(--sheet); font: .82rem ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.check p { max-width: 60rem; margin: .4rem 0; }
.digest { white-space: normal; }
.digest span { display: inline-block; margin-right: .5em; }
.signature { display: none; }

${NARROW}
${PRINT}
`;
