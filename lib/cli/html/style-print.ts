import { utcMinute } from '../../domain/time';
import { LIGHT } from './colours';

const SMALL = 'font: 7.5pt system-ui, sans-serif; color: #5d574e;';

/** The page on paper: always light, with the names of the columns on every sheet and no heading left alone at a foot. */
export const PRINT = `
@media print {
:root { ${LIGHT} --ground: #fff; --sheet: #fff; color-scheme: light; }
@page { size: A4 landscape; margin: 14mm 12mm 16mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); ${SMALL} } }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
html { font-size: 9.5pt; }
body { font-size: 1rem; }
nav, .skip { display: none; }
main { max-width: none; padding: 0; }
header { padding: 0; }
section { margin-top: 9mm; }
.head { break-inside: avoid; break-after: avoid; }
h3, .legend { break-after: avoid; }
tr, li, .legend, .tiles, .scope, .verdict, .check { break-inside: avoid; }
p, li { orphans: 3; widows: 3; }
thead { display: table-header-group; break-inside: avoid; break-after: avoid; }
tbody tr:nth-child(-n + 2), tbody tr:last-child { break-before: avoid; }
.scroll { overflow: visible; border-width: 1px 0; }
a { color: inherit; text-decoration: none; }
th, td { padding: .35rem .5rem; }
tbody th, .controls th, .controls td, .history { min-width: 0; }
.keys td:nth-child(4) { min-width: 7.5rem; }
.check pre { white-space: pre-wrap; }
.signature { display: grid; grid-template-columns: 1fr 1fr 12rem; gap: 2rem; margin-top: 16mm; break-inside: avoid; }
.signature p { margin: 0; padding-top: .3rem; border-top: 1px solid var(--ink); color: var(--soft); }
}
`;

/** The foot of every sheet: which page this is, of when, from which data. A loose sheet can be matched with its file. */
export const footer = (generatedAt: Date, sha256: string) => `
@page { @bottom-left { content: "Anthropic API keys, evidence report of ${utcMinute(generatedAt)} UTC · SHA-256 of its data ${sha256.slice(0, 16)}…"; ${SMALL} } }
`;
