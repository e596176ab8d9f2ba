import { createHash } from 'node:crypto';
import type { AuditReport } from '../../domain/audit/audit';
import { scrub } from '../../domain/key';
import { html, Markup } from './markup';

/** Prints the line of data of a page, for its SHA-256 or for `jq`. Understood by every POSIX sed. */
export const DATA_COMMAND = `sed -n '/id="audit-data"/{n;p;}'`;

/** What a page was made from, as it stands in the page, and its SHA-256. */
export interface PageData {
  readonly block: Markup;
  /** SHA-256 of the line of JSON with its newline, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The audit as one line of JSON. `<` is written as an escape of JSON, so that no text in it can end the element.
 * The element holds data and never runs: its type is no script's.
 */
export function dataOf(report: AuditReport): PageData {
  const line = `${scrub(JSON.stringify(report)).replaceAll('<', '\\u003c')}\n`;
  return {
    block: html`<script type="application/json" id="audit-data">\n${new Markup(line)}</script>`,
    sha256: createHash('sha256').update(line).digest('hex'),
  };
}

/** A SHA-256 in groups of eight, which can be compared by eye and break anywhere between. */
export const inGroups = (sha256: string) =>
  html`<code class="digest">${sha256.match(/.{8}/g)!.map((part) => html`<span>${part}</span>`)}</code>`;
