/** Below this width in CSS pixels a row of a table is a card. Paper has its own rules. */
const CARDS_BELOW = 600;

/** The page on a small window and on a phone. */
export const NARROW = `
@media screen and (max-width: 46rem) {
main { padding: 0 1rem 3rem; }
nav ul { padding: .6rem 1rem; gap: .25rem 1.1rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 2rem; }
section { margin-top: 2.5rem; }
}

@media screen and (max-width: ${CARDS_BELOW - 0.02}px) {
html { scroll-padding-top: 1rem; }
nav { position: static; }
nav ul { gap: 0 1.1rem; }
nav a { display: inline-block; padding: .4rem 0; }
.tiles { grid-template-columns: repeat(3, 1fr); }
.tiles div { justify-content: flex-end; padding: .6rem .7rem; }
.tiles dd { font-size: 1.5rem; }
.scope div { flex: 1 0 100%; }
.reading div { display: block; margin: .5rem 0; }

.scroll { overflow: visible; border: 0; background: none; }
.cards, .cards thead, .cards tbody, .cards tr, .cards th, .cards td { display: block; min-width: 0; }
.cards { background: none; font-size: .92rem; }
.cards .columns { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.cards tbody tr { margin: 0 0 .8rem; padding: .3rem 0; border: 1px solid var(--line); background: var(--sheet); }
.cards tbody tr.now { border-left: 4px solid var(--bad); }
.cards tbody tr.soon { border-left: 4px solid var(--soon); }
.cards tbody th, .cards td { padding: .25rem .9rem; border: 0; overflow-wrap: anywhere; }
.cards tbody tr > th:first-child { padding-top: .4rem; font-size: 1rem; box-shadow: none; }
.cards td[data-label] { position: relative; min-height: 1.9rem; padding-left: 7.4rem; }
.cards td[data-label]::before { content: attr(data-label); position: absolute; left: .9rem; width: 6rem; color: var(--soft); font-size: .85rem; }
.cards .badge { white-space: normal; }
.history + .history { border: 0; }
.history .group { position: sticky; top: 0; z-index: 1; margin: 1.2rem 0 .5rem; padding: .5rem .9rem; border: 1px solid var(--line); font-size: 1rem; overflow-wrap: anywhere; }
.history td.nothing { display: none; }
.keys td:nth-child(3) .aside { display: inline; }
.history td:nth-child(-n + 2) { min-height: 0; padding-left: .9rem; }
.history td:nth-child(-n + 2)::before { content: none; }
.history td:first-child { padding-bottom: 0; font-weight: 600; }

.timeline, .timeline thead, .timeline tbody, .timeline tr, .timeline th, .timeline td { display: block; width: 100%; border: 0; }
.timeline { padding: .5rem 0; border: 1px solid var(--line); }
.timeline thead th:first-child { display: none; }
.timeline tbody th:first-child { width: 100%; min-width: 0; padding: .5rem .6rem 0; overflow-wrap: anywhere; }
.axis .second { display: none; }
.check pre { white-space: pre-wrap; }
.plain code, .check code { white-space: normal; overflow-wrap: anywhere; }
}
`;
