import type { Actor } from '../console/activity';
import { type AttributedChange, isAnthropics, type WhoSwitched } from '../console/who';
import { utcDay } from '../time';
import { absolute, isMailAddress, token } from './text';

/** The source, as people are told of it. */
export const FEED = "Anthropic's Activity Feed";

/** Who acted, as far as the feed names them; what has not the shape of an address or an id is not printed. */
export function actorInWords(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.email !== undefined && isMailAddress(actor.email)
        ? actor.email
        : named('the user', actor.id, 'a user whom the feed does not name');
    case 'service-account':
      return named('the service account', actor.id, 'a service account');
    case 'admin-key':
      return named('the Admin API key', actor.id, 'an Admin API key');
    case 'api-key':
      return named('the API key', actor.id, 'an API key');
    case 'anthropic':
      return 'Anthropic itself';
    case 'other':
      return named('an actor of the type', actor.type, 'an actor of an unknown type');
  }
}

const named = (what: string, id: string | undefined, otherwise: string) =>
  token(id) ? `${what} ${id}` : otherwise;

/** From where somebody acted; undefined where the feed does not say. */
export function addressOf(actor: Actor): string | undefined {
  const ip = 'ip' in actor ? actor.ip : undefined;
  return ip !== undefined && /^[0-9A-Fa-f.:]{2,45}$/.test(ip) ? ip : undefined;
}

/** `It was disabled at Anthropic by kim@example.com on 2026-11-20 14:03 UTC, from 192.0.2.34 (Anthropic's Activity Feed).` */
function changeInWords(change: AttributedChange): string {
  const from = addressOf(change.actor);
  return `It was ${change.change} at Anthropic by ${actorInWords(change.actor)} on ${absolute(change.at)}${from ? `, from ${from}` : ''} (${FEED}).`;
}

/** What is known of who switched a key off or on, with its source, or why nothing is. Empty where nobody was asked. */
export function whoInWords(who: WhoSwitched | undefined): string {
  switch (who?.kind) {
    case undefined:
      return '';
    case 'known':
      if (isAnthropics(who)) return leakInWords(who);
      return `${changeInWords(who)}${who.change === 'enabled' ? ' Such a change takes some minutes to take effect everywhere.' : ''}`;
    case 'expired':
      return `It expired${who.at ? ` on ${absolute(who.at)}` : ''}, as its record at Anthropic says.`;
    case 'not-recorded':
      return `Who did it is not known: ${FEED} has no entry about it since ${utcDay(who.since)}.`;
    case 'unread':
      return `Who did it is not known: ${WHY_UNREAD[who.why]}.`;
  }
}

const leakInWords = ({ change, at }: AttributedChange) =>
  `Anthropic itself ${change} it on ${absolute(at)} (${FEED}), as it does with keys found in public, such as on GitHub. Treat it as leaked: whoever has seen it has its value.`;

/** Why the feed was not read; completes a sentence. */
export const WHY_UNREAD = {
  'not-offered': `${FEED} is not offered to this organization`,
  'not-permitted': `the credential of the Admin access may not read ${FEED}`,
  unavailable: `${FEED} gave no readable answer`,
} as const;
