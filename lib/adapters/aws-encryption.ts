import { isSafeUrl } from '../contract/env';
import { UNENCRYPTED } from '../workflows/operator-ports';

interface Request {
  readonly request?: { readonly protocol?: string; readonly hostname?: string };
}

/** The part of a client that takes middleware. */
interface Guardable {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: { step: 'build'; name: string },
    ): void;
  };
}

/**
 * A client that refuses every call over the network in the clear, whatever option, profile or variable chose the endpoint. Nothing is sent: no key,
 * and no session token.
 */
export function encrypted<Client extends Guardable>(client: Client): Client {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { protocol, hostname } = (args as Request).request ?? {};
      const origin = `${protocol}//${hostname}`;
      if (!isSafeUrl(origin))
        throw new Error(`This ${UNENCRYPTED} to ${origin}, the endpoint given for AWS.`);
      return next(args);
    },
    { step: 'build', name: 'encrypted' },
  );
  return client;
}
