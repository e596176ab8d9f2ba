import type { AuditPart, AuditReport } from '../../domain/audit/audit';
import { rowOf } from '../../domain/findings/catalogue';
import type { FleetRow } from '../../domain/fleet/row';
import type { Phase } from '../../domain/policy';
import { utcDay, utcMinute } from '../../domain/time';
import { count } from '../../domain/wording/text';
import { placeInWords } from '../everywhere';
import { html, type Markup, type Piece } from './markup';

/** How a state looks. Each has its own sign, so that nothing depends on colour alone. */
export type Tone = 'good' | 'soon' | 'bad' | 'calm';

const SIGN: Readonly<Record<Tone, string>> = { good: '✓', soon: '◷', bad: '✕', calm: '–' };

/** A state in a word, with its sign. */
export const badge = (tone: Tone, word: string) =>
  html`<span class="badge ${tone}"><span aria-hidden="true">${SIGN[tone]}</span> ${word}</span>`;

/** A day, in UTC. */
export const day = (date: Date) => html`<time datetime="${date.toISOString()}">${utcDay(date)}</time>`;

/** A moment to the minute, in UTC. */
export const minute = (date: Date) => html`<time datetime="${date.toISOString()}">${utcMinute(date)}</time>`;

const PHASE: Readonly<Record<Phase, string>> = {
  fresh: 'within age',
  due: 'due',
  overdue: 'overdue',
  'awaiting-first-key': 'no key yet',
  keyless: 'needs no key',
  unknown: 'age not known',
};

const TONE = { now: 'bad', soon: 'soon', nothing: 'good' } as const;

/** The most urgent state of a key as a badge, the others in words. A dead key is never shown as fine because it is young. */
export function state({ phase, needs, worst, findings }: FleetRow): Piece {
  const words = [...findings.flatMap((kind) => rowOf(kind).page ?? []), PHASE[phase]];
  const exempt = worst === undefined && words.length > 1;
  const chief = (worst && rowOf(worst).page) ?? PHASE[phase];
  const tone = worst === undefined && (exempt || phase !== 'fresh') ? 'calm' : TONE[needs];
  return [
    badge(tone, chief),
    ...words.filter((word) => word !== chief).map((word) => html`<span class="aside">${word}</span>`),
  ];
}

/** The head of a section: what it shows, what that rests on, and what it cannot say. */
export interface SectionHead {
  readonly id: string;
  readonly title: string;
  readonly shows: Piece;
  readonly restsOn: Piece;
  readonly unknown: Piece;
}

/** A section of the page, linked by its id. */
export const section = ({ id, title, shows, restsOn, unknown }: SectionHead, body: Markup) => html`
<section id="${id}" aria-labelledby="${id}-title">
<div class="head">
<h2 id="${id}-title">${title}</h2>
<p class="lead">${shows}</p>
<dl class="reading">
<div><dt>Rests on</dt><dd>${restsOn}</dd></div>
<div><dt>Not known</dt><dd>${unknown}</dd></div>
</dl>
</div>
${body}
</section>`;

type Parts = Pick<AuditReport, 'parts'>;

/** The places of a page about several that could not be read. */
const unreadParts = ({ parts = [] }: Parts) => parts.flatMap((part) => ('unread' in part ? [part] : []));

/** What is missing on a page about several places: every section says it, since whatever it shows may be untrue there. */
export function missingParts({ parts = [] }: Parts): string {
  const missing = unreadParts({ parts });
  if (missing.length === 0) return '';
  return `Anything about ${missing.map((part) => placeInWords(part)).join('; ')}: ${missing.length} of ${count(parts.length, 'place')} could not be read for this page. `;
}

/** Where an environment is, on a page about several places. */
export const placesOf = ({ parts = [] }: Parts): ((environment: string) => Piece) => {
  const places = new Map(parts.flatMap((part) => part.environments.map((name) => [name, part] as const)));
  return (environment) => {
    const part = places.get(environment);
    return part && html`<span class="aside">${accountOf(part)}</span>`;
  };
};

/** Account and region of a part. */
export const accountOf = ({ account = 'account not known', region }: AuditPart) =>
  [account, region].filter(Boolean).join(', ');
