/**
 * Whether a consumer of a key, such as an ECS service, runs only what was started after the last change of the key. `tasks` counts those that were
 * started before it, and `oldest` is when the first of them was created. `why` is for people: AWS's words, or ours.
 */
export type Freshness =
  | { readonly state: 'fresh' }
  | { readonly state: 'stale'; readonly tasks: number; readonly oldest: Date }
  | { readonly state: 'unknown'; readonly why: string };

/** A consumer that a `RestartOnRotation` registered, and whether it still may hold an old key. */
export type ConsumerLook = { readonly name: string } & Freshness;

/** A consumer that holds an old key, or of which nobody knows. */
export type StaleConsumer = Exclude<ConsumerLook, { readonly state: 'fresh' }>;

/** Those that stand against switching an old key off. */
export const notFresh = (looks: readonly ConsumerLook[] = []): readonly StaleConsumer[] =>
  looks.flatMap((look) => (look.state === 'fresh' ? [] : look));
