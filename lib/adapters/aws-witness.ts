/** Facts read from the last AWS response: endpoint and clock skew. */
export interface Witness {
  /** Host and port that it came from. */
  readonly endpoint?: string;
  /** Milliseconds by which this machine is ahead of the answer's Date header. */
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
 * Watches a client's answers. The endpoint is the one that a request really went to, whatever option, profile or variable chose it: a person
 * sees it before a key is asked for.
 */
export function watchAnswers(client: Watchable, now: () => Date): () => Witness {
  let witness: Witness = {};
  client.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args as Http;
      const result = await next(args);
      const date = Date.parse((result as Http).response?.headers?.date ?? '');
      const secure = request?.protocol === 'https:';
      witness = {
        endpoint: `${secure ? '' : `${request?.protocol}//`}${request?.hostname}${request?.port ? `:${request.port}` : ''}`,
        clockAhead: Number.isNaN(date) ? undefined : now().getTime() - date,
      };
      return result;
    },
    { step: 'deserialize', name: 'witness', priority: 'low' },
  );
  return () => witness;
}
