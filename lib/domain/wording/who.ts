import type { Actor } from '../console/activity';
import { isMailAddress, token } from './text';

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
