/** Endpoint and clock skew of the last AWS answer. */
export interface LastAnswer {
  /** Host and port. */
  readonly endpoint?: string;
  /** Milliseconds by which this machine's clock is ahead of the answer's Date header. */
  readonly clockAhead?: number;
}

interface Http {
  readonly request?: { readonly protocol?: string; readonly hostname?: string; readonly port?: number };
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** The part of a client that takes middleware. */
interface Watchable {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: { step: 'deserialize'; name: string; priority: 'low' },
    ): void;
  };
}

/**
 * Watches a client's answers. The endpoint is the one really used, whatever option, profile or variable chose it. People see it before they
 * are asked for a key.
 */
export function watchAnswers(client: Watchable, now: () => Date): () => LastAnswer {
  let last: LastAnswer = {};
  client.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args as Http;
      const result = await next(args);
      const date = Date.parse((result as Http).response?.headers?.date ?? '');
      const scheme = request?.protocol === 'https:' ? '' : `${request?.protocol}//`;
      const port = request?.port ? `:${request.port}` : '';
      last = {
        endpoint: `${scheme}${request?.hostname}${port}`,
        clockAhead: Number.isNaN(date) ? undefined : now().getTime() - date,
      };
      return result;
    },
    { step: 'deserialize', name: 'lastAnswer', priority: 'low' },
  );
  return () => last;
}
